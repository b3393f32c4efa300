import { isRecord } from "./is-record.ts";
import { isIP } from "node:net";

/**
 * What the operators of patterns take (Amazon EventBridge user guide, eb-create-pattern-operators); wordings follow
 * AWS's published matcher, github.com/aws/event-ruler.
 */
export function argumentProblem(name: string, argument: unknown): string | undefined {
  return Object.hasOwn(checks, name) ? checks[name]?.(argument) : undefined;
}

export const isOperator = (name: string): boolean => Object.hasOwn(checks, name);

type Check = (argument: unknown) => string | undefined;

const checks: Readonly<Record<string, Check>> = {
  exists: (argument) =>
    typeof argument === "boolean" ? undefined : "exists match pattern must be either true or false",
  prefix: (argument) => textProblem("prefix", argument),
  suffix: (argument) => textProblem("suffix", argument),
  "equals-ignore-case": (argument) =>
    typeof argument === "string" ? undefined : mustBeText("equals-ignore-case"),
  wildcard: wildcardProblem,
  numeric: numericProblem,
  cidr: cidrProblem,
  "anything-but": anythingButProblem,
};

const mustBeText = (name: string) => `${name} match pattern must be a string`;

/** A text, or one that ignores case. */
function textProblem(name: string, argument: unknown): string | undefined {
  const text = isRecord(argument) ? argument["equals-ignore-case"] : argument;
  return typeof text === "string" ? undefined : mustBeText(name);
}

/** Several stars together are refused, and backslashes before anything but a star or a backslash. */
function wildcardProblem(argument: unknown): string | undefined {
  if (typeof argument !== "string") return mustBeText("wildcard");
  const withoutEscapes = argument.replaceAll(/\\[\\*]/g, "_");
  if (withoutEscapes.includes("\\")) return "Invalid escape character in a wildcard pattern";
  return withoutEscapes.includes("**")
    ? "Consecutive wildcard characters are not supported"
    : undefined;
}

/** One comparison, or a lower bound and then an upper one. */
function numericProblem(argument: unknown): string | undefined {
  if (!Array.isArray(argument)) return "Value of numeric must be an array.";
  const values: readonly unknown[] = argument;
  const comparisons = values.filter((_value, index) => index % 2 === 0).join(" ");
  if (!/^(?:=|[<>]=?|>=? <=?)$/.test(comparisons))
    return `Unrecognized numeric range operator: ${comparisons}`;
  const bounds = values.filter((_value, index) => index % 2 === 1);
  const areNumbers = bounds.every((bound) => typeof bound === "number");
  return areNumbers && bounds.length * 2 === values.length
    ? undefined
    : "Each numeric operator must be followed by a number";
}

function cidrProblem(argument: unknown): string | undefined {
  if (typeof argument !== "string") return mustBeText("cidr");
  const [address = "", bits, ...more] = argument.split("/");
  const family = isIP(address);
  const most = family === 6 ? 128 : 32;
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return family !== 0 && more.length === 0 && isRange ? undefined : `Malformed CIDR, ${argument}`;
}

/** A value, a list of values, or another operator with a text or a list of texts. */
function anythingButProblem(argument: unknown): string | undefined {
  if (!isRecord(argument)) {
    const values: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
    const areValues = values.length > 0 && values.every((each) => !isObject(each));
    return areValues ? undefined : "Value of anything-but must be values, or an operator of texts";
  }
  const [name = "", ...more] = Object.keys(argument);
  if (more.length > 0 || !Object.hasOwn(checks, name) || name === "anything-but")
    return `Unsupported anything-but pattern: ${name}`;
  const inner = argument[name];
  const all: readonly unknown[] = Array.isArray(inner) && name !== "numeric" ? inner : [inner];
  if (all.length === 0) return `anything-but ${name} must not be empty`;
  return all.map((each) => argumentProblem(name, each)).find((problem) => problem !== undefined);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
