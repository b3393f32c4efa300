import { isRecord } from "../../../is-record.ts";
import { own } from "../../own.ts";
import { cidrBlocks } from "./cidr.ts";
import { argumentError } from "./argument-error.ts";
import { findInMap } from "./find-in-map.ts";
import { isExtension, jsonText, lengthOf } from "./extension-functions.ts";
import { splitAttribute } from "./references.ts";
import { isUnknown, knownAfterApply, noValue } from "./special-values.ts";
import { validationError } from "./template.ts";
import type { JsonObject } from "./template.ts";

/** What expressions of a template are read against. */
export interface Scope {
  /** Value of a parameter or pseudo parameter; undefined where there is none of that name. */
  readonly parameter: (name: string) => unknown;
  readonly mappings: Readonly<Record<string, JsonObject>>;
  readonly condition: (name: string) => boolean;
  /** What `Ref` of a resource gives; undefined where there is no such resource. */
  readonly reference: (logicalId: string) => unknown;
  readonly attribute: (logicalId: string, attribute: string) => unknown;
  /** Availability zones of a region; "" is the stack's own. */
  readonly zones: (region: string) => readonly string[];
  readonly imported: (exportName: string) => string;
  /** What the AWS::LanguageExtensions transform adds is allowed. */
  readonly extended?: boolean;
}

type Function = (argument: unknown, scope: Scope) => unknown;

const functions: Readonly<Record<string, Function>> = {
  Ref: (argument, scope) => evaluateRef(String(argument), scope),
  Condition: (argument, scope) => scope.condition(String(argument)),
  "Fn::GetAtt": evaluateAttribute,
  "Fn::Sub": evaluateSub,
  "Fn::Join": evaluateJoin,
  "Fn::Select": evaluateSelect,
  "Fn::Split": evaluateSplit,
  "Fn::If": evaluateIf,
  "Fn::Equals": (argument, scope) => {
    const [left, right] = list(argument, scope, "Fn::Equals", 2);
    return comparable(left) === comparable(right);
  },
  "Fn::And": (argument, scope) => list(argument, scope, "Fn::And", 2, 10).every(isTrue),
  "Fn::Or": (argument, scope) => list(argument, scope, "Fn::Or", 2, 10).some(isTrue),
  "Fn::Not": (argument, scope) => !isTrue(list(argument, scope, "Fn::Not", 1)[0]),
  "Fn::FindInMap": evaluateFindInMap,
  "Fn::Base64": (argument, scope) =>
    Buffer.from(text(evaluate(argument, scope), "Fn::Base64"), "utf8").toString("base64"),
  "Fn::GetAZs": (argument, scope) => [
    ...scope.zones(text(evaluate(argument, scope), "Fn::GetAZs")),
  ],
  "Fn::Cidr": (argument, scope) => {
    const [block, count, bits] = list(argument, scope, "Fn::Cidr");
    if (isUnknown(block)) return knownAfterApply;
    return cidrBlocks(text(block, "Fn::Cidr"), Number(count), Number(bits ?? 8));
  },
  "Fn::ImportValue": (argument, scope) =>
    scope.imported(text(evaluate(argument, scope), "Fn::ImportValue")),
  "Fn::Length": (argument, scope) =>
    extended("Fn::Length", scope, () => lengthOf(evaluate(argument, scope))),
  "Fn::ToJsonString": (argument, scope) =>
    extended("Fn::ToJsonString", scope, () => jsonText(evaluate(argument, scope))),
  "Fn::Contains": (argument, scope) => {
    const [values, value] = list(argument, scope, "Fn::Contains", 2);
    return items(values).includes(comparable(value));
  },
  "Fn::EachMemberIn": (argument, scope) => {
    const [values, allowed] = list(argument, scope, "Fn::EachMemberIn", 2);
    const set = new Set(items(allowed));
    return items(values).every((value) => set.has(value));
  },
  "Fn::EachMemberEquals": (argument, scope) => {
    const [values, expected] = list(argument, scope, "Fn::EachMemberEquals", 2);
    return items(values).every((value) => value === comparable(expected));
  },
};

/** Computes a template expression. Throws ValidationError with CloudFormation's texts. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => evaluate(item, scope)).filter((item) => item !== noValue);
  }
  if (!isRecord(value)) return value;
  const keys = Object.keys(value);
  const [name] = keys;
  if (keys.length === 1 && name !== undefined) {
    const compute = own(functions, name);
    // `Condition` is also a key of policy statements, whose value is an object.
    if (compute && !(name === "Condition" && typeof value[name] !== "string")) {
      return compute(value[name], scope);
    }
    if (name.startsWith("Fn::")) throw unsupportedFunction(name);
  }
  const entries = keys
    .map((key): [string, unknown] => [key, evaluate(value[key], scope)])
    .filter(([, item]) => item !== noValue);
  // Not by assignment: `__proto__` is a key like others.
  return Object.fromEntries(entries);
}

function extended(name: string, scope: Scope, compute: () => unknown): unknown {
  if (scope.extended) return compute();
  throw unsupportedFunction(name);
}

function unsupportedFunction(name: string): Error {
  if (isExtension(name)) {
    return validationError(
      `Template error: ${name} needs the AWS::LanguageExtensions transform: add it to the template's Transform section.`,
    );
  }
  return validationError(
    `Template validation error: Template error: Unrecognized intrinsic function ${name}`,
  );
}

function evaluateRef(name: string, scope: Scope): unknown {
  if (name === "AWS::NoValue") return noValue;
  const value = scope.parameter(name) ?? scope.reference(name);
  if (value !== undefined) return value;
  throw validationError(
    `Template format error: Unresolved resource dependencies [${name}] in the Resources block of the template`,
  );
}

function evaluateAttribute(argument: unknown, scope: Scope): unknown {
  const [name, attribute] = splitAttribute(argument);
  if (typeof name !== "string" || name === "" || attribute === undefined) {
    throw validationError(
      "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
    );
  }
  return scope.attribute(name, text(evaluate(attribute, scope), "Fn::GetAtt"));
}

function evaluateSub(argument: unknown, scope: Scope): unknown {
  const [template, values] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  if (typeof template !== "string" || (values !== undefined && !isRecord(values))) {
    throw validationError(
      "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    );
  }
  const local = values ?? {};
  return template.replaceAll(/\$\{([^}]*)\}/g, (_, inner: string) => {
    if (inner.startsWith("!")) return `\${${inner.slice(1)}}`;
    const name = inner.trim();
    if (!/^[\w.:]+$/.test(name)) {
      throw validationError(
        "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons",
      );
    }
    if (Object.hasOwn(local, name)) return text(evaluate(local[name], scope), "Fn::Sub");
    const dot = name.indexOf(".");
    const found =
      dot < 0 ? evaluateRef(name, scope) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
    return text(found, "Fn::Sub");
  });
}

function evaluateJoin(argument: unknown, scope: Scope): unknown {
  const [delimiter, values] = Array.isArray(argument) ? (argument as unknown[]) : [];
  const parts = evaluate(values, scope);
  if (typeof delimiter !== "string") {
    throw validationError(
      "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
    );
  }
  // A list that only the deployment makes joins to a value that only the deployment makes.
  if (parts === knownAfterApply) return knownAfterApply;
  if (!Array.isArray(parts)) {
    throw validationError(
      "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
    );
  }
  return parts.map((part) => text(part, "Fn::Join")).join(delimiter);
}

function evaluateSelect(argument: unknown, scope: Scope): unknown {
  const [index, values] = list(argument, scope, "Fn::Select", 2);
  if (isUnknown(values)) return knownAfterApply;
  const position = Number(index);
  if (!Array.isArray(values) || !Number.isInteger(position)) {
    throw validationError(
      "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
    );
  }
  const selected: unknown = values[position];
  if (selected === undefined || selected === null) {
    throw validationError(
      `Template error: Fn::Select cannot select nonexistent value at index ${position}`,
    );
  }
  return selected;
}

function evaluateSplit(argument: unknown, scope: Scope): unknown {
  const [delimiter, value] = list(argument, scope, "Fn::Split", 2);
  // The unknown part may hold delimiters.
  if (isUnknown(value)) return knownAfterApply;
  return text(value, "Fn::Split").split(text(delimiter, "Fn::Split"));
}

function evaluateIf(argument: unknown, scope: Scope): unknown {
  const [name, whenTrue, whenFalse] = Array.isArray(argument) ? (argument as unknown[]) : [];
  if (typeof name !== "string" || (argument as unknown[]).length !== 3) {
    throw validationError(
      "Template error: Fn::If requires a list argument with the first element being a condition",
    );
  }
  return evaluate(scope.condition(name) ? whenTrue : whenFalse, scope);
}

function evaluateFindInMap(argument: unknown, scope: Scope): unknown {
  return findInMap(list(argument, scope, "Fn::FindInMap", 3, 4), argument, scope);
}

function list(
  argument: unknown,
  scope: Scope,
  name: string,
  minimum = 0,
  maximum = minimum,
): unknown[] {
  const values = evaluate(argument, scope);
  const fits =
    minimum === 0 ||
    (Array.isArray(values) && values.length >= minimum && values.length <= maximum);
  if (Array.isArray(values) && fits) return values;
  throw argumentError(name);
}

function text(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw validationError(
    `Template error: ${name} expects a string, not ${JSON.stringify(value) ?? "AWS::NoValue"}`,
  );
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

function comparable(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function items(value: unknown): string[] {
  return Array.isArray(value) ? value.map(comparable) : [comparable(value)];
}
