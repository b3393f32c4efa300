import { isRecord } from "../../../is-record.ts";
import { parseDocument, YAMLMap, YAMLSeq } from "yaml";
import type { CollectionTag, Document, ScalarTag } from "yaml";
import { toTemplate } from "./outline.ts";
import { validationError } from "./template.ts";
import { withoutInheritance } from "./without-inheritance.ts";
import type { JsonObject, Template } from "./template.ts";

/** Short forms of intrinsic functions in YAML; `Ref` and `Condition` have no `Fn::`. */
const functions = [
  "And",
  "Base64",
  "Cidr",
  "Contains",
  "EachMemberEquals",
  "EachMemberIn",
  "Equals",
  "FindInMap",
  "GetAtt",
  "GetAZs",
  "If",
  "ImportValue",
  "Join",
  "Length",
  "Not",
  "Or",
  "RefAll",
  "Select",
  "Split",
  "Sub",
  "ToJsonString",
  "Transform",
  "ValueOf",
  "ValueOfAll",
];

const tags = [
  ...["Ref", "Condition"].flatMap((name) => tagForms(name, name)),
  ...functions.flatMap((name) => tagForms(name, `Fn::${name}`)),
];

function tagForms(name: string, key: string): (ScalarTag | CollectionTag)[] {
  const tag = `!${name}`;
  const call = (value: unknown): JsonObject => ({
    [key]: name === "GetAtt" ? attributePath(value) : value,
  });
  return [
    { tag, resolve: (value: string) => call(value) },
    { tag, collection: "seq", nodeClass: YAMLSeq, resolve: (value) => call(value.toJSON()) },
    { tag, collection: "map", nodeClass: YAMLMap, resolve: (value) => call(value.toJSON()) },
  ] as (ScalarTag | CollectionTag)[];
}

/** `Resource.Some.Attribute` → [`Resource`, `Some.Attribute`]. */
function attributePath(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const dot = value.indexOf(".");
  return dot < 0 ? value : [value.slice(0, dot), value.slice(dot + 1)];
}

/** Reads JSON or YAML, as CloudFormation does. Throws ValidationError. */
export function parseBody(body: string): JsonObject {
  refuseHeapsOfBrackets(body);
  const parsed = body.trimStart().startsWith("{") ? parseJson(body) : parseYaml(body);
  const value = withoutInheritance(parsed);
  if (!isRecord(value)) throw validationError("Template format error: unsupported structure.");
  return value;
}

/** Reads a template that has no transforms (left). Throws ValidationError. */
export function parseTemplate(body: string, extended = false): Template {
  return toTemplate(parseBody(body), extended);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // YAML accepts flow mappings too, and its parser knows the place of an error.
    return parseYaml(body, "JSON");
  }
}

/** Aliases of aliases could make gigabytes of a few lines; the parser stops at a hundred of them. */
function plainValue(document: Document, language: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    const reason = error instanceof RangeError ? "nested too deeply" : (error as Error).message;
    throw validationError(`Template format error: ${language} not well-formed. (${reason})`);
  }
}

function parseYaml(body: string, language = "YAML"): unknown {
  const document = parseDocument(body, { customTags: tags, logLevel: "silent" });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const place = problem.linePos?.[0];
    throw validationError(
      `Template format error: ${language} not well-formed.${place ? ` (line ${place.line}, column ${place.col})` : ""}`,
    );
  }
  return plainValue(document, language);
}

/** So many levels take YAML's parser seconds, during which nobody else is answered. Brackets in texts come in pairs. */
const maxOpenBrackets = 1000;

function refuseHeapsOfBrackets(body: string): void {
  let open = 0;
  for (const [bracket] of body.matchAll(/[[\]{}]/g)) {
    open += bracket === "[" || bracket === "{" ? 1 : -1;
    if (open > maxOpenBrackets)
      throw validationError("Template format error: the template is nested too deeply.");
  }
}
