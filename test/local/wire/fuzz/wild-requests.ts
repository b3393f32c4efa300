import * as fc from "fast-check";
import type { WireRequest } from "../../../../src/local/wire/message.ts";
import { type Bindings, bindingsOf } from "../../../../src/local/wire/http-binding.ts";
import { awsQuery, ec2Query, type QueryDialect } from "../../../../src/local/wire/query-decoder.ts";
import {
  isStructure,
  type Member,
  type OperationModel,
  type ServiceModel,
  type Shape,
  type Structure,
} from "../../../../src/local/wire/shape.ts";
import { escapeXml } from "../../../../src/local/wire/xml-encoder.ts";
import type { Draw } from "./wild-values.ts";

/** A request signed, in form, for a service. */
export function signed(
  service: string,
  request: Partial<Omit<WireRequest, "body" | "query">> & {
    readonly body?: string | Uint8Array;
    readonly query?: string;
  },
): WireRequest {
  return {
    method: request.method ?? "POST",
    path: request.path ?? "/",
    query: new URLSearchParams(request.query ?? ""),
    headers: {
      host: "127.0.0.1:4566",
      authorization: `AWS4-HMAC-SHA256 Credential=lmi-local/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=${"a".repeat(64)}`,
      ...request.headers,
    },
    body: Buffer.from(request.body ?? ""),
  };
}

/** A request for an operation, with an input that need not fit its shape. */
export function requestFor(
  model: ServiceModel,
  operation: OperationModel,
  input: Record<string, unknown>,
): WireRequest {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the others are HTTP bindings
  switch (model.protocol) {
    case "json":
      return signed(model.name, {
        headers: { "x-amz-target": `X.${operation.name}` },
        body: jsonOf(input),
      });
    case "query":
    case "ec2":
      return signed(model.name, {
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: formOf(operation, input, model.protocol === "ec2" ? ec2Query : awsQuery),
      });
    default:
      return httpRequestFor(model, operation, input);
  }
}

/** Lone surrogates arrive as escapes only. */
const jsonOf = (value: unknown) => JSON.stringify(value) ?? "null";

function formOf(
  operation: OperationModel,
  input: Record<string, unknown>,
  dialect: QueryDialect,
): string {
  const form = new URLSearchParams({ Action: operation.name, Version: "2010-05-15" });
  for (const member of operation.input.members)
    addToForm(form, dialect.nameOf(member), member, input[member.name], dialect);
  return form.toString();
}

function addToForm(
  form: URLSearchParams,
  name: string,
  { shape, traits }: Member,
  value: unknown,
  dialect: QueryDialect,
): void {
  if (value === undefined) return;
  if (Array.isArray(value)) {
    const element = shape.kind === "list" ? shape.element : { ...unknownMember, shape };
    const flat = dialect.listsAreFlat || traits.xmlFlattened;
    const base = flat ? name : `${name}.${element.traits.xmlName ?? "member"}`;
    value.forEach((item: unknown, index) =>
      addToForm(form, `${base}.${index + 1}`, element, item, dialect),
    );
  } else if (isStructure(shape) && typeof value === "object" && value !== null) {
    for (const member of shape.members) {
      const item = (value as Record<string, unknown>)[member.name];
      addToForm(form, `${name}.${dialect.nameOf(member)}`, member, item, dialect);
    }
  } else form.append(name, plain(value));
}

const unknownMember: Member = {
  name: "member",
  required: false,
  traits: {},
  shape: { kind: "string" },
};

function plain(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
}

function httpRequestFor(
  model: ServiceModel,
  operation: OperationModel,
  input: Record<string, unknown>,
): WireRequest {
  const { method = "GET", uri = "/" } = operation.http ?? {};
  const [template = "/", fixed = ""] = uri.split("?", 2);
  const bindings = bindingsOf(operation.input);
  const path = template.replaceAll(/\{(\w+)\+?\}/g, (_match, name: string) =>
    labelOf(input[name] ?? "fixture"),
  );
  const isS3 = model.protocol === "rest-xml";
  const namesBucket = operation.input.members.some(({ name }) => name === "Bucket");
  const prefix =
    isS3 && namesBucket && !template.includes("{Bucket}")
      ? `/${labelOf(input["Bucket"] ?? "fixture-bucket")}`
      : "";
  return signed(model.name, {
    method,
    path: prefix + path,
    query: queryOf(fixed, bindings, input),
    headers: headersOf(bindings, input),
    body: bodyOf(bindings.payload, bindings.body, input, isS3 ? xmlOf : jsonBodyOf),
  });
}

const labelOf = (value: unknown) => encodeURIComponent(plain(value).toWellFormed());

function queryOf(fixed: string, { queries }: Bindings, input: Record<string, unknown>): string {
  const query = new URLSearchParams(fixed);
  for (const [name, member] of queries) {
    const value = input[member.name];
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) query.append(name, plain(item));
  }
  return query.toString();
}

function headersOf({ headers }: Bindings, input: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    headers.flatMap(([name, member]) =>
      input[member.name] === undefined ? [] : [[name, headerOf(plain(input[member.name]))]],
    ),
  );
}

/** What Node's parser lets through. */
const headerOf = (value: string) =>
  Buffer.from(value.replaceAll(/[\0\r\n]/g, " ").slice(0, 200))
    .toString("latin1")
    .trim();

const jsonBodyOf = (shape: Structure, value: Record<string, unknown>) =>
  jsonOf(Object.fromEntries(shape.members.map(({ name }) => [name, value[name]])));

function bodyOf(
  payload: Member | undefined,
  body: Structure | undefined,
  input: Record<string, unknown>,
  write: (shape: Structure, value: Record<string, unknown>) => string,
): string {
  if (payload === undefined) return body === undefined ? "" : write(body, input);
  const value = input[payload.name];
  if (value === undefined) return "";
  if (isStructure(payload.shape) && typeof value === "object" && value !== null)
    return write(payload.shape, value as Record<string, unknown>);
  return plain(value);
}

function xmlOf(shape: Structure, value: Record<string, unknown>): string {
  return `<${shape.name}>${xmlMembers(shape, value)}</${shape.name}>`;
}

function xmlMembers(shape: Structure, value: Record<string, unknown>): string {
  return shape.members.map((member) => xmlMember(member, value[member.name])).join("");
}

function xmlMember({ name, traits, shape }: Member, value: unknown): string {
  if (value === undefined) return "";
  const tag = traits.xmlName ?? name;
  if (shape.kind === "list" && Array.isArray(value)) {
    const { element } = shape;
    const itemTag = traits.xmlFlattened ? tag : (element.traits.xmlName ?? "member");
    const items = value
      .map((item: unknown) => xmlMember({ ...element, traits: { xmlName: itemTag } }, item))
      .join("");
    return traits.xmlFlattened ? items : `<${tag}>${items}</${tag}>`;
  }
  if (isStructure(shape) && typeof value === "object" && value !== null)
    return `<${tag}>${xmlMembers(shape, value as Record<string, unknown>)}</${tag}>`;
  return `<${tag}>${escapeXml(plain(value))}</${tag}>`;
}

/** The same request with some of its bytes lost, doubled, moved or exchanged. */
export function mutate(draw: Draw, request: WireRequest): WireRequest {
  let body: Buffer = Buffer.from(request.body);
  for (let left = draw(fc.integer, { min: 1, max: 4 }); left > 0; left -= 1) {
    const at = draw(fc.integer, { min: 0, max: body.length });
    const to = draw(fc.integer, { min: at, max: body.length });
    const piece = body.subarray(at, to);
    const kind = draw(fc.integer, { min: 0, max: 4 });
    const noise = Buffer.from(draw(fc.uint8Array, { maxLength: 8 }));
    const middle =
      kind === 0 ? [] : kind === 1 ? [piece, piece] : kind === 2 ? [noise] : [noise, piece];
    body = Buffer.concat([body.subarray(0, at), ...middle, body.subarray(kind === 4 ? at : to)]);
  }
  return { ...request, body };
}

export type { Shape };
