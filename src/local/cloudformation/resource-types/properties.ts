import type { Properties, ResourceContext } from "../resource-type.ts";

/** Reading resource properties: templates give numbers and booleans also as text, as parameters do. */

function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object property, empty where the template has none. */
export function object(properties: Properties, name: string): Properties {
  const value = properties[name];
  return isProperties(value) ? value : {};
}

export function objects(properties: Properties, name: string): Properties[] {
  const value = properties[name];
  return Array.isArray(value) ? value.filter(isProperties) : [];
}

export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

export function requiredText(properties: Properties, name: string): string {
  return text(properties, name) ?? "";
}

export function texts(properties: Properties, name: string): string[] {
  const value = properties[name];
  return Array.isArray(value) ? value.map(String) : [];
}

export function number(properties: Properties, name: string): number | undefined {
  const value = properties[name];
  if (value === undefined || value === null || value === "") return undefined;
  return Number(value);
}

export function flag(properties: Properties, name: string): boolean | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  return value === true || value === "true";
}

/** A policy document as the service takes it: JSON text. */
export function documentText(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The named properties that the template gives, as they are. */
export function pick(properties: Properties, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  );
}

/**
 * What the template gave before and no longer gives, each with the value that it has where no template gives it:
 * services keep what a request leaves out.
 */
export function dropped(
  properties: Properties,
  previous: Properties,
  whenAbsent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(whenAbsent).filter(
      ([name]) => previous[name] !== undefined && properties[name] === undefined,
    ),
  );
}

export interface TagPair {
  readonly Key: string;
  readonly Value: string;
}

/** The tags of a resource: the stack's, and its own, which win. */
export function tagList(
  properties: Properties,
  context: ResourceContext,
  name = "Tags",
): TagPair[] {
  const byKey = new Map(context.stackTags.map(({ Key, Value }) => [Key, Value]));
  for (const tag of objects(properties, name))
    byKey.set(requiredText(tag, "Key"), requiredText(tag, "Value"));
  // Some types (AWS::SSM::Parameter) take a map.
  for (const [Key, Value] of Object.entries(object(properties, name)))
    byKey.set(Key, String(Value));
  return [...byKey].map(([Key, Value]) => ({ Key, Value }));
}

export function tagMap(properties: Properties, context: ResourceContext): Record<string, string> {
  return Object.fromEntries(tagList(properties, context).map(({ Key, Value }) => [Key, Value]));
}

/** What to set and what to remove so that the tags of `previous` become those of `properties`. */
export function tagChanges(
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
): { readonly set: TagPair[]; readonly removedKeys: string[] } {
  const wanted = tagList(properties, context);
  const stackTags = [...(context.previousStackTags ?? []), ...context.stackTags];
  const had = tagList(previous, { ...context, stackTags });
  const values = new Map(had.map(({ Key, Value }) => [Key, Value]));
  const keys = new Set(wanted.map(({ Key }) => Key));
  return {
    // The stack's tags are set again: an interrupted update may have changed some of them.
    set: wanted.filter(
      ({ Key, Value }) =>
        values.get(Key) !== Value || context.stackTags.some((tag) => tag.Key === Key),
    ),
    removedKeys: had.map(({ Key }) => Key).filter((key) => !keys.has(key)),
  };
}

export function changed(
  properties: Properties,
  previous: Properties,
  names: readonly string[],
): boolean {
  return names.some((name) => JSON.stringify(properties[name]) !== JSON.stringify(previous[name]));
}
