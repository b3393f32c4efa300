import { isRecord } from "./is-record.ts";
import { argumentProblem, isOperator } from "./event-pattern-arguments.ts";

/** What is wrong with a pattern: `path` leads to the field, with dots, and is empty for the whole. */
export interface PatternProblem {
  readonly path: string;
  readonly reason: string;
}

/**
 * What is wrong with a pattern as EventBridge, SNS and Lambda's event filters have them (Amazon EventBridge user guide,
 * eb-event-patterns and eb-create-pattern-operators); nothing where it can be used. The settings are checked with it
 * before anything is deployed, and the local target refuses by it: it stands outside of both, and knows neither.
 */
export function patternProblem(pattern: unknown, path = ""): PatternProblem | undefined {
  if (!isRecord(pattern)) return { path, reason: "Filter is not an object" };
  const entries = Object.entries(pattern);
  if (entries.length === 0) return { path, reason: "Empty objects are not allowed" };
  return first(entries, ([key, wanted]) =>
    fieldProblem(key, wanted, path === "" ? key : `${path}.${key}`),
  );
}

function fieldProblem(key: string, wanted: unknown, path: string): PatternProblem | undefined {
  if (isRecord(wanted)) return patternProblem(wanted, path);
  if (!Array.isArray(wanted)) return { path, reason: `"${key}" must be an object or an array` };
  if (wanted.length === 0) return { path, reason: "Empty arrays are not allowed" };
  if (key === "$or") return first(wanted, (each) => patternProblem(each, path));
  const reason = first(wanted, conditionProblem);
  return reason === undefined ? undefined : { path, reason };
}

function first<T, P>(all: readonly T[], problemOf: (each: T) => P | undefined): P | undefined {
  for (const each of all) {
    const problem = problemOf(each);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function conditionProblem(wanted: unknown): string | undefined {
  if (wanted === null || typeof wanted !== "object") return undefined;
  const [name = "", ...more] = Object.keys(wanted);
  if (!isRecord(wanted) || more.length > 0 || !isOperator(name))
    return `Unrecognized match type ${Array.isArray(wanted) ? "array" : name}`;
  return argumentProblem(name, wanted[name]);
}
