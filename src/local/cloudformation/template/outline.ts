import { isRecord } from "../../../is-record.ts";
import { withoutInheritance } from "./without-inheritance.ts";
import { checkMappings, checkParameters } from "./declarations.ts";
import { checkLimits, checkNames } from "./limits.ts";
import { checkOutput, checkResource } from "./members.ts";
import { validationError } from "./template.ts";
import type { JsonObject, Template } from "./template.ts";

const sections = new Set([
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Rules",
  "Transform",
  "Resources",
  "Outputs",
  "Hooks",
]);

/** Checks a parsed template that has no transforms (left), with CloudFormation's texts, and fills absent sections. */
export function toTemplate(parsed: unknown, extended = false): Template {
  // Transforms build anew what the parser had made.
  const document = withoutInheritance(parsed);
  const head = templateHead(document, extended);
  if (!isRecord(document)) return head;
  const resources = section(document, "Resources");
  if (Object.keys(resources).length === 0) {
    throw validationError("Template format error: At least one Resources member must be defined.");
  }
  const outputs = section(document, "Outputs");
  checkLimits({ ...head, Resources: resources, Outputs: outputs });
  checkNames("Resource", resources);
  checkNames("Output", outputs);
  for (const [id, output] of Object.entries(outputs)) checkOutput(id, output);
  refuseNulls(document);
  for (const [id, resource] of Object.entries(resources)) checkResource(id, resource);
  return { ...document, ...head, Resources: resources, Outputs: outputs } as unknown as Template;
}

/** The sections that are read before transforms: everything but the resources and outputs. */
export function templateHead(document: unknown, extended = false): Template {
  if (!isRecord(document)) throw validationError("Template format error: unsupported structure.");
  const unknown = Object.keys(document).filter((name) => !sections.has(name));
  if (unknown.length > 0) {
    throw validationError(`Invalid template property or properties [${unknown.join(", ")}]`);
  }
  const version = document["AWSTemplateFormatVersion"];
  if (version !== undefined && version !== "2010-09-09") {
    throw validationError("Template format error: Unsupported template format version.");
  }
  checkDescription(document["Description"]);
  const parameters = section(document, "Parameters");
  checkParameters(parameters);
  const mappings = section(document, "Mappings");
  checkMappings(mappings, extended);
  return {
    ...document,
    Parameters: parameters,
    Mappings: mappings,
    Conditions: section(document, "Conditions"),
    Rules: section(document, "Rules"),
    Resources: {},
    Outputs: {},
    extended,
  } as unknown as Template;
}

function checkDescription(description: unknown): void {
  if (description === undefined) return;
  if (typeof description !== "string") {
    throw validationError("Template format error: Every Description member must be a string.");
  }
  // User guide, "Understand CloudFormation quotas": 1,024 bytes.
  if (Buffer.byteLength(description) > 1024) {
    throw validationError("Template format error: 'Description' length is greater than 1024.");
  }
}

function section(document: JsonObject, name: string): JsonObject {
  const value = document[name] ?? (Object.create(null) as JsonObject);
  if (!isRecord(value)) {
    throw validationError(`Template format error: ${name} must be an object.`);
  }
  return value;
}

/** Observed: localstack/localstack test_validations.snapshot.json, test_invalid_output_structure[none-value]. */
function refuseNulls(document: JsonObject): void {
  for (const name of ["Resources", "Outputs", "Mappings", "Conditions", "Parameters"]) {
    const path = nullPath(document[name], `/${name}`);
    if (path !== undefined) {
      throw validationError(`[${path}] 'null' values are not allowed in templates`);
    }
  }
}

function nullPath(value: unknown, path: string): string | undefined {
  if (value === null) return path;
  if (typeof value !== "object") return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = nullPath(item, `${path}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
