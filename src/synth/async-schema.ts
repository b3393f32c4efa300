import { z } from "zod";
import { refinements } from "./refinements.ts";
import { arn, whole } from "./setting-values.ts";

/*
 * Where records of asynchronous requests can go (Lambda developer guide, invocation-async-retain-records): standard
 * queues and topics, functions, event buses, and buckets for failures alone.
 */
const destination = String.raw`(sqs|sns):[a-z0-9-]+:\d{12}:[\w-]+|lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$.-]+)?|events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]+`;
const bucket = String.raw`s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]`;
const example = "arn:aws:sqs:us-east-1:123456789012:done";

export const asyncInvoke = z
  .strictObject({
    onSuccess: arn(
      new RegExp(`^arn:aws[a-z-]*:(${destination})$`),
      `${example}: a standard SQS queue or SNS topic, a function or an event bus`,
    )
      .optional()
      .describe(
        "ARN of the SQS queue, SNS topic, function or event bus that gets a record of each request that succeeded.",
      ),
    onFailure: arn(
      new RegExp(`^arn:aws[a-z-]*:(${destination}|${bucket})$`),
      `${example}: a standard SQS queue or SNS topic, a function, an event bus or an S3 bucket`,
    )
      .optional()
      .describe("The same, or an S3 bucket, for requests that failed for good or became too old."),
    maxEventAge: whole(60, 21_600)
      .optional()
      .describe("Seconds that a request may wait, retries included. Lambda's default: 21600."),
    retryAttempts: whole(0, 2)
      .optional()
      .describe("Runs after the first that failed. Lambda's default: 2."),
  })
  .refine(refinements.something, {
    error: "must set something, or be left out",
  });
