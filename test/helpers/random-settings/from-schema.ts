import * as fc from "fast-check";
import { settingsNode, type SchemaNode } from "./schema-keys.ts";

/**
 * Values as lmi.schema.json says them: any choice, the ends of ranges, and for texts and lists the schema's example.
 * They keep no rules between settings; what breaks one is taken out afterwards (repaired.ts).
 */
function fromSchema(node: SchemaNode): fc.Arbitrary<unknown> {
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum) return fc.constantFrom(...node.enum);
  if (node.type === "boolean") return fc.boolean();
  if (node.properties) return objects(node.properties, node.required ?? []);
  return lists(node) ?? scalars(node);
}

/** Kinds of event sources, and choices; undefined where the schema does not tell what is in a list. */
function lists({ items }: SchemaNode): fc.Arbitrary<unknown> | undefined {
  if (items?.oneOf)
    return fc.array(fc.oneof(...items.oneOf.map((kind) => fromSchema(kind))), { maxLength: 2 });
  return items?.enum && fc.uniqueArray(fc.constantFrom(...items.enum), { minLength: 1 });
}

function scalars({ examples = [], minimum, maximum }: SchemaNode): fc.Arbitrary<unknown> {
  return minimum === undefined || maximum === undefined
    ? fc.constant(examples[0])
    : fc.constantFrom(minimum, Math.min(maximum, 10_000), examples[0]);
}

function objects(
  properties: Readonly<Record<string, SchemaNode>>,
  requiredKeys: readonly string[],
): fc.Arbitrary<unknown> {
  const all = Object.entries(properties).map(([key, child]) => [key, fromSchema(child)] as const);
  return fc.record(Object.fromEntries(all), { requiredKeys: [...requiredKeys] });
}

/** Settings of a function by their keys, each there or not. */
export function functionSettings(...keys: readonly string[]): fc.Arbitrary<object> {
  const named = settingsNode.properties?.["functions"]?.additionalProperties;
  const properties = (typeof named === "object" ? named.properties : undefined) ?? {};
  const chosen = keys.map((key) => [key, fromSchema(properties[key] ?? {})] as const);
  return fc.record(Object.fromEntries(chosen), { requiredKeys: [] });
}
