import { z } from "zod";
import { timeZone } from "./events/schedule-schema.ts";
import { refinements } from "./refinements.ts";
import { matching } from "./setting-values.ts";
import { ttlProblem } from "./ttl.ts";

/* When a stack runs, and how long it lives. */

const times = matching(
  /^(?:at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|cron\(\S+(?: \S+){5}\))$/,
  "must be like cron(0 20 ? * MON-FRI *) or at(2027-01-31T20:00:00)",
);

export const pauseSchedule = z
  .strictObject({
    pause: times
      .optional()
      .describe("When all functions are scaled to zero, by EventBridge Scheduler. Requests fail."),
    resume: times.optional().describe("When they are started again, with what settings say."),
    timezone: timeZone.default("UTC").describe("Time zone of both."),
  })
  .describe("Times at which the stack is paused and resumed, see lmi pause.");

export const ttl = matching(/^\d{1,5}[mhd]$/, "must be like 30m, 4h or 7d")
  .refine(refinements.timeToLive, { error: ttlProblem })
  .describe(
    "Time to live of a throw-away stack, from 15m to 30d after each deploy: CloudFormation then deletes it. Default: it lives until lmi destroy.",
  );
