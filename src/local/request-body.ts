import type { IncomingMessage } from "node:http";
import { ServiceError } from "./service-error.ts";

const megabyte = 1024 * 1024;

/**
 * Largest body by what the request says that it is signed for. S3 objects travel whole (AWS takes 5 GB; see README);
 * Lambda's limit is what its service says (`Request must be smaller than 70167211 bytes`); of the others none takes
 * more than a megabyte or two, and without a signature nothing is served that has a body of size.
 */
const limits = {
  s3: 512 * megabyte,
  lambda: 70_167_211,
  other: 16 * megabyte,
  none: megabyte,
  /** Lambda developer guide, gettingstarted-limits: 6 MB, of which the event around the body takes a part. */
  functionUrl: 6 * megabyte,
};

/** All bodies together that may be held at once. */
const maxHeld = 1024 * megabyte;

export type BodyKind = keyof typeof limits;

/** What the request claims; nothing of it is checked yet, and nothing but the size of its body follows from it. */
export function signedFor({ headers, url = "" }: IncomingMessage): BodyKind {
  const { authorization = "" } = headers;
  const service = /\/([a-z0-9-]+)\/aws4_request/.exec(authorization)?.[1];
  if (service === "s3" || service === "lambda") return service;
  if (service !== undefined) return "other";
  const presigned = /[?&](?:X-Amz-Signature|AWSAccessKeyId)=/.test(url);
  return presigned ? "s3" : "none";
}

const tooLargeForOthers = () =>
  new ServiceError("RequestEntityTooLarge", "The request is too large", { status: 413 });

/** Source: Lambda API reference; Amazon S3 API reference, "Error responses". */
const tooLarge: Readonly<Record<BodyKind, () => ServiceError>> = {
  s3: () =>
    new ServiceError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      status: 400,
      members: { MaxSizeAllowed: limits.s3 },
    }),
  lambda: () =>
    new ServiceError(
      "RequestEntityTooLargeException",
      `Request must be smaller than ${limits.lambda} bytes`,
      { status: 413 },
    ),
  other: tooLargeForOthers,
  none: tooLargeForOthers,
  functionUrl: tooLargeForOthers,
};

const tooManyAtOnce = () =>
  new ServiceError("SlowDown", "Please reduce your request rate.", { status: 503 });

/** Reads bodies, each up to the limit of its service and all of them together up to a limit of this process. */
export class RequestBodies {
  #held = 0;

  /**
   * Hands a body to `work` and holds it until that has ended. Fails with ServiceError as soon as there is too much
   * of it; what else arrives is thrown away unread.
   */
  async with<T>(
    request: IncomingMessage,
    kind: BodyKind,
    work: (body: Buffer) => Promise<T>,
  ): Promise<T> {
    let own = 0;
    const hold = (bytes: number) => {
      own += bytes;
      this.#held += bytes;
      if (own > limits[kind]) throw tooLarge[kind]();
      if (this.#held > maxHeld) throw tooManyAtOnce();
    };
    try {
      return await work(await read(request, kind, hold));
    } finally {
      this.#held -= own;
    }
  }
}

async function read(
  request: IncomingMessage,
  kind: BodyKind,
  hold: (bytes: number) => void,
): Promise<Buffer> {
  try {
    if (Number(request.headers["content-length"] ?? 0) > limits[kind]) throw tooLarge[kind]();
    const chunks: Buffer[] = [];
    // Not destroyed when this stops early: the client is to get its answer on that connection.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      hold((chunk as Buffer).length);
      chunks.push(chunk as Buffer);
    }
    const [first] = chunks;
    return first && chunks.length === 1 ? first : Buffer.concat(chunks);
  } catch (error) {
    request.resume();
    throw error;
  }
}
