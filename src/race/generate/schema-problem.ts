import { isRecord } from "../../is-record.ts";

const isText = (value: unknown) => typeof value === "string";
const isSchema = (value: unknown) => isRecord(value) || typeof value === "boolean";
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);
const areSchemas = (value: unknown) =>
  Array.isArray(value) && value.length > 0 && value.every(isSchema);
const areNamedSchemas = (value: unknown) => isRecord(value) && Object.values(value).every(isSchema);

/** Keywords that say what a value is like, and what they hold: events have members of these names, too. */
const keywords: Readonly<Record<string, (value: unknown) => boolean>> = {
  type: (value) => isText(value) || areTexts(value),
  properties: areNamedSchemas,
  patternProperties: areNamedSchemas,
  additionalProperties: isRecord,
  required: areTexts,
  // An order's lines are no schemas of them.
  items: (value) =>
    isSchema(value) || (areSchemas(value) && (value as unknown[]).every(saysSomething)),
  prefixItems: areSchemas,
  contains: isSchema,
  enum: Array.isArray,
  const: () => true,
  $ref: isText,
  $dynamicRef: isText,
  anyOf: areSchemas,
  oneOf: areSchemas,
  allOf: areSchemas,
  not: isRecord,
  if: isRecord,
};

function saysSomething(schema: unknown): boolean {
  return (
    isRecord(schema) &&
    Object.entries(keywords).some(([name, fits]) => name in schema && fits(schema[name]))
  );
}

/** Why a value is no JSON Schema that says what events are like; nothing where it is one. */
export function schemaProblem(value: unknown): string | undefined {
  if (Array.isArray(value)) return "It is an array, as events are; a JSON Schema is an object.";
  if (!isRecord(value)) return "A JSON Schema that says what events are like is an object.";
  if (saysSomething(value)) return undefined;
  return "It has no type, properties, $ref, enum, const, anyOf, oneOf, allOf or items: nothing that a JSON Schema says of events.";
}
