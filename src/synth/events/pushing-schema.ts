import { z } from "zod";
import { arn, matching, whole } from "../setting-values.ts";

/* What event sources that push have in common. */

export const sourceName = matching(
  /^[a-zA-Z0-9-]{1,40}$/,
  "must be 1 to 40 letters, digits and -",
).optional();

/** Any JSON; AWS gets it as text. */
export const input = z.unknown().optional();

/** EventBridge and EventBridge Scheduler, RetryPolicy: 185 attempts within a day unless it says otherwise. */
export const retries = whole(0, 185)
  .optional()
  .describe("Attempts after the first to hand the event over to Lambda. AWS's default: 185.");
export const maxAge = whole(60, 86_400)
  .optional()
  .describe("Seconds that these attempts go on. AWS's default: 86400.");

export const queueArn = arn(
  /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
  "arn:aws:sqs:us-east-1:123456789012:failed",
);

export const pushes = z
  .boolean()
  .default(true)
  .describe("Whether it sends: false keeps it and pauses it.");
