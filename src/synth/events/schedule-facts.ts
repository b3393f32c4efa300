import { cronDoubt, cronProblem } from "./cron-problem.ts";
import type { EventFacts, EventFinding } from "./event-facts.ts";
import { inputFindings } from "./pushing-facts.ts";
import type { ScheduleEvent } from "./schedule-schema.ts";

export const scheduleFacts: EventFacts<ScheduleEvent> = {
  identity: ({ name, expression, timezone, input }) =>
    name ?? JSON.stringify([expression, timezone, input]),
  rules: (event) => [
    ...expressionFindings(event),
    // EventBridge Scheduler API reference, Target; what Lambda takes asynchronously is less.
    ...inputFindings(event.input),
  ],
};

function expressionFindings({ expression }: ScheduleEvent): EventFinding[] {
  const message = cronProblem(expression) ?? dateProblem(expression);
  if (message === undefined) return doubts(expression);
  return [{ key: "expression", value: expression, message, code: "event-schedule-expression" }];
}

function doubts(expression: string): EventFinding[] {
  const message = cronDoubt(expression, new Date().getUTCFullYear());
  if (message === undefined) return [];
  const about = { key: "expression", value: expression, message };
  return [{ ...about, code: "event-schedule-doubt", severity: "warning" }];
}

/** `at(2027-02-30T…)`: the form is right, and there is no such day. */
export function dateProblem(expression: string): string | undefined {
  const date = /^at\((?<date>.+)\)$/.exec(expression)?.groups?.["date"];
  if (date === undefined) return undefined;
  const time = new Date(`${date}Z`);
  const is = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(date);
  return is ? undefined : `names no time that there is: ${date}`;
}
