import { generateSync } from "json-schema-faker";
import { isRecord } from "../../is-record.ts";
import { seededHash } from "../run/seeded.ts";

/** Characters of texts that may be of any length, so that each event has values that can be looked for. */
const textLength = 8;
/** Levels of a schema that are followed at least, and at most. */
const [leastDepth, mostDepth] = [5, 24];
/** Characters of an event from which on a schema that contains itself is not followed deeper. */
const mostSize = 50_000;
/** Tries for each event that is wanted: a schema may have no more of them that differ. */
const triesForEach = 20;

/**
 * Events that fit a JSON Schema, all of them different, the same ones for the same seed: with all optional members, and
 * texts that no two of them share where the schema lets them be anything. Fewer than `count` where it has no more. Fails
 * with json-schema-faker's error where it makes nothing of the schema: a type that there is not, a `$ref` to elsewhere.
 */
export function eventsOfSchema(schema: unknown, count: number, seed: number): unknown[] {
  const longer = withLongerTexts(schema) as Parameters<typeof generateSync>[0];
  const events = new Map<string, unknown>();
  for (let draw = 0; events.size < count && draw < count * triesForEach; draw += 1) {
    const json = eventOf(longer, seededHash(seed, draw));
    events.set(json, JSON.parse(json));
  }
  return [...events.values()];
}

/** As deep as the schema goes: one level more changes nothing. What lies deeper would be left empty. */
function eventOf(schema: Parameters<typeof generateSync>[0], seed: number): string {
  const at = (maxDepth: number) =>
    JSON.stringify(generateSync(schema, { seed, maxDepth, alwaysFakeOptionals: true })) ?? "null";
  let event = at(leastDepth);
  for (let depth = leastDepth + 1; depth <= mostDepth; depth += 1) {
    const deeper = at(depth);
    if (deeper === event || deeper.length > mostSize) break;
    event = deeper;
  }
  return event;
}

/** Members of a schema that hold values, and no schemas. */
const values = new Set(["const", "enum", "default", "example", "examples"]);
/** Those that hold schemas by names of the user's own. */
const named = new Set([
  "properties",
  "patternProperties",
  "dependentSchemas",
  "$defs",
  "definitions",
]);

/** The same schema, in which texts of any length have a least one. */
function withLongerTexts(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withLongerTexts);
  if (!isRecord(schema)) return schema;
  const inner = mapMembers(schema, (each, name) => {
    if (values.has(name)) return each;
    return named.has(name) && isRecord(each)
      ? mapMembers(each, (inside) => withLongerTexts(inside))
      : withLongerTexts(each);
  });
  return isFreeText(schema) ? { ...inner, minLength: leastLength(schema) } : inner;
}

function mapMembers(
  record: Readonly<Record<string, unknown>>,
  change: (value: unknown, name: string) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, each]) => [name, change(each, name)]),
  );
}

type Schema = Readonly<Record<string, unknown>>;

function isFreeText(schema: Schema): boolean {
  const isBound = ["const", "enum", "format", "pattern", "template"].some((name) => name in schema);
  return schema["type"] === "string" && !isBound;
}

function leastLength({ minLength, maxLength }: Schema): number {
  const least = typeof minLength === "number" ? Math.max(minLength, textLength) : textLength;
  return typeof maxLength === "number" ? Math.min(least, maxLength) : least;
}
