import { ServiceError } from "../service-error.ts";
import { header, type WireRequest } from "./message.ts";
import { scalarFromText, scalarToText } from "./scalar-text.ts";
import type { Member, Shape, Structure } from "./shape.ts";
import { serializationError } from "./wire-error.ts";

/** The members of a structure by the part of the HTTP message that carries them. */
export interface Bindings {
  readonly labels: readonly Member[];
  readonly queries: readonly (readonly [name: string, member: Member])[];
  readonly queryMap: Member | undefined;
  readonly headers: readonly (readonly [name: string, member: Member])[];
  readonly prefixHeaders: readonly (readonly [prefix: string, member: Member])[];
  readonly statusCode: Member | undefined;
  readonly payload: Member | undefined;
  /** What no binding claims, as one document in the body. */
  readonly body: Structure | undefined;
}

const known = new WeakMap<Structure, Bindings>();

export function bindingsOf(shape: Structure): Bindings {
  let bindings = known.get(shape);
  if (bindings === undefined) known.set(shape, (bindings = compileBindings(shape)));
  return bindings;
}

function compileBindings(shape: Structure): Bindings {
  const { members } = shape;
  const body = members.filter(({ traits }) => !isBound(traits));
  return {
    labels: members.filter(({ traits }) => traits.httpLabel),
    queries: members.flatMap((member) =>
      member.traits.httpQuery ? [[member.traits.httpQuery, member] as const] : [],
    ),
    queryMap: members.find(({ traits }) => traits.httpQueryParams),
    headers: members.flatMap((member) =>
      member.traits.httpHeader ? [[member.traits.httpHeader.toLowerCase(), member] as const] : [],
    ),
    prefixHeaders: members.flatMap((member) =>
      member.traits.httpPrefixHeaders
        ? [[member.traits.httpPrefixHeaders.toLowerCase(), member] as const]
        : [],
    ),
    statusCode: members.find(({ traits }) => traits.httpResponseCode),
    payload: members.find(({ traits }) => traits.httpPayload),
    body: body.length > 0 ? { ...shape, members: body } : undefined,
  };
}

function isBound(traits: Member["traits"]): boolean {
  return Boolean(
    traits.httpLabel ||
    traits.httpQuery ||
    traits.httpQueryParams ||
    traits.httpHeader ||
    traits.httpPrefixHeaders ||
    traits.httpPayload ||
    traits.httpResponseCode,
  );
}

export type Decode = (shape: Shape, text: string) => unknown;

/** Gathers an operation's input from path labels, query, headers and body. */
export function decodeHttp(
  shape: Structure,
  request: WireRequest,
  labels: Readonly<Record<string, string>>,
  decode: Decode,
): Record<string, unknown> {
  const bindings = bindingsOf(shape);
  const input: Record<string, unknown> = {};
  for (const member of bindings.labels) {
    const text = labels[member.name];
    if (text !== undefined) input[member.name] = scalarFromText(member.shape, decodeLabel(text));
  }
  for (const [name, member] of bindings.queries) readQuery(request, name, member, input);
  for (const [name, member] of bindings.headers) {
    const text = header(request, name);
    if (text !== undefined) input[member.name] = readHeader(member, text);
  }
  for (const [prefix, member] of bindings.prefixHeaders)
    input[member.name] = readPrefixed(request, prefix);
  readBody(bindings, request, decode, input);
  return input;
}

/** A percent-encoded part of a path; what is not correctly encoded is the client's error. */
export function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw serializationError("The request path is not correctly encoded");
  }
}

function readQuery(
  request: WireRequest,
  name: string,
  member: Member,
  input: Record<string, unknown>,
): void {
  if (!request.query.has(name)) return;
  const { shape } = member;
  input[member.name] =
    shape.kind === "list"
      ? request.query.getAll(name).map((text) => scalarFromText(shape.element.shape, text))
      : scalarFromText(shape, request.query.get(name) ?? "");
}

function readHeader({ shape }: Member, text: string): unknown {
  if (shape.kind !== "list") return scalarFromText(shape, text);
  return text.split(",").map((part) => scalarFromText(shape.element.shape, part.trim()));
}

function readPrefixed(request: WireRequest, prefix: string): Record<string, string> {
  const names = Object.keys(request.headers).filter((name) => name.startsWith(prefix));
  return Object.fromEntries(
    names.map((name) => [name.slice(prefix.length), header(request, name) ?? ""]),
  );
}

function readBody(
  bindings: Bindings,
  request: WireRequest,
  decode: Decode,
  input: Record<string, unknown>,
): void {
  const { payload, body } = bindings;
  if (payload !== undefined) {
    if (payload.shape.kind === "blob") input[payload.name] = request.body;
    else if (payload.shape.kind === "string") input[payload.name] = request.body.toString("utf8");
    else if (request.body.length > 0)
      input[payload.name] = decode(payload.shape, request.body.toString("utf8"));
  } else if (body !== undefined && request.body.length > 0) {
    Object.assign(input, decode(body, request.body.toString("utf8")));
  }
}

/** The headers that an output's members make. */
export function encodeHeaders(
  shape: Structure,
  output: Record<string, unknown>,
): Record<string, string> {
  const bindings = bindingsOf(shape);
  const headers: Record<string, string> = {};
  for (const [name, member] of bindings.headers) {
    const value = output[member.name];
    if (value !== undefined && value !== null) headers[name] = headerText(member, value);
  }
  for (const [prefix, member] of bindings.prefixHeaders) {
    for (const [name, value] of Object.entries(
      (output[member.name] ?? {}) as Record<string, string>,
    )) {
      headers[asHeader(prefix + name)] = asHeader(value);
    }
  }
  return headers;
}

function headerText({ shape }: Member, value: unknown): string {
  if (shape.kind !== "list") return asHeader(scalarToText(shape, value, "http-date"));
  return (value as unknown[])
    .map((item) => asHeader(scalarToText(shape.element.shape, item, "http-date")))
    .join(", ");
}

/** What came in elsewhere (a query, a document) and goes out as a header must not end it and begin another. */
function asHeader(text: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(text)) return text;
  // S3's answer to a `response-content-disposition` that is no header (observed, aws/aws-sdk-js issues).
  throw new ServiceError(
    "InvalidArgument",
    "Header value cannot be represented using ISO-8859-1.",
    { status: 400 },
  );
}

export function statusOf(shape: Structure, output: Record<string, unknown>, usual: number): number {
  const { statusCode } = bindingsOf(shape);
  return (statusCode && (output[statusCode.name] as number | undefined)) ?? usual;
}
