import { noValue } from "./template/special-values.ts";
import { isObject } from "./template/template.ts";
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
  if (shape.kind !== "object" && shape.kind !== "map") return [];
  if (!isObject(value)) return mismatch("JSONObject", value, path);
  if (shape.kind === "object") return objectProblems(shape.properties(), value, path);
  return Object.entries(value).flatMap(([key, item]) =>
    shapeProblems(shape.element, item, `${path}/${key}`),
  );
}

/** Texts may stand for values that are not known yet, so only clear contradictions count. */
function mismatch(expected: string, value: unknown, path: string): PropertyProblem[] {
  if (typeof value === "string" && value.includes("{{")) return [];
  const found = Array.isArray(value)
    ? "JSONArray"
    : isObject(value)
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
