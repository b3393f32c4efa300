import { z } from "zod";
import { refinements } from "../refinements.ts";
import { matching, whole } from "../setting-values.ts";
import { input, maxAge, pushes, queueArn, retries, sourceName } from "./pushing-schema.ts";

/** A name of the IANA time zone database. */
export const timeZone = z
  .string()
  .refine(refinements.timeZone, { error: "must be a time zone such as Europe/Berlin" });

/** EventBridge Scheduler user guide, schedule-types; its API reference, CreateSchedule. */
export const scheduleEvent = () =>
  z
    .strictObject({
      type: z.literal("schedule").describe("Times, by EventBridge Scheduler."),
      name: sourceName.describe(
        "Tells schedules of one function apart, so that its expression can change without a new schedule.",
      ),
      expression: matching(
        /^(?:rate\([1-9]\d{0,4} (?:minute|hour|day)s?\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|cron\(\S+(?: \S+){5}\))$/,
        "must be like rate(5 minutes), cron(0 8 ? * MON-FRI *) or at(2027-01-31T08:00:00)",
      ).describe(
        "When: rate(5 minutes), cron(minutes hours day-of-month month day-of-week year), at(2027-01-31T08:00:00).",
      ),
      timezone: timeZone.default("UTC").describe("Time zone of cron and at."),
      flexibleWindow: whole(1, 1440)
        .optional()
        .describe(
          "Minutes within which it may come, 1 to 1440, to spread load. Default: at its time.",
        ),
      input: input.describe("What the function gets. Default: Scheduler's own event."),
      retries,
      maxAge,
      deadLetterArn: queueArn
        .optional()
        .describe("SQS queue for what could not be handed over to Lambda."),
      enabled: pushes,
    })
    .describe("Times, by EventBridge Scheduler.");

export type ScheduleEvent = z.output<ReturnType<typeof scheduleEvent>>;
