import { ServiceError } from "../../service-error.ts";

export type JsonObject = Record<string, unknown>;

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
  readonly Description?: string;
  readonly NoEcho?: boolean | string;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: unknown;
  readonly UpdateReplacePolicy?: unknown;
  readonly Metadata?: JsonObject;
  readonly CreationPolicy?: unknown;
  readonly UpdatePolicy?: unknown;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

export interface TemplateRule {
  readonly RuleCondition?: unknown;
  readonly Assertions?: readonly {
    readonly Assert: unknown;
    readonly AssertDescription?: string;
  }[];
}

export interface Template {
  readonly AWSTemplateFormatVersion?: string;
  readonly Description?: string;
  readonly Metadata?: JsonObject;
  readonly Transform?: unknown;
  readonly Parameters: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings: Readonly<Record<string, JsonObject>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Rules: Readonly<Record<string, TemplateRule>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, TemplateOutput>>;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function validationError(message: string): ServiceError {
  return new ServiceError("ValidationError", message, { status: 400 });
}

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

/** Attributes that a resource may have (CloudFormation user guide, "Resource attribute reference"). */
const resourceAttributes = new Set([
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "Metadata",
  "CreationPolicy",
  "UpdatePolicy",
]);

/** Checks the outline of a parsed template, with CloudFormation's texts, and fills absent sections. */
export function toTemplate(document: unknown): Template {
  if (!isObject(document)) throw validationError("Template format error: unsupported structure.");
  const unknown = Object.keys(document).filter((name) => !sections.has(name));
  if (unknown.length > 0) {
    throw validationError(`Invalid template property or properties [${unknown.join(", ")}]`);
  }
  const version = document["AWSTemplateFormatVersion"];
  if (version !== undefined && version !== "2010-09-09") {
    throw validationError("Template format error: Unsupported template format version.");
  }
  refuseTransforms(document);
  const resources = section(document, "Resources");
  if (Object.keys(resources).length === 0) {
    throw validationError("Template format error: At least one Resources member must be defined.");
  }
  for (const [id, resource] of Object.entries(resources)) checkResource(id, resource);
  const outputs = section(document, "Outputs");
  for (const [id, output] of Object.entries(outputs)) checkOutput(id, output);
  const parameters = section(document, "Parameters");
  for (const [id, parameter] of Object.entries(parameters)) {
    if (!isObject(parameter) || typeof parameter["Type"] !== "string") {
      throw validationError(
        `Template format error: Every Parameters object must contain a Type member. [${id}]`,
      );
    }
  }
  return {
    ...document,
    Parameters: parameters,
    Mappings: section(document, "Mappings"),
    Conditions: section(document, "Conditions"),
    Rules: section(document, "Rules"),
    Resources: resources,
    Outputs: outputs,
  } as unknown as Template;
}

function refuseTransforms(document: JsonObject): void {
  if (document["Transform"] === undefined) return;
  throw validationError(
    `Template error: transforms and macros (${JSON.stringify(document["Transform"])}) are not supported by the local target; they run on AWS only.`,
  );
}

function section(document: JsonObject, name: string): JsonObject {
  const value = document[name] ?? {};
  if (!isObject(value)) {
    throw validationError(`Template format error: ${name} must be an object.`);
  }
  return value;
}

function checkResource(id: string, resource: unknown): void {
  if (!/^[A-Za-z0-9]+$/.test(id)) {
    throw validationError(`Template format error: Resource name ${id} is non alphanumeric.`);
  }
  if (!isObject(resource)) {
    throw validationError("Template format error: Any Resources member must be an object.");
  }
  if (typeof resource["Type"] !== "string") {
    throw validationError(
      `Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`,
    );
  }
  const unknown = Object.keys(resource).filter((name) => !resourceAttributes.has(name));
  if (unknown.length > 0) {
    throw validationError(`Invalid template resource property '${unknown[0]}'`);
  }
  if (resource["Properties"] !== undefined && !isObject(resource["Properties"])) {
    throw validationError(
      `Template format error: [/Resources/${id}/Properties] must be an object.`,
    );
  }
}

function checkOutput(id: string, output: unknown): void {
  if (!isObject(output) || output["Value"] === undefined) {
    throw validationError(
      `Template format error: Output ${id} is malformed. The Value field of every Outputs member must be specified.`,
    );
  }
}
