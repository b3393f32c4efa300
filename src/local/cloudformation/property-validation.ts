import { isRecord } from "../../is-record.ts";
import { noValue } from "./template/special-values.ts";
import type { PropertyData, ResourceData, ShapeData } from "./resource-data.ts";

export interface PropertyProblem {
  /** JSON pointer into the properties, "#" for the properties themselves. */
  readonly path: string;
  readonly message: string;
}

/** What AWS's resource data refuse about a resource's properties, in the texts of its validator. */
export function propertyProblems(
  data: ResourceData,
  properties: Readonly<Record<string, unknown>>,
): PropertyProblem[] {
  return objectProblems(data.properties, properties, "#");
}

function objectProblems(
  known: Readonly<Record<string, PropertyData>>,
  value: Readonly<Record<string, unknown>>,
  path: string,
): PropertyProblem[] {
  const missing = Object.entries(known)
    .filter(
      ([name, property]) =>
        property.required && (value[name] === undefined || value[name] === noValue),
    )
    .map(([name]) => ({ path, message: `required key [${name}] not found` }));
  const others = Object.entries(value).flatMap(([name, item]) => {
    const property = known[name];
    if (!property) return [{ path, message: `extraneous key [${name}] is not permitted` }];
    return shapeProblems(property.shape, item, `${path}/${name}`);
  });
  return [...missing, ...others];
}

function shapeProblems(shape: ShapeData, value: unknown, path: string): PropertyProblem[] {
  if (shape.kind === "list") {
    if (!Array.isArray(value)) return mismatch("JSONArray", value, path);
    return value.flatMap((item, index) => shapeProblems(shape.element, item, `${path}/${index}`));
  }
  if (shape.kind === "scalar") return scalarProblems(shape, value, path);
  if (shape.kind !== "object" && shape.kind !== "map") return [];
  if (!isRecord(value)) return mismatch("JSONObject", value, path);
  if (shape.kind === "object") return objectProblems(shape.properties(), value, path);
  return Object.entries(value).flatMap(([key, item]) =>
    shapeProblems(shape.element, item, `${path}/${key}`),
  );
}

const typeNames = { string: "String", number: "Number", integer: "Number", boolean: "Boolean" };

/** CloudFormation takes text for numbers and booleans where it reads as such, and the other way round. */
function scalarProblems(
  { type, allowed }: Extract<ShapeData, { kind: "scalar" }>,
  value: unknown,
  path: string,
): PropertyProblem[] {
  if (type === undefined) return [];
  const text = scalarText(value);
  if (text === undefined || !readsAs(type, text)) return mismatch(typeNames[type], value, path);
  if (allowed === undefined || allowed.includes(text) || isOpen(value)) return [];
  return [{ path, message: "failed validation constraint for keyword [enum]" }];
}

function scalarText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function readsAs(type: keyof typeof typeNames, text: string): boolean {
  if (type === "string") return true;
  if (type === "boolean") return text === "true" || text === "false";
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return type === "integer" ? Number.isInteger(number) : Number.isFinite(number);
}

function isOpen(value: unknown): boolean {
  return typeof value === "string" && value.includes("{{");
}

/** Texts may stand for values that are not known yet, so only clear contradictions count. */
function mismatch(expected: string, value: unknown, path: string): PropertyProblem[] {
  if (isOpen(value)) return [];
  const found = Array.isArray(value)
    ? "JSONArray"
    : isRecord(value)
      ? "JSONObject"
      : typeName(value);
  return [{ path, message: `expected type: ${expected}, found: ${found}` }];
}

function typeName(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "Integer" : "Number";
  if (typeof value === "boolean") return "Boolean";
  return value === null ? "Null" : "String";
}

export function problemText(logicalId: string, problems: readonly PropertyProblem[]): string {
  const list = problems.map(({ path, message }) => `${path}: ${message}`).join("\n");
  return `Properties validation failed for resource ${logicalId} with message:\n[${list}]`;
}
