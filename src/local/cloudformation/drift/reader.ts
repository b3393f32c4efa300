import type { ServiceName } from "../../service.ts";
import type { ResourceRecord, Tag } from "../stack-record.ts";

type Values = Readonly<Record<string, unknown>>;

/** What a reader may use. */
export interface ReadContext {
  readonly call: <Output extends object>(
    service: ServiceName,
    operation: string,
    input: object,
  ) => Promise<Output>;
  readonly resource: Pick<ResourceRecord, "properties" | "stackTags">;
  /** All resources of the stack: rules and policies that are resources of their own are no drift of another. */
  readonly siblings: readonly ResourceRecord[];
}

/**
 * The live properties of a resource, in CloudFormation's form, as far as the services tell them;
 * undefined where it does not exist any more. A "not found" error of a service says the same.
 */
export type Reader = (id: string, context: ReadContext) => Promise<Values | undefined>;

/** Tags as a list, without those that CloudFormation and the stack put on the resource. */
export function ownTags(
  tags: readonly Tag[] | Readonly<Record<string, string>> | undefined,
  { resource }: ReadContext,
): Tag[] {
  const list: readonly Tag[] = isList(tags)
    ? tags
    : Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const given = resource.properties["Tags"];
  const own = Array.isArray(given) ? new Set((given as Tag[]).map(({ Key }) => Key)) : new Set();
  const ofStack = new Set(resource.stackTags.map(({ Key }) => Key));
  return list
    .filter(({ Key }) => !Key.startsWith("aws:") && (own.has(Key) || !ofStack.has(Key)))
    .map(({ Key, Value }) => ({ Key, Value }));
}

function isList(tags: unknown): tags is readonly Tag[] {
  return Array.isArray(tags);
}

/** A policy document, which services give as JSON text, some of them URL-encoded. */
export function document(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  return JSON.parse(text.trimStart().startsWith("%") ? decodeURIComponent(text) : text);
}
