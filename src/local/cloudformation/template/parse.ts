import { parseDocument, YAMLMap, YAMLSeq } from "yaml";
import type { CollectionTag, ScalarTag } from "yaml";
import { toTemplate } from "./outline.ts";
import { isObject, validationError } from "./template.ts";
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
  const value = body.trimStart().startsWith("{") ? parseJson(body) : parseYaml(body);
  if (!isObject(value)) throw validationError("Template format error: unsupported structure.");
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

function parseYaml(body: string, language = "YAML"): unknown {
  const document = parseDocument(body, { customTags: tags, logLevel: "silent" });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const place = problem.linePos?.[0];
    throw validationError(
      `Template format error: ${language} not well-formed.${place ? ` (line ${place.line}, column ${place.col})` : ""}`,
    );
  }
  return document.toJS();
}
