// The short way between the Runtime API and the stand-in for the runtime client's native part: an upgraded connection
// with frames instead of two HTTP exchanges for every request. It roughly doubles the requests a second.
import type { Duplex } from "node:stream";

/** Value of the Upgrade header that asks for frames. */
export const framesProtocol = "lmi-runtime-frames";

/** Header by which a worker says which thread it is. */
export const workerHeader = "lmi-worker";

export const FrameKind = { next: 1, response: 2, error: 3, invocation: 4 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export interface Frame {
  readonly kind: number;
  /** Request id, or nothing. */
  readonly id: string;
  /** The invocation's headers as JSON, or nothing. */
  readonly head: string;
  readonly body: Buffer;
}

// length of all that follows (4 bytes), kind (1), length of id (1), length of head (4)
const prefixLength = 10;

/** Writes frames; those of one turn of the event loop go out together. */
export class FrameWriter {
  readonly #stream: Duplex;
  #corked = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  write(kind: FrameKind, id = "", head = "", body: Uint8Array | string = ""): void {
    const bodyLength = typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    const idLength = Buffer.byteLength(id);
    const headLength = Buffer.byteLength(head);
    const frame = Buffer.allocUnsafe(prefixLength + idLength + headLength + bodyLength);
    frame.writeUInt32BE(frame.length - 4, 0);
    frame[4] = kind;
    frame[5] = idLength;
    frame.writeUInt32BE(headLength, 6);
    frame.write(id, prefixLength);
    frame.write(head, prefixLength + idLength);
    const bodyStart = prefixLength + idLength + headLength;
    if (typeof body === "string") frame.write(body, bodyStart);
    else frame.set(body, bodyStart);
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    this.#stream.write(frame);
  }
}

/** Far beyond what a function may answer; a runtime client that sends more is none. */
const maxFrameBytes = 256 * 1024 * 1024;

/** Calls back for every frame of a stream; one that is none ends the connection. `head` are bytes that were read already. */
export function readFrames(stream: Duplex, head: Buffer, onFrame: (frame: Frame) => void): void {
  let pending: Buffer[] = head.length > 0 ? [head] : [];
  let size = head.length;
  let wanted = 4;
  const take = () => {
    if (size < wanted) return;
    let bytes = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending);
    while (bytes.length >= 4) {
      const end = 4 + bytes.readUInt32BE(0);
      if (end < prefixLength || end > maxFrameBytes) {
        stream.destroy();
        return;
      }
      wanted = end;
      if (bytes.length < end) break;
      onFrame(frameOf(bytes.subarray(0, end)));
      bytes = bytes.subarray(end);
      wanted = 4;
    }
    pending = bytes.length > 0 ? [bytes] : [];
    size = bytes.length;
  };
  stream.on("data", (chunk: Buffer) => {
    pending.push(chunk);
    size += chunk.length;
    take();
  });
  take();
}

function frameOf(bytes: Buffer): Frame {
  const idEnd = prefixLength + (bytes[5] ?? 0);
  // Lengths inside a frame that go beyond it take what there is.
  const headEnd = idEnd + bytes.readUInt32BE(6);
  return {
    kind: bytes[4] ?? 0,
    id: bytes.toString("latin1", prefixLength, idEnd),
    head: bytes.toString("utf8", idEnd, headEnd),
    body: bytes.subarray(headEnd),
  };
}
