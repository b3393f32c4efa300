import type { RuleReason } from "./rule-catalogue.ts";

/** Of pause-schedule-rules.ts. */
export const pauseScheduleReasons: Readonly<Record<string, RuleReason>> = {
  "pause-schedule-expression": {
    why: "EventBridge Scheduler refuses the schedule, and the deployment fails.",
    source: "EventBridge Scheduler user guide, schedule-types",
    mend: "Six fields: minutes hours day-of-month month day-of-week year, with ? for one of the two days.",
  },
  "pause-schedule-empty": {
    why: "A time zone alone is no schedule: nothing would be paused or resumed.",
    source: "lmi's settings schema, docs/settings.md",
    mend: "Add pause, resume or both, or leave schedule out.",
  },
  "pause-schedule-doubt": {
    why: "The time may never come, or mean something else.",
    source: "EventBridge Scheduler user guide, schedule-types",
    mend: "Write it so that it can be meant only one way.",
  },
  "pause-schedule-one-way": {
    why: "A paused function is started by nothing but a schedule or lmi resume: Lambda never does it by itself.",
    source: "AWS Lambda developer guide, lambda-managed-instances-scaling",
    mend: "Add schedule.resume, or resume by hand.",
  },
};
