import type { Shape, TimestampFormat } from "./shape.ts";
import { serializationError } from "./wire-error.ts";

/** Reads a scalar from text, as it stands in headers, query strings, XML and form fields. */
export function scalarFromText({ kind }: Shape, text: string): unknown {
  if (kind === "boolean") return booleanFromText(text);
  if (kind === "number" || kind === "bigdecimal") return numberFromText(text);
  if (kind === "bigint") return bigintFromText(text);
  if (kind === "timestamp") return dateFromText(text);
  return kind === "blob" ? Buffer.from(text, "base64") : text;
}

export function scalarToText(shape: Shape, value: unknown, defaultFormat: TimestampFormat): string {
  if (shape.kind === "timestamp")
    return String(formatDate(asDate(value), shape.format ?? defaultFormat));
  if (shape.kind === "blob") return Buffer.from(value as Uint8Array).toString("base64");
  return String(value);
}

/** Handlers return Date objects; ISO strings from stored documents are taken as well. */
export function asDate(value: unknown): Date {
  const date = value instanceof Date ? value : new Date(value as string | number);
  if (Number.isNaN(date.getTime())) throw new Error(`Not a date: ${String(value)}`);
  return date;
}

export function formatDate(date: Date, format: TimestampFormat): string | number {
  if (format === "date-time") return date.toISOString().replace(".000Z", "Z");
  return format === "http-date" ? date.toUTCString() : date.getTime() / 1000;
}

/** All three formats are told apart by their look, so that no client's choice is refused. */
export function dateFromText(text: string): Date {
  const seconds = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text) ? Number(text) : undefined;
  const date = new Date(seconds === undefined ? text : seconds * 1000);
  if (Number.isNaN(date.getTime())) throw serializationError(`Invalid timestamp: ${text}`);
  return date;
}

export function bigintFromText(text: string): bigint {
  if (!/^-?\d{1,40}$/.test(text)) throw serializationError(`Invalid number: ${text.slice(0, 80)}`);
  return BigInt(text);
}

function booleanFromText(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower !== "true" && lower !== "false") throw serializationError(`Invalid boolean: ${text}`);
  return lower === "true";
}

function numberFromText(text: string): number {
  const number = Number(text);
  const special = text === "NaN" || text === "Infinity" || text === "-Infinity";
  if (text.trim() === "" || (Number.isNaN(number) && !special))
    throw serializationError(`Invalid number: ${text}`);
  return number;
}
