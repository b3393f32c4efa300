import { isRecord } from "../../../is-record.ts";
import { checkNames } from "./limits.ts";
import { validationError } from "./template.ts";
import type { JsonObject } from "./template.ts";

/** User guide, "CloudFormation template Parameters syntax", Properties. */
const parameterProperties = new Set([
  "Type",
  "Default",
  "Description",
  "NoEcho",
  "AllowedValues",
  "AllowedPattern",
  "ConstraintDescription",
  "MinLength",
  "MaxLength",
  "MinValue",
  "MaxValue",
]);

/** User guide, "Supported AWS-specific parameter types"; each but the first also as `List<…>`. */
const awsTypes = [
  "AWS::EC2::KeyPair::KeyName",
  "AWS::EC2::AvailabilityZone::Name",
  "AWS::EC2::Image::Id",
  "AWS::EC2::Instance::Id",
  "AWS::EC2::SecurityGroup::GroupName",
  "AWS::EC2::SecurityGroup::Id",
  "AWS::EC2::Subnet::Id",
  "AWS::EC2::Volume::Id",
  "AWS::EC2::VPC::Id",
  "AWS::Route53::HostedZone::Id",
];
const plainTypes = [
  "String",
  "CommaDelimitedList",
  "List<String>",
  ...awsTypes,
  ...listsOf(awsTypes),
];
const parameterTypes = new Set([
  ...plainTypes,
  "Number",
  "List<Number>",
  "AWS::SSM::Parameter::Name",
  ...plainTypes.map((type) => `AWS::SSM::Parameter::Value<${type}>`),
]);

function listsOf(types: readonly string[]): string[] {
  return types.slice(1).map((type) => `List<${type}>`);
}

export function checkParameters(parameters: JsonObject): void {
  checkNames("Parameter", parameters);
  for (const [name, parameter] of Object.entries(parameters)) checkParameter(name, parameter);
}

function checkParameter(name: string, parameter: unknown): void {
  const type = isRecord(parameter) ? parameter["Type"] : undefined;
  if (!isRecord(parameter) || typeof type !== "string") {
    throw validationError(
      "Template format error: Every Parameters object must contain a Type member.",
    );
  }
  const unknown = Object.keys(parameter).find((property) => !parameterProperties.has(property));
  if (unknown !== undefined)
    throw validationError(`Invalid template parameter property '${unknown}'`);
  if (!parameterTypes.has(type)) {
    throw validationError(`Template format error: Unrecognized parameter type: ${type}`);
  }
  if (isRecord(parameter["Default"]) || Array.isArray(parameter["Default"])) {
    throw validationError("Template format error: Every Default member must be a string.");
  }
  checkPattern(name, parameter["AllowedPattern"]);
}

function checkPattern(name: string, pattern: unknown): void {
  if (typeof pattern !== "string") return;
  try {
    RegExp(pattern);
  } catch {
    throw validationError(
      `Template format error: AllowedPattern of parameter ${name} is no valid regular expression: ${pattern}`,
    );
  }
}

/** Observed: localstack/localstack test_mappings.snapshot.json. */
export function checkMappings(mappings: JsonObject, extended: boolean): void {
  for (const [name, mapping] of Object.entries(mappings)) {
    if (!/^[A-Za-z0-9]{1,255}$/.test(name)) {
      throw validationError(
        `Template format error: Mappings attribute name '${name}' must contain only alphanumeric characters.`,
      );
    }
    // What the extensions' functions may stand for is seen when they are computed.
    if (extended || (isRecord(mapping) && "Fn::Transform" in mapping)) continue;
    if (!isRecord(mapping)) {
      throw validationError(`Template format error: Every Mappings member ${name} must be a map`);
    }
    for (const [key, attributes] of Object.entries(mapping)) checkAttributes(key, attributes);
  }
}

function checkAttributes(key: string, attributes: unknown): void {
  if (!isRecord(attributes)) {
    throw validationError(`Template format error: Every Mappings member ${key} must be a map`);
  }
  if (Object.values(attributes).some(isRecord)) {
    throw validationError(
      "Template format error: Every Mappings attribute must be a String or a List.",
    );
  }
}
