import { ServiceError } from "../service-error.ts";

const incomplete = () =>
  new ServiceError(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
    {
      status: 400,
    },
  );

export interface ChunkedBody {
  readonly body: Buffer;
  /** Headers that follow the last chunk, e.g. `x-amz-checksum-crc32`; names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

/**
 * Takes apart a body in `aws-chunked` content encoding: `size[;chunk-signature=…]`, data, …, a chunk of size 0,
 * trailers. Chunk signatures are not checked: the local target knows no secrets.
 * Source: Amazon S3 API reference, "Signature calculations for the Authorization header: transferring payload in chunks".
 */
export function decodeAwsChunked(raw: Buffer): ChunkedBody {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const end = raw.indexOf("\r\n", position);
    if (end === -1) throw incomplete();
    const size = Number.parseInt(raw.toString("latin1", position, end).split(";", 1)[0] ?? "", 16);
    if (!Number.isInteger(size) || size < 0) throw incomplete();
    position = end + 2;
    if (size === 0) break;
    if (position + size + 2 > raw.length) throw incomplete();
    parts.push(raw.subarray(position, position + size));
    position += size + 2;
  }
  return { body: Buffer.concat(parts), trailers: readTrailers(raw.toString("latin1", position)) };
}

function readTrailers(text: string): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0)
      trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return trailers;
}
