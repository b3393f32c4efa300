import { z } from "zod";
import { arn, whole } from "../setting-values.ts";
import {
  batchWindow,
  enabled,
  failureDestination,
  filterKey,
  filters,
  recordBatchSize,
  reportBatchItemFailures,
  retries,
  startingTimestamp,
} from "./polling-schema.ts";

/** Lambda developer guide, services-ddb-params and services-kinesis-parameters. */
const stream = {
  batchSize: recordBatchSize,
  batchWindow,
  filters,
  ...retries,
  onFailure: arn(
    new RegExp(`^arn:aws[a-z-]*:(${failureDestination})$`),
    "arn:aws:sqs:us-east-1:123456789012:failed: a standard SQS queue or SNS topic, or an S3 bucket",
  )
    .optional()
    .describe("ARN of the SQS queue, SNS topic or S3 bucket that is told of records given up."),
  tumblingWindow: whole(0, 900)
    .optional()
    .describe("Seconds of a window whose batches hand a state on to each other, 0 to 900."),
  parallelization: whole(1, 10)
    .default(1)
    .describe("Batches of one shard that are with the function at once, 1 to 10."),
  reportBatchItemFailures,
  kmsKeyArn: filterKey,
  enabled,
} as const;

export const dynamodbEvent = () =>
  z
    .strictObject({
      type: z.literal("dynamodb").describe("Changes of a DynamoDB table."),
      arn: arn(
        /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\d:.T-]+$/,
        "arn:aws:dynamodb:us-east-1:123456789012:table/orders/stream/2026-11-25T09:00:00.000",
      ).describe("ARN of the table's stream (LatestStreamArn)."),
      startingPosition: z
        .enum(["LATEST", "TRIM_HORIZON"])
        .describe(
          "Where a new mapping begins: LATEST changes, or all of the stream (TRIM_HORIZON).",
        ),
      ...stream,
    })
    .describe("Changes of a DynamoDB table.");

export const kinesisEvent = () =>
  z
    .strictObject({
      type: z.literal("kinesis").describe("Records of a Kinesis data stream."),
      arn: arn(
        /^arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\d{12}:stream\/[\w.-]{1,128}(\/consumer\/[\w.-]{1,128}:\d+)?$/,
        "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
      ).describe("ARN of the stream, or of a consumer of it (enhanced fan-out)."),
      startingPosition: z
        .enum(["LATEST", "TRIM_HORIZON", "AT_TIMESTAMP"])
        .describe("Where a new mapping begins: LATEST, TRIM_HORIZON (all), or AT_TIMESTAMP."),
      startingTimestamp,
      ...stream,
    })
    .describe("Records of a Kinesis data stream.");

export type DynamodbEvent = z.output<ReturnType<typeof dynamodbEvent>>;
export type KinesisEvent = z.output<ReturnType<typeof kinesisEvent>>;
