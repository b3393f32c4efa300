import { isRecord } from "../../../is-record.ts";
import { evaluate } from "./evaluate.ts";
import { extendLanguage } from "./language-extensions.ts";
import type { TransformValues } from "./language-extensions.ts";
import { parameterScope } from "./conditions.ts";
import { parseBody } from "./parse.ts";
import { validationError } from "./template.ts";
import type { JsonObject } from "./template.ts";
import { transformFailed } from "./transform-failed.ts";

/** Reads the text behind an S3 URL. */
export type ReadSnippet = (location: string) => Promise<string>;

export const languageExtensions = "AWS::LanguageExtensions";
const include = "AWS::Include";
/** CloudFormation's own transforms that are programs of their own. */
const notHere = ["AWS::Serverless-2016-10-31", "AWS::SecretsManager-", "AWS::CodeDeployBlueGreen"];

/** Names of the transforms that a template declares or uses. Throws where one cannot be applied. */
export function declaredTransforms(document: JsonObject): string[] {
  const top = [document["Transform"] ?? []].flat(2).map(transformName);
  const names = [...new Set([...top, ...embedded(document).map(transformName)])];
  for (const name of names) refuseUnknown(name);
  return names;
}

function transformName(transform: unknown): string {
  const name = isRecord(transform) ? transform["Name"] : transform;
  if (typeof name === "string") return name;
  throw validationError("Key Name of transform definition must be a string.");
}

function refuseUnknown(name: string): void {
  if (name === languageExtensions || name === include) return;
  if (notHere.some((known) => name.startsWith(known))) {
    throw validationError(
      `Transform ${name} is not supported by the local target; it runs on AWS only.`,
    );
  }
  // No macros can be registered at the local target, so there is never one of that name.
  throw transformFailed(`No transform named ${name} found.`);
}

function embedded(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(embedded);
  if (!isRecord(value)) return [];
  const own = "Fn::Transform" in value ? [value["Fn::Transform"]] : [];
  return [...own, ...Object.values(value).flatMap(embedded)];
}

/** Top-level includes come first, since they may bring any section of the template. */
export async function includeSections(
  document: JsonObject,
  read: ReadSnippet,
): Promise<JsonObject> {
  const transforms = [document["Transform"] ?? []].flat(2);
  const includes = transforms.filter((item) => isRecord(item) && item["Name"] === include);
  let result = document;
  for (const item of includes) {
    const snippet = await readInclude(item, read, (value) => value);
    result = { ...result, ...mergedSections(result, snippet) };
  }
  return result;
}

function mergedSections(document: JsonObject, snippet: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(snippet).map(([name, section]) => {
      const own = document[name];
      return [name, isRecord(own) && isRecord(section) ? { ...own, ...section } : section];
    }),
  );
}

/** The template as it is after its transforms. */
export async function transformed(
  document: JsonObject,
  values: TransformValues,
  read: ReadSnippet,
): Promise<JsonObject> {
  const names = declaredTransforms(document);
  const scope = parameterScope(values.parameter, values.mappings, () => false, true);
  const { Transform: _applied, ...rest } = document;
  const included = names.includes(include)
    ? await includeSnippets(rest, read, (value) => evaluate(value, scope))
    : rest;
  const result = isRecord(included) ? included : {};
  return names.includes(languageExtensions) ? extendLanguage(result, values) : result;
}

/** `Fn::Transform` of AWS::Include: the snippet's keys take its place beside its siblings. */
async function includeSnippets(
  value: unknown,
  read: ReadSnippet,
  compute: (value: unknown) => unknown,
): Promise<unknown> {
  if (Array.isArray(value)) {
    return Promise.all(value.map((item) => includeSnippets(item, read, compute)));
  }
  if (!isRecord(value)) return value;
  const { "Fn::Transform": transform, ...siblings } = value;
  const snippet = transform === undefined ? {} : await readInclude(transform, read, compute);
  const entries = Object.entries({ ...siblings, ...snippet }).map(
    async ([key, item]) => [key, await includeSnippets(item, read, compute)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function readInclude(
  transform: unknown,
  read: ReadSnippet,
  compute: (value: unknown) => unknown,
): Promise<JsonObject> {
  const parameters = isRecord(transform) ? transform["Parameters"] : undefined;
  const location = isRecord(parameters) ? compute(parameters["Location"]) : undefined;
  if (typeof location !== "string") {
    throw transformFailed(
      `Transform ${include} failed with: The location parameter is missing or no S3 URL.`,
    );
  }
  return parseBody(await read(location));
}
