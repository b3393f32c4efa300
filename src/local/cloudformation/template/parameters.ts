import { validationError } from "./template.ts";
import type { Template, TemplateParameter } from "./template.ts";

/** A parameter's value as a stack keeps it; `resolved` is what an SSM parameter held at that time. */
export interface ParameterValue {
  readonly key: string;
  readonly value: string;
  readonly resolved?: string;
  /** NoEcho: never shown. */
  readonly secret?: true;
}

export interface GivenParameter {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

const storedType = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** Reads values of SSM parameters; names that do not exist are absent from the answer. */
export type ReadStoredParameters = (
  names: readonly string[],
) => Promise<ReadonlyMap<string, string>>;

/** The stack's parameter values from what is given, what stood before, and the template's defaults. */
export async function resolveParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: readonly ParameterValue[],
  readStored: ReadStoredParameters,
): Promise<ParameterValue[]> {
  const values = chooseValues(template, given, previous);
  const stored = await readStoredValues(template, values, readStored);
  return [...values].map(([key, value]) => {
    const parameter = template.Parameters[key];
    if (!parameter) throw validationError(`Parameters: [${key}] do not exist in the template`);
    const resolved = stored.get(key);
    checkValue(key, parameter, resolved ?? value);
    return {
      key,
      value,
      ...(resolved === undefined ? {} : { resolved }),
      ...(isSecret(parameter) ? { secret: true as const } : {}),
    };
  });
}

function chooseValues(
  template: Template,
  given: readonly GivenParameter[],
  previous: readonly ParameterValue[],
): Map<string, string> {
  const givenByKey = new Map(given.map((item) => [item.ParameterKey ?? "", item]));
  const unknown = [...givenByKey.keys()].filter((key) => !(key in template.Parameters));
  if (unknown.length > 0) {
    throw validationError(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  }
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const [key, parameter] of Object.entries(template.Parameters)) {
    const item = givenByKey.get(key);
    const value = item?.UsePreviousValue
      ? previousValue(item, previous)
      : (item?.ParameterValue ?? defaultValue(parameter));
    if (value !== undefined) values.set(key, value);
    else if (storedType.test(parameter.Type)) throw noStoredName(key);
    else missing.push(key);
  }
  if (missing.length > 0)
    throw validationError(`Parameters: [${missing.join(", ")}] must have values`);
  return values;
}

/** Observed: localstack/localstack test_template_engine.snapshot.json, test_resolve_ssm_missing_parameter. */
function noStoredName(key: string): Error {
  return validationError(`Parameter ${key} should either have input value or default value`);
}

function previousValue(item: GivenParameter, previous: readonly ParameterValue[]): string {
  const key = item.ParameterKey ?? "";
  if (item.ParameterValue !== undefined && item.ParameterValue !== "") {
    throw validationError(
      `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
    );
  }
  const known = previous.find((value) => value.key === key);
  if (known) return known.value;
  throw validationError(
    `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
  );
}

function scalarText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The default as the API shows it. */
export function defaultValue(parameter: TemplateParameter): string | undefined {
  const value = parameter.Default;
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.join(",") : scalarText(value);
}

async function readStoredValues(
  template: Template,
  values: ReadonlyMap<string, string>,
  readStored: ReadStoredParameters,
): Promise<Map<string, string>> {
  const wanted = [...values].filter(([key]) =>
    storedType.test(template.Parameters[key]?.Type ?? ""),
  );
  if (wanted.length === 0) return new Map();
  const found = await readStored([...new Set(wanted.map(([, name]) => name))]);
  const absent = wanted.map(([, name]) => name).filter((name) => !found.has(name));
  if (absent.length > 0) {
    throw validationError(
      `Unable to fetch parameters [${[...new Set(absent)].join(",")}] from parameter store for this account.`,
    );
  }
  return new Map(wanted.map(([key, name]) => [key, found.get(name) ?? ""]));
}

function innerType(parameter: TemplateParameter): string {
  return storedType.exec(parameter.Type)?.[1] ?? parameter.Type;
}

function isList(type: string): boolean {
  return type === "CommaDelimitedList" || type.startsWith("List<");
}

function splitList(value: string): string[] {
  return value === "" ? [] : value.split(",").map((item) => item.trim());
}

/** Texts as CloudFormation answers them; ConstraintDescription takes their place where given. */
function checkValue(key: string, parameter: TemplateParameter, value: string): void {
  const type = innerType(parameter);
  const items = isList(type) ? splitList(value) : [value];
  const fail = (text: string): never => {
    const description = parameter.ConstraintDescription;
    throw validationError(
      description ? `Parameter ${key} failed to satisfy constraint: ${description}` : text,
    );
  };
  for (const item of items) {
    if (type === "Number" || type === "List<Number>") checkNumber(key, parameter, item, fail);
    if (parameter.AllowedValues && !parameter.AllowedValues.map(String).includes(item)) {
      fail(`Parameter '${key}' must be one of AllowedValues`);
    }
    checkText(key, parameter, item, fail);
  }
}

function checkNumber(
  key: string,
  parameter: TemplateParameter,
  item: string,
  fail: (text: string) => never,
): void {
  const value = Number(item);
  if (item.trim() === "" || Number.isNaN(value)) fail(`Parameter '${key}' must be a number.`);
  if (parameter.MinValue !== undefined && value < Number(parameter.MinValue)) {
    fail(`Parameter '${key}' must be a number not less than ${parameter.MinValue}`);
  }
  if (parameter.MaxValue !== undefined && value > Number(parameter.MaxValue)) {
    fail(`Parameter '${key}' must be a number not greater than ${parameter.MaxValue}`);
  }
}

function checkText(
  key: string,
  parameter: TemplateParameter,
  item: string,
  fail: (text: string) => never,
): void {
  if (parameter.AllowedPattern && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(item)) {
    fail(`Parameter '${key}' must match pattern ${parameter.AllowedPattern}`);
  }
  if (parameter.MinLength !== undefined && item.length < Number(parameter.MinLength)) {
    fail(`Parameter '${key}' must contain at least ${parameter.MinLength} characters`);
  }
  if (parameter.MaxLength !== undefined && item.length > Number(parameter.MaxLength)) {
    fail(`Parameter '${key}' must contain at most ${parameter.MaxLength} characters`);
  }
}

/** What `Ref` of a parameter gives: text, or a list for list types. */
export function parameterReference(
  parameter: TemplateParameter,
  value: ParameterValue,
): string | string[] {
  const text = value.resolved ?? value.value;
  return isList(innerType(parameter)) ? splitList(text) : text;
}

/** The type without `List<…>`, and each value of it. */
export function parameterItems(
  parameter: TemplateParameter | undefined,
  value: ParameterValue,
): { readonly type: string; readonly items: readonly string[] } {
  const type = parameter ? innerType(parameter) : "";
  const text = value.resolved ?? value.value;
  return {
    type: /^List<(.+)>$/.exec(type)?.[1] ?? type,
    items: isList(type) ? splitList(text) : [text],
  };
}

function isSecret(parameter: TemplateParameter): boolean {
  return parameter.NoEcho === true || parameter.NoEcho === "true";
}

/** Takes the values of NoEcho parameters out of a text that people see. */
export function maskSecrets(text: string, parameters: readonly ParameterValue[]): string {
  return parameters
    .filter(({ secret, value }) => secret && value !== "")
    .reduce((masked, { value }) => masked.replaceAll(value, "****"), text);
}
