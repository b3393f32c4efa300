import { cronDoubt, cronProblem } from "./events/cron-problem.ts";
import { dateProblem } from "./events/schedule-facts.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { Settings } from "./settings.ts";

/** Times that the schema cannot see are none, and a pause that nothing ends. */
export function pauseScheduleRules({ schedule }: Pick<Settings, "schedule">): RuleIssue[] {
  if (schedule === undefined) return [];
  return [
    ...expressionRules("pause", schedule.pause),
    ...expressionRules("resume", schedule.resume),
    ...(schedule.resume === undefined ? [withoutResume(schedule.pause)] : []),
  ];
}

function expressionRules(key: "pause" | "resume", expression: string | undefined): RuleIssue[] {
  if (expression === undefined) return [];
  const about = { path: ["schedule", key], value: expression };
  const problem = cronProblem(expression) ?? dateProblem(expression);
  if (problem !== undefined)
    return [{ ...about, message: problem, code: "pause-schedule-expression", severity: "error" }];
  const doubt = cronDoubt(expression, new Date().getUTCFullYear());
  if (doubt === undefined) return [];
  return [{ ...about, message: doubt, code: "pause-schedule-doubt", severity: "warning" }];
}

function withoutResume(value: string | undefined): RuleIssue {
  if (value === undefined)
    return {
      path: ["schedule"],
      value,
      message: "must have pause, resume or both",
      code: "pause-schedule-empty",
      severity: "error",
    };
  return {
    path: ["schedule", "pause"],
    value,
    message: "stops the functions, and no schedule.resume starts them again: lmi resume does",
    code: "pause-schedule-one-way",
    severity: "warning",
  };
}
