import type { Filter } from "@aws-sdk/client-ec2";

import { ServiceError } from "../../service-error.ts";
import type { TagDocument } from "./store.ts";
import { own } from "../../own.ts";

type FilterValue = string | number | boolean | undefined;

/** What a filter of a Describe operation looks at, by the filter's name; several values match when one does. */
export type FilterReaders<Document> = Readonly<
  Record<string, (document: Document) => FilterValue | readonly FilterValue[]>
>;

export interface DescribeRequest {
  readonly Filters?: readonly Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

export interface Describable<Document> {
  readonly idOf: (document: Document) => string;
  readonly tagsOf: (document: Document) => readonly TagDocument[] | undefined;
  readonly readers: FilterReaders<Document>;
}

interface Selection<Document> {
  readonly items: Document[];
  readonly NextToken?: string;
}

/** The documents that a Describe operation answers: filtered, in the order of their ids, one page of them. */
export function select<Document>(
  documents: readonly Document[],
  request: DescribeRequest,
  describable: Describable<Document>,
): Selection<Document> {
  const { idOf } = describable;
  const tests = (request.Filters ?? []).map((filter) => testOf(filter, describable));
  const after = request.NextToken === undefined ? undefined : readToken(request.NextToken);
  const rest = documents
    .filter((document) => tests.every((test) => test(document)))
    .toSorted((one, other) => (idOf(one) < idOf(other) ? -1 : 1))
    .filter((document) => after === undefined || idOf(document) > after);
  const items = rest.slice(0, request.MaxResults ?? rest.length);
  const last = items.at(-1);
  if (last === undefined || items.length === rest.length) return { items };
  return { items, NextToken: Buffer.from(`after:${idOf(last)}`).toString("base64") };
}

function testOf<Document>(
  filter: Filter,
  { readers, tagsOf }: Describable<Document>,
): (document: Document) => boolean {
  const name = filter.Name ?? "";
  const patterns = (filter.Values ?? []).map(patternOf);
  const matches = (value: FilterValue) =>
    value !== undefined && patterns.some((pattern) => pattern.test(String(value)));
  const read = own(readers, name);
  if (read) {
    return (document) => {
      const value = read(document);
      return Array.isArray(value) ? value.some(matches) : matches(scalar(value));
    };
  }
  if (name === "tag-key")
    return (document) => (tagsOf(document) ?? []).some((tag) => matches(tag.Key));
  if (name.startsWith("tag:")) {
    const key = name.slice("tag:".length);
    return (document) =>
      (tagsOf(document) ?? []).some((tag) => tag.Key === key && matches(tag.Value ?? ""));
  }
  throw new ServiceError("InvalidParameterValue", `The filter '${name}' is invalid`);
}

function scalar(value: FilterValue | readonly FilterValue[]): FilterValue {
  return typeof value === "object" ? undefined : value;
}

/** `*` and `?` are wildcards, a backslash takes their meaning away (EC2 user guide, "List and filter using the CLI and API"). */
function patternOf(text: string): RegExp {
  const source = text.replaceAll(/\\?[\s\S]/g, (part) => {
    if (part === "*") return "[\\s\\S]*";
    if (part === "?") return "[\\s\\S]";
    const literal = part.length === 2 ? part.slice(1) : part;
    return literal.replaceAll(/[$()*+.?[\\\]^{|}]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64").toString("utf8");
  if (!text.startsWith("after:"))
    throw new ServiceError("InvalidNextToken", `The token '${token}' is invalid.`);
  return text.slice("after:".length);
}

const dateMembers = new Set([
  "AttachTime",
  "CreateTime",
  "CreationTimestamp",
  "DeleteTime",
  "LaunchTime",
]);

/** Stored documents as handlers answer them: with dates. */
export function withDates<Document>(document: Document): Document {
  // The shape stays what it is except for its dates, which the type calls text.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return revive(document) as Document;
}

function revive(value: unknown, member = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => revive(item));
  if (typeof value === "string") return dateMembers.has(member) ? new Date(value) : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item, key)]));
}
