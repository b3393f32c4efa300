import { isRecord } from "../../../is-record.ts";
import { parameterScope } from "./conditions.ts";
import { evaluate } from "./evaluate.ts";
import type { Scope } from "./evaluate.ts";
import { expandLoops, loopsOf } from "./for-each.ts";
import { references } from "./references.ts";
import type { JsonObject } from "./template.ts";
import { extensionsFailed } from "./transform-failed.ts";

/** What a template may use while it is transformed: no resource exists yet. */
export interface TransformValues {
  readonly parameter: (name: string) => unknown;
  readonly isSecret: (name: string) => boolean;
  readonly mappings: Readonly<Record<string, JsonObject>>;
}

/**
 * The `AWS::LanguageExtensions` transform: loops written out, and every function computed that needs
 * parameters and mappings only, as in the processed templates of CloudFormation (observed,
 * localstack/localstack test_transformers.snapshot.json). The others are computed with the resources.
 */
export function extendLanguage(document: JsonObject, values: TransformValues): JsonObject {
  const scope = parameterScope(values.parameter, values.mappings, noCondition, true);
  const loops = loopsOf((collection) => {
    const items = [evaluate(collection, scope)].flat(2);
    if (items.every((item) => typeof item === "string")) return items;
    throw extensionsFailed("Fn::ForEach layout is incorrect");
  });
  const { Transform: _done, ...others } = document;
  const result: JsonObject = { ...others };
  for (const name of ["Conditions", "Resources", "Outputs"]) {
    if (document[name] !== undefined) result[name] = expandLoops(document[name], loops);
  }
  for (const name of ["Resources", "Outputs"]) {
    if (result[name] !== undefined) result[name] = computeKnown(result[name], values, scope);
  }
  return result;
}

function noCondition(): never {
  throw extensionsFailed("Conditions are not known while the template is transformed");
}

/** Functions that depend on more than parameters and mappings. */
const later = ["Fn::GetAtt", "Fn::If", "Fn::GetAZs", "Fn::ImportValue", "Fn::Transform"];

function computeKnown(value: unknown, values: TransformValues, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => computeKnown(item, values, scope));
  if (!isRecord(value)) return value;
  const [name, ...others] = Object.keys(value);
  const isFunction = others.length === 0 && (name === "Ref" || name?.startsWith("Fn::"));
  if (isFunction && isKnown(value, values)) return evaluate(value, scope);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, computeKnown(item, values, scope)]),
  );
}

function isKnown(value: JsonObject, values: TransformValues): boolean {
  if (later.some((name) => usesFunction(value, name))) return false;
  return references(value, () => true).every(
    ({ name, attribute }) =>
      attribute === undefined &&
      name !== "AWS::NoValue" &&
      !values.isSecret(name) &&
      values.parameter(name) !== undefined,
  );
}

function usesFunction(value: unknown, name: string): boolean {
  if (Array.isArray(value)) return value.some((item) => usesFunction(item, name));
  if (!isRecord(value)) return false;
  return name in value || Object.values(value).some((item) => usesFunction(item, name));
}
