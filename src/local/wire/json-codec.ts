import { asDate, dateFromText, formatDate } from "./scalar-text.ts";
import type { Member, Shape, Structure } from "./shape.ts";
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

export function fromJson(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case "structure":
    case "union":
      return structureFromJson(shape, value);
    case "list":
      return expectArray(value).map((item) =>
        item === null ? null : fromJson(shape.element.shape, item),
      );
    case "map":
      return mapFromJson(shape.value.shape, value);
    case "blob":
      return blobFromJson(value);
    case "timestamp":
      return timestampFromJson(value);
    case "bigint":
      return BigInt(value as string | number);
    case "string":
      return expectScalar(value, "string");
    case "boolean":
      return expectScalar(value, "boolean");
    case "number":
      return expectNumber(value);
    case "document":
    case "bigdecimal":
    case "unit":
      return value;
  }
}

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
  return Object.fromEntries(
    entries.map(([key, item]) => [key, item === null ? null : fromJson(shape, item)]),
  );
}

function blobFromJson(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return Buffer.from(expectScalar(value, "string") as string, "base64");
}

function timestampFromJson(value: unknown): Date {
  if (value instanceof Date) return value;
  if (typeof value === "number") return new Date(value * 1000);
  return dateFromText(String(value));
}

/** Writes the SDK's form of a value as plain JSON; what the shape does not name is left out. */
export function toJson(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case "structure":
    case "union":
      return structureToJson(shape, value as Record<string, unknown>);
    case "list":
      return (value as unknown[]).map((item) =>
        item == null ? null : toJson(shape.element.shape, item),
      );
    case "map":
      return mapToJson(shape.value.shape, value as Record<string, unknown>);
    case "timestamp":
      return formatDate(asDate(value), shape.format ?? "epoch-seconds");
    case "blob":
      return typeof value === "string"
        ? value
        : Buffer.from(value as Uint8Array).toString("base64");
    case "bigint":
      return Number(value);
    default:
      return value;
  }
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
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) result[key] = item === null ? null : toJson(shape, item);
  }
  return result;
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
