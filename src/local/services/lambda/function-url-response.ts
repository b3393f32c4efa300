import { isRecord } from "../../../is-record.ts";
import { validateHeaderName, validateHeaderValue } from "node:http";
import type { WireResponse } from "../../wire/message.ts";

export const httpIntegration = "application/vnd.awslambda.http-integration-response";
/** The metadata of a streamed response ends with eight NUL bytes (aws-lambda-ric, http-response-stream). */
export const preludeEnd = Buffer.alloc(8);

/** Bodies as AWS's function URLs answer them: errors of functions are a 502 that says nothing. */
export const functionFailed = (): WireResponse => ({
  status: 502,
  headers: { "content-type": "application/json" },
  body: "Internal Server Error",
});

export const refusal = (status: number, Message: string): WireResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ Message }),
});

/** What heads the answer: the part of a response that is known before its body. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly cookies?: readonly string[];
}

/**
 * What a buffered function returned, as an HTTP answer (Lambda developer guide, urls-invocation, response payload), or
 * `failed` where none can be made of it.
 */
export function urlResponse(
  payload: Uint8Array,
  failed: WireResponse = functionFailed(),
): WireResponse {
  const value = parsed(payload);
  if (value === undefined) return failed;
  const format = formatOf(value);
  if (!format) {
    return { status: 200, headers: { "content-type": "application/json" }, body: payload };
  }
  const head = responseHead(format);
  const { body = "", isBase64Encoded } = format;
  if (!head || typeof body !== "string") return failed;
  return { ...head, body: isBase64Encoded === true ? Buffer.from(body, "base64") : body };
}

/** Status, headers and cookies of a response; nothing when they are none. */
export function responseHead(format: Readonly<Record<string, unknown>>): ResponseHead | undefined {
  const { statusCode = 200, headers = {}, cookies = [] } = format;
  const status = Number(statusCode);
  const kept = headersOf(headers);
  if (!Number.isInteger(status) || status < 200 || status > 599 || !kept) return undefined;
  if (!isStrings(cookies) || !cookies.every((cookie) => isHeader("set-cookie", cookie)))
    return undefined;
  return { status, headers: kept, ...(cookies.length > 0 ? { cookies } : {}) };
}

function headersOf(headers: unknown): Record<string, string> | undefined {
  if (!isRecord(headers)) return undefined;
  const kept: Record<string, string> = { "content-type": "application/json" };
  for (const [name, value] of Object.entries(headers)) {
    const text = headerText(value);
    if (text === undefined || !isHeader(name, text)) return undefined;
    if (!ownHeaders.has(name.toLowerCase())) kept[name.toLowerCase()] = text;
  }
  return kept;
}

function headerText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** An object with `statusCode` is a response; everything else is a body. */
function formatOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isRecord(value) && value["statusCode"] !== undefined ? value : undefined;
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Those of the connection are the server's. */
const ownHeaders = new Set([
  "connection",
  "content-length",
  "date",
  "keep-alive",
  "proxy-authenticate",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Whether it can be sent at all: a line break in it would let a function write headers that it does not name. */
function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === "string");
