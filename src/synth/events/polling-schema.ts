import { z } from "zod";
import { kmsKeyArn, whole } from "../setting-values.ts";

/* What event sources that Lambda polls have in common (Lambda API, CreateEventSourceMapping). */

/** A pattern as JSON may have 4096 characters (Lambda API, Filter); up to 10 unless the quota is raised to 5 more. */
const filter = z
  .record(z.string(), z.unknown(), { error: "must be an object: a filter pattern" })
  .refine((pattern) => JSON.stringify(pattern).length <= 4096, {
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
