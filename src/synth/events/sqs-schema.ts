import { z } from "zod";
import { arn, matching, whole } from "../setting-values.ts";
import {
  batchWindow,
  enabled,
  filterKey,
  filters,
  reportBatchItemFailures,
} from "./polling-schema.ts";

/** Lambda developer guide, services-sqs-parameters; of the queue: Amazon SQS API, CreateQueue. */
export const sqsEvent = () =>
  z
    .strictObject({
      type: z.literal("sqs").describe("Messages of an SQS queue."),
      arn: arn(
        /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,75}(\.fifo)?$/,
        "arn:aws:sqs:us-east-1:123456789012:orders",
      )
        .optional()
        .describe("The queue. Without it lmi makes one, with a dead-letter queue behind it."),
      queueName: matching(/^[\w-]{1,70}$/, "must be 1 to 70 letters, digits, - and _")
        .optional()
        .describe("Name of the queue that lmi makes. Default: CloudFormation chooses one."),
      fifo: z
        .boolean()
        .optional()
        .describe("Makes a FIFO queue, which deduplicates by content; its name ends in .fifo."),
      visibilityTimeout: whole(0, 43_200)
        .optional()
        .describe(
          "Seconds that a received message is hidden in the queue that lmi makes. Default: 6 × timeout, and batchWindow.",
        ),
      maxReceiveCount: whole(1, 1000)
        .optional()
        .describe("Times a message is tried before it goes to the dead-letter queue. Default: 5."),
      batchSize: whole(1, 10_000)
        .default(10)
        .describe("Messages in one batch, 1 to 10000; above 10 with batchWindow, and 10 for FIFO."),
      batchWindow,
      filters,
      maximumConcurrency: whole(2, 1000)
        .optional()
        .describe("Batches that are with the function at once at most, 2 to 1000."),
      pollers: z
        .strictObject({
          minimum: whole(2, 200).optional().describe("Pollers that always run, 2 to 200."),
          maximum: whole(2, 10_000).optional().describe("Pollers at most, 2 to 10000."),
        })
        .optional()
        .describe("Pollers of this mapping's own (provisioned mode), which cost by the hour."),
      reportBatchItemFailures,
      kmsKeyArn: filterKey,
      enabled,
    })
    .describe("Messages of an SQS queue.");

export type SqsEvent = z.output<ReturnType<typeof sqsEvent>>;
