import { crc32 } from "node:zlib";
import { ServiceError } from "../service-error.ts";
import { encodeJson } from "./json-codec.ts";
import { scalarToText } from "./scalar-text.ts";
import type { Member, Shape, Structure } from "./shape.ts";

export const eventStreamType = "application/vnd.amazon.eventstream";

/** One message: total length, header length, their checksum, headers, payload, checksum of all of it. */
function encodeMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => encodeHeader(name, value)),
  );
  const message = Buffer.alloc(16 + head.length + payload.length);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, 12);
  message.set(payload, 12 + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, message.length - 4)), message.length - 4);
  return message;
}

function encodeHeader(name: string, value: string): Buffer {
  const text = Buffer.from(value);
  const prefix = Buffer.alloc(1 + Buffer.byteLength(name) + 3);
  prefix.writeUInt8(Buffer.byteLength(name), 0);
  prefix.write(name, 1);
  prefix.writeUInt8(7, prefix.length - 3); // 7: the header's type is a string
  prefix.writeUInt16BE(text.length, prefix.length - 2);
  return Buffer.concat([prefix, text]);
}

/**
 * Events of a union, each `{ MemberName: value }`, as messages of AWS's event stream.
 * `initial` is the rest of the output, which RPC protocols send as a first event.
 */
export async function* encodeEvents(
  union: Structure,
  events: AsyncIterable<Record<string, unknown>>,
  initial?: string,
): AsyncGenerator<Uint8Array> {
  if (initial !== undefined)
    yield encodeMessage(eventHeaders("initial-response", "application/json"), Buffer.from(initial));
  try {
    for await (const event of events) {
      const member = union.members.find(({ name }) => event[name] !== undefined);
      if (member !== undefined)
        yield encodeEvent(member, event[member.name] as Record<string, unknown>);
    }
  } catch (error) {
    // The status line is long gone: an error in the middle is one more message.
    if (!(error instanceof ServiceError)) throw error;
    yield encodeException(error);
  }
}

function encodeException({ code, message }: ServiceError): Uint8Array {
  const headers = {
    ":message-type": "exception",
    ":exception-type": code,
    ":content-type": "application/json",
  };
  return encodeMessage(headers, Buffer.from(JSON.stringify({ message })));
}

function encodeEvent(member: Member, value: Record<string, unknown>): Buffer {
  const shape = member.shape as Structure;
  const extra: Record<string, string> = {};
  for (const { name, traits, shape: header } of shape.members) {
    if (traits.eventHeader && value[name] !== undefined)
      extra[name] = scalarToText(header, value[name], "date-time");
  }
  const payload = shape.members.find(({ traits }) => traits.eventPayload);
  if (payload === undefined) {
    const headers = { ...eventHeaders(member.name, "application/json"), ...extra };
    return encodeMessage(headers, Buffer.from(encodeJson(shape, value)));
  }
  const headers = { ...eventHeaders(member.name, contentTypeOf(payload.shape)), ...extra };
  return encodeMessage(headers, Buffer.from((value[payload.name] ?? "") as Uint8Array));
}

function contentTypeOf(shape: Shape): string {
  return shape.kind === "string" ? "text/plain" : "application/octet-stream";
}

function eventHeaders(type: string, contentType: string): Record<string, string> {
  return { ":event-type": type, ":content-type": contentType, ":message-type": "event" };
}
