import { patternProblem } from "../../event-pattern-problem.ts";
import type { EventFinding } from "./event-facts.ts";

/** What is wrong with a pattern that stands at this key of an event. */
export function patternFindings(key: string, pattern: unknown): EventFinding[] {
  const problem = patternProblem(pattern);
  if (!problem) return [];
  const { path, reason } = problem;
  const where = path === "" ? "" : ` at ${path}`;
  const message = `cannot be used${where}: ${reason}`;
  return [{ key, value: pattern, message, code: "event-pattern" }];
}

/** Of what Lambda polls: each filter is a pattern. */
export const filterFindings = ({ filters }: { readonly filters: readonly unknown[] }) =>
  filters.flatMap((pattern, index) => patternFindings(`filters/${index}`, pattern));
