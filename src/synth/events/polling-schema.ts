import { z } from "zod";
import { refinements } from "../refinements.ts";
import { kmsKeyArn, whole } from "../setting-values.ts";

/* What event sources that Lambda polls have in common (Lambda API, CreateEventSourceMapping). */

const filter = z
  .record(z.string(), z.unknown(), { error: "must be an object: a filter pattern" })
  .refine(refinements.eventPattern, {
    error: "must be at most 4096 characters as JSON",
  });

/** Lambda developer guide, invocation-eventfiltering: 5 filters, up to 10 on request. */
export const filters = z
  .array(filter)
  .max(10, { error: "must be at most 10 filters" })
  .default([])
  .describe(
    "Only events that match one of these patterns reach the function: EventBridge's words, up to 10 (5 unless AWS raised it).",
  );

export const enabled = z
  .boolean()
  .default(true)
  .describe("Whether Lambda polls: false keeps the mapping and pauses it.");

export const batchWindow = whole(0, 300)
  .optional()
  .describe("Seconds that Lambda waits for a batch to fill, 0 to 300.");

export const reportBatchItemFailures = z
  .boolean()
  .default(false)
  .describe(
    "The function answers which events of a batch failed (batchItemFailures); only these come again.",
  );

export const filterKey = kmsKeyArn
  .optional()
  .describe("Key that filters are encrypted with. Default: a key that AWS owns.");

/** Of streams and topics: BatchSize (Lambda API, CreateEventSourceMapping). */
export const recordBatchSize = whole(1, 10_000)
  .default(100)
  .describe("Records in one batch, 1 to 10000.");

const timeForm = "must be a time such as 2026-11-25T09:00:00Z";
export const startingTimestamp = z.iso
  .datetime({ offset: true, error: timeForm })
  .meta({ patternErrorMessage: timeForm })
  .optional()
  .describe("Where AT_TIMESTAMP begins, such as 2026-11-25T09:00:00Z.");

export const retries = {
  bisectOnError: z
    .boolean()
    .default(false)
    .describe(
      "Splits a batch that failed in two, so that one bad record does not hold up the rest.",
    ),
  retryAttempts: whole(-1, 10_000)
    .optional()
    .describe(
      "Tries after the first that failed, 0 to 10000; -1: until the records expire (Lambda's default).",
    ),
  maxRecordAge: z
    .union([z.literal(-1), whole(60, 604_800)], {
      error: "must be from 60 to 604800, or -1 for no limit",
    })
    .optional()
    .describe(
      "Seconds after which a record is given up, 60 to 604800; -1: never (Lambda's default).",
    ),
} as const;

export const failureDestination = String.raw`(sqs|sns):[a-z0-9-]+:\d{12}:[\w-]+|s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]`;
