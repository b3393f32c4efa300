import type { RuleIssue } from "../rule-issue.ts";
import type { FunctionSettings } from "../settings.ts";
import { factsOf } from "./event-facts.ts";
import type { EventSettings } from "./event-schema.ts";

/** Problems within the event sources of a function, and between them. */
export function eventRules(name: string, own: FunctionSettings): RuleIssue[] {
  const path = ["functions", name, "events"];
  return own.events.flatMap((event: EventSettings, index) => [
    ...duplicate(own.events, index, path),
    ...factsOf(event)
      .rules(event, own)
      .map(({ key, severity, involves = [], ...rest }): RuleIssue => ({
        ...rest,
        severity: severity ?? "error",
        path: [...path, String(index), ...(key === "" ? [] : key.split("/"))],
        involves: involves.map((other) => ["functions", name, other]),
      })),
  ]);
}

/** Lambda takes a source once for each function; two queues of lmi's making need names to be told apart. */
function duplicate(
  events: readonly EventSettings[],
  index: number,
  path: readonly string[],
): RuleIssue[] {
  const own = events[index];
  const earlier = events.findIndex((event) => own && sourceOf(event) === sourceOf(own));
  if (earlier === index) return [];
  return [
    {
      path: [...path, String(index)],
      value: undefined,
      message: `is the same source as events.${earlier}`,
      code: "event-duplicate",
      severity: "error",
      involves: [[...path, String(earlier)]],
    },
  ];
}

const sourceOf = (event: EventSettings) => `${event.type} ${factsOf(event).identity(event)}`;
