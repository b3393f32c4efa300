import { asDate, bigintFromText, dateFromText, formatDate } from "./scalar-text.ts";
import { isStructure, type Member, type ScalarKind, type Shape, type Structure } from "./shape.ts";
import { serializationError } from "./wire-error.ts";

/** Reads JSON text into the SDK's form of a shape: dates as Date, blobs as Buffer; unknown members are dropped. */
export function decodeJson(shape: Shape, text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw serializationError(`Could not parse request body into json: ${(error as Error).message}`);
  }
  return fromJson(shape, parsed);
}

export function encodeJson(shape: Shape, value: unknown): string {
  return JSON.stringify(toJson(shape, value));
}

/** From what JSON, or CBOR, was parsed into. */
export function fromJson(shape: Shape, value: unknown): unknown {
  if (isStructure(shape)) return structureFromJson(shape, value);
  if (shape.kind === "list") {
    return expectArray(value).map((item) => fromJson(shape.element.shape, item));
  }
  if (shape.kind === "map") return mapFromJson(shape.value.shape, value);
  return scalarReaders[shape.kind](value);
}

const asIs = (value: unknown) => value;

const scalarReaders: Readonly<
  Record<ScalarKind | "blob" | "timestamp", (value: unknown) => unknown>
> = {
  blob: blobFromJson,
  timestamp: timestampFromJson,
  bigint: (value) => bigintFromText(String(value)),
  string: (value) => expectScalar(value, "string"),
  boolean: (value) => expectScalar(value, "boolean"),
  number: expectNumber,
  document: asIs,
  bigdecimal: asIs,
  unit: asIs,
};

function structureFromJson(shape: Structure, value: unknown): Record<string, unknown> {
  const source = expectObject(value);
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const item = source[jsonNameOf(member)];
    if (item !== undefined && item !== null) result[member.name] = fromJson(member.shape, item);
  }
  return result;
}

function mapFromJson(shape: Shape, value: unknown): Record<string, unknown> {
  const entries = Object.entries(expectObject(value));
  return Object.fromEntries(entries.map(([key, item]) => [key, fromJson(shape, item)]));
}

function blobFromJson(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return Buffer.from(expectScalar(value, "string") as string, "base64");
}

function timestampFromJson(value: unknown): Date {
  return value instanceof Date ? value : dateFromText(String(value));
}

/** Writes the SDK's form of a value as plain JSON; what the shape does not name is left out. */
export function toJson(shape: Shape, value: unknown): unknown {
  // Most of what there is, and first because there may be thousands in an answer.
  if (shape.kind === "string" || shape.kind === "number") return value;
  if (isStructure(shape)) return structureToJson(shape, value as Record<string, unknown>);
  if (shape.kind === "list") {
    return (value as unknown[]).map((item) =>
      item == null ? null : toJson(shape.element.shape, item),
    );
  }
  if (shape.kind === "map") return mapToJson(shape.value.shape, value as Record<string, unknown>);
  if (shape.kind === "timestamp") return formatDate(asDate(value), shape.format ?? "epoch-seconds");
  if (shape.kind === "bigint") return Number(value);
  if (shape.kind !== "blob" || typeof value === "string") return value;
  return Buffer.from(value as Uint8Array).toString("base64");
}

function structureToJson(
  shape: Structure,
  value: Record<string, unknown>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of shape.members) {
    const item = value[member.name];
    if (item !== undefined && item !== null)
      result[jsonNameOf(member)] = toJson(member.shape, item);
  }
  return result;
}

function mapToJson(shape: Shape, value: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, item === null ? null : toJson(shape, item)]),
  );
}

function jsonNameOf(member: Member): string {
  return member.traits.jsonName ?? member.name;
}

function expectObject(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw serializationError(`Expected an object, got ${describe(value)}`);
}

function expectArray(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw serializationError(`Expected a list, got ${describe(value)}`);
}

function expectScalar(value: unknown, type: "string" | "boolean"): unknown {
  if (typeof value === type) return value;
  // AWS's JSON services take numbers and booleans where a string is due.
  if (type === "string" && (typeof value === "number" || typeof value === "boolean"))
    return String(value);
  throw serializationError(`Expected a ${type}, got ${describe(value)}`);
}

function expectNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  throw serializationError(`Expected a number, got ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}
