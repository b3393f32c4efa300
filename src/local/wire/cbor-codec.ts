import { cbor, tag } from "@smithy/core/cbor";
import { checkCbor } from "./cbor-check.ts";
import { fromJson } from "./json-codec.ts";
import { asDate } from "./scalar-text.ts";
import { isStructure, type Shape, type Structure } from "./shape.ts";
import { serializationError } from "./wire-error.ts";

/** CBOR's tag for seconds since the epoch (RFC 8949, 3.4.2). */
const epochTag = 1;

/** Reads CBOR into the SDK's form of a shape: dates as Date, blobs as Buffer; unknown members are dropped. */
export function decodeCbor(shape: Shape, bytes: Uint8Array): unknown {
  checkCbor(bytes);
  let parsed: unknown;
  try {
    parsed = cbor.deserialize(bytes);
  } catch (error) {
    throw serializationError(`Could not parse request body into cbor: ${(error as Error).message}`);
  }
  return fromJson(shape, plain(parsed));
}

/** Tagged times become dates and integers of 64 bits numbers; all else has the form that JSON has, too. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isTagged(value)) {
    if (value.tag !== epochTag) throw serializationError(`Unexpected CBOR tag ${value.tag}`);
    return new Date(Number(value.value) * 1000);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

/** The decoder marks what it made from a tag with a symbol; names of members are texts. */
function isTagged(value: object): value is { readonly tag: number; readonly value: unknown } {
  return Object.getOwnPropertySymbols(value).length > 0;
}

export function encodeCbor(shape: Shape, value: unknown): Uint8Array {
  // The encoder reuses its buffer.
  return Buffer.from(cbor.serialize(toCbor(shape, value)));
}

export function encodePlainCbor(value: Record<string, unknown>): Uint8Array {
  return Buffer.from(cbor.serialize(value));
}

function toCbor(shape: Shape, value: unknown): unknown {
  if (isStructure(shape)) return structureToCbor(shape, value as Record<string, unknown>);
  if (shape.kind === "list")
    return (value as unknown[]).map((item) =>
      item == null ? null : toCbor(shape.element.shape, item),
    );
  if (shape.kind === "map")
    return Object.fromEntries(
      Object.entries(value as Record<string, unknown>).map(([key, item]) => [
        key,
        item == null ? null : toCbor(shape.value.shape, item),
      ]),
    );
  if (shape.kind === "timestamp")
    return tag({ tag: epochTag, value: asDate(value).getTime() / 1000 });
  return value;
}

function structureToCbor(
  shape: Structure,
  value: Record<string, unknown>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { name, shape: member } of shape.members) {
    const item = value[name];
    if (item !== undefined && item !== null) result[name] = toCbor(member, item);
  }
  return result;
}
