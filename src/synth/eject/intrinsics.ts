import { isRecord } from "../../is-record.ts";
import { type Code, printFlat as flat, quoted, templateText } from "./code.ts";

/** What TypeScript wants where an intrinsic function stands. */
export type Kind = "any" | "list" | "number" | "string";

/** How expressions name what is declared elsewhere. */
export interface Names {
  /** A name that aws-cdk-lib exports; remembered for the import. */
  readonly core: (name: string) => string;
  /** The variable of a resource; undefined: none of this template's. */
  readonly resource: (logicalId: string) => string | undefined;
  /** `arn` for `Arn`, where the resource's class has such an attribute as a string. */
  readonly attribute: (logicalId: string, name: string) => string | undefined;
  /** The text of a template literal with its constants filled in, or undefined where it has none. */
  readonly constants: (text: string) => string | undefined;
}

const pseudoParameters: Readonly<Record<string, string>> = {
  "AWS::AccountId": "ACCOUNT_ID",
  "AWS::Partition": "PARTITION",
  "AWS::Region": "REGION",
  "AWS::StackId": "STACK_ID",
  "AWS::StackName": "STACK_NAME",
  "AWS::URLSuffix": "URL_SUFFIX",
};

/** An intrinsic function's only key, or undefined. */
export function functionName(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const [key, ...others] = Object.keys(value);
  if (key === undefined || others.length > 0) return undefined;
  return key === "Ref" || key.startsWith("Fn::") ? key : undefined;
}

/**
 * An intrinsic function as CDK writes it. Where CDK's own would come out differently from what the template says, the
 * template's words stand as a token, so that the result is always the same.
 */
export function intrinsicCode(
  value: Readonly<Record<string, unknown>>,
  kind: Kind,
  names: Names,
): Code {
  const name = functionName(value) ?? "";
  const code = writers[name]?.(value[name], kind, names);
  if (code !== undefined) return code;
  const isList = name === "Fn::Split" || name === "Fn::GetAZs" || name === "Fn::Cidr";
  if (isList && kind === "any") return intrinsicCode(value, "list", names);
  const token = { any: "asAny", list: "asList", number: "asNumber", string: "asString" }[kind];
  return { callee: `${names.core("Token")}.${token}`, arguments: [plainCode(value, names)] };
}

type Writer = (operand: unknown, kind: Kind, names: Names) => Code | undefined;

const writers: Readonly<Record<string, Writer>> = {
  Ref: reference,
  "Fn::GetAtt": attribute,
  "Fn::Join": join,
  "Fn::Select": select,
  "Fn::GetAZs": (operand, kind, names) =>
    kind === "list" && operand === "" ? call(names, "getAzs") : undefined,
  "Fn::Split": split,
  "Fn::Sub": substitute,
  "Fn::ImportValue": (operand, kind, names) =>
    kind === "string" ? oneText(operand, "importValue", names) : undefined,
};

function reference(operand: unknown, kind: Kind, names: Names): Code | undefined {
  if (typeof operand !== "string" || (kind !== "string" && kind !== "any")) return undefined;
  const pseudo = pseudoParameters[operand];
  if (pseudo !== undefined) return `${names.core("Aws")}.${pseudo}`;
  const variable = names.resource(operand);
  return variable === undefined ? call(names, "ref", quoted(operand)) : `${variable}.ref`;
}

function attribute(operand: unknown, kind: Kind, names: Names): Code | undefined {
  if (!Array.isArray(operand) || (kind !== "string" && kind !== "any")) return undefined;
  const [logicalId, name] = operand as readonly unknown[];
  if (typeof logicalId !== "string" || typeof name !== "string") return undefined;
  const variable = names.resource(logicalId);
  if (variable === undefined) return undefined;
  const property = names.attribute(logicalId, name);
  if (property !== undefined) return `${variable}.${property}`;
  const got: Code = { callee: `${variable}.getAtt`, arguments: [quoted(name)] };
  return kind === "any" ? got : `${flat(got)}.toString()`;
}

/** A template literal. CDK joins what stands beside each other, so only what is joined already comes out the same. */
function join(operand: unknown, kind: Kind, names: Names): Code | undefined {
  if (!Array.isArray(operand) || (kind !== "string" && kind !== "any")) return undefined;
  const [delimiter, parts] = operand as readonly unknown[];
  if (delimiter !== "" || !Array.isArray(parts) || parts.length < 2) return undefined;
  const pieces = parts.map((part: unknown, index) => {
    if (typeof part === "string") {
      const adjoins = typeof parts[index + 1] === "string";
      return part === "" || adjoins ? undefined : (names.constants(part) ?? templateText(part));
    }
    return functionName(part) === undefined || functionName(part) === "Fn::Join"
      ? undefined
      : embedded(part as Readonly<Record<string, unknown>>, names);
  });
  return pieces.includes(undefined) ? undefined : `\`${pieces.join("")}\``;
}

function embedded(part: Readonly<Record<string, unknown>>, names: Names): string {
  return `\${${flat(intrinsicCode(part, "string", names))}}`;
}

function select(operand: unknown, kind: Kind, names: Names): Code | undefined {
  if (!Array.isArray(operand) || kind === "list" || kind === "number") return undefined;
  const [index, list] = operand as readonly unknown[];
  if (typeof index !== "number" || functionName(list) === undefined) return undefined;
  const from = intrinsicCode(list as Readonly<Record<string, unknown>>, "list", names);
  return call(names, "select", String(index), from);
}

/** CDK splits at once what is text already. */
function split(operand: unknown, kind: Kind, names: Names): Code | undefined {
  if (!Array.isArray(operand) || kind !== "list") return undefined;
  const [delimiter, source] = operand as readonly unknown[];
  if (typeof delimiter !== "string" || functionName(source) === undefined) return undefined;
  const text = intrinsicCode(source as Readonly<Record<string, unknown>>, "string", names);
  return call(names, "split", quoted(delimiter), text);
}

function substitute(operand: unknown, kind: Kind, names: Names): Code | undefined {
  if (kind !== "string") return undefined;
  return typeof operand === "string" ? oneText(operand, "sub", names) : undefined;
}

function oneText(operand: unknown, method: string, names: Names): Code | undefined {
  return typeof operand === "string" ? call(names, method, quoted(operand)) : undefined;
}

function call(names: Names, method: string, ...args: readonly Code[]): Code {
  return { callee: `${names.core("Fn")}.${method}`, arguments: args };
}

/** A value of the template in its own words, intrinsic functions as plain objects. */
export function plainCode(value: unknown, names: Names): Code {
  if (Array.isArray(value)) return { items: value.map((item) => plainCode(item, names)) };
  if (isRecord(value)) {
    return { members: Object.entries(value).map(([key, own]) => [key, plainCode(own, names)]) };
  }
  return literal(value);
}

export function literal(value: unknown): Code {
  return typeof value === "string" ? quoted(value) : JSON.stringify(value ?? null);
}
