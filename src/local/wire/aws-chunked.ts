import { ServiceError } from "../service-error.ts";

/** Smallest chunk but the last (Amazon S3 API reference, "Signature calculations … in multiple chunks": 8 KB). */
const minChunkBytes = 8192;

const tooSmall = () =>
  new ServiceError(
    "InvalidChunkSizeError",
    "Only the last chunk is allowed to have a size less than 8192 bytes",
    { status: 403 },
  );

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
  let last = minChunkBytes;
  for (;;) {
    const { size, start } = readChunkHead(raw, position);
    position = start;
    if (size === 0) break;
    if (last < minChunkBytes) throw tooSmall();
    last = size;
    const end = position + size;
    if (raw[end] !== 0x0d || raw[end + 1] !== 0x0a) throw incomplete();
    parts.push(raw.subarray(position, end));
    position = end + 2;
  }
  if (raw.length - position > maxTrailerBytes) throw incomplete();
  return { body: Buffer.concat(parts), trailers: readTrailers(raw.toString("latin1", position)) };
}

/** A signature of 64 digits with its name, and a size: far more than that is no head of a chunk. */
const maxHeadBytes = 256;
const maxTrailerBytes = 16 * 1024;

function readChunkHead(
  raw: Buffer,
  position: number,
): { readonly size: number; readonly start: number } {
  const head = raw.toString("latin1", position, position + maxHeadBytes);
  const match = /^(?<size>[0-9a-fA-F]{1,8})(?:;[^\r\n]*)?\r\n/.exec(head);
  if (match === null) throw incomplete();
  return {
    size: Number.parseInt(match.groups?.["size"] ?? "", 16),
    start: position + match[0].length,
  };
}

/** Checksums only: what follows the body must not stand in for what came before it. */
function readTrailers(text: string): Record<string, string> {
  const lines = text.split("\r\n").map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  return Object.fromEntries(
    lines.filter(([name = ""]) => name.startsWith("x-amz-checksum-")) as [string, string][],
  );
}
