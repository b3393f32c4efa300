import type { EventFacts, EventFinding } from "./event-facts.ts";
import { inputFindings } from "./pushing-facts.ts";
import type { RuleEvent } from "./rule-schema.ts";

export const ruleFacts: EventFacts<RuleEvent> = {
  identity: ({ name, bus, pattern }) => name ?? JSON.stringify([bus, pattern]),
  rules: (event) => [
    ...patternFindings(event.pattern),
    ...inputFindings(event.input),
    ...bothInputs(event),
  ],
};

function patternFindings(pattern: RuleEvent["pattern"]): EventFinding[] {
  const wrong = notLists(pattern, "pattern")[0];
  const empty = Object.keys(pattern).length === 0;
  if (wrong === undefined && !empty) return [];
  const message = wrong
    ? `must give lists of values, and does not at ${wrong.path}`
    : "must name something to match";
  return [{ key: "pattern", value: wrong?.value ?? pattern, message, code: "event-pattern" }];
}

/** Fields of a pattern are objects of fields, or lists of what they may be; `$or` is a list of patterns. */
function notLists(value: unknown, path: string): { path: string; value: unknown }[] {
  if (Array.isArray(value)) return value.length > 0 ? [] : [{ path, value }];
  if (typeof value !== "object" || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => notLists(inner, `${path}.${key}`));
}

function bothInputs({ input, inputPath }: RuleEvent): EventFinding[] {
  if (input === undefined || inputPath === undefined) return [];
  const message = "cannot be together with input";
  return [{ key: "inputPath", value: inputPath, message, code: "event-input-both" }];
}
