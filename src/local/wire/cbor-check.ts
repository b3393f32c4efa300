import { serializationError } from "./wire-error.ts";

/** Deeper than any input of an AWS service. */
const maxDepth = 64;
const indefinite = Number.POSITIVE_INFINITY;

interface Head {
  /** 0 to 7 (RFC 8949, 3.1). */
  readonly major: number;
  /** A number, a length, or `indefinite`. */
  readonly value: number;
  readonly end: number;
}

/**
 * Refuses CBOR that is not one well-formed item (RFC 8949, appendix C) before it is decoded: the decoder makes room
 * for as many elements as an array claims to have, and a few bytes may claim gigabytes.
 */
export function checkCbor(bytes: Uint8Array): void {
  if (itemEnd(bytes, 0, 0) !== bytes.length) throw malformed();
}

/** Where the item that begins at `at` ends. */
function itemEnd(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > maxDepth) throw malformed();
  const { major, value, end } = readHead(bytes, at);
  switch (major) {
    case 2:
    case 3:
      return value === indefinite ? listEnd(bytes, end, value, depth) : within(bytes, end + value);
    case 4:
      return listEnd(bytes, end, value, depth);
    case 5:
      return listEnd(bytes, end, 2 * value, depth);
    case 6:
      return itemEnd(bytes, end, depth + 1);
    default:
      return end;
  }
}

function listEnd(bytes: Uint8Array, start: number, count: number, depth: number): number {
  // Each item takes a byte at least.
  if (count !== indefinite) within(bytes, start + count);
  let at = start;
  for (let left = count; left > 0; left -= 1) {
    if (count === indefinite && bytes[at] === breakCode) return at + 1;
    at = itemEnd(bytes, at, depth + 1);
  }
  return at;
}

const breakCode = 0xff;

function readHead(bytes: Uint8Array, at: number): Head {
  const first = bytes[at];
  if (first === undefined || first === breakCode) throw malformed();
  const major = first >> 5;
  const info = first & 31;
  if (info < 24) return { major, value: info, end: at + 1 };
  if (info === 31 && major >= 2 && major <= 5) return { major, value: indefinite, end: at + 1 };
  if (info > 27) throw malformed();
  const size = 2 ** (info - 24);
  const end = within(bytes, at + 1 + size);
  let value = 0;
  for (const byte of bytes.subarray(at + 1, end)) value = value * 256 + byte;
  return { major, value, end };
}

function within(bytes: Uint8Array, end: number): number {
  if (end > bytes.length) throw malformed();
  return end;
}

const malformed = () =>
  serializationError("Could not parse request body into cbor: it is not one well-formed item");
