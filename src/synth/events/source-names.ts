import { withEnvironment } from "../names.ts";
import type { S3Event } from "./s3-schema.ts";
import type { SnsEvent } from "./sns-schema.ts";
import type { SqsEvent } from "./sqs-schema.ts";

type Environment = string | undefined;

/** The name at AWS of something that lmi makes for an event source. */
export interface SourceName {
  readonly kind: keyof typeof limits;
  readonly name: string;
  /** The setting that it comes from. */
  readonly key: string;
}

const queue = {
  service: "sqs",
  longest: 80,
  pattern: /^[\w-]+(?:\.fifo)?$/,
  letters: "letters, digits, - and _",
} as const;

/** Names as AWS takes them: Amazon SQS API, CreateQueue; Amazon SNS API, CreateTopic; Amazon S3 user guide, bucketnamingrules. */
export const limits = {
  queue,
  "dead-letter queue": queue,
  topic: { service: "sns", longest: 256, pattern: /^[\w-]+$/, letters: "letters, digits, - and _" },
  bucket: {
    service: "s3",
    longest: 63,
    pattern: /^(?!.*--|.*\.\.)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    letters: "small letters, digits, . and -, with no two of - or . together",
  },
} as const;

/** Names of a queue and of its dead-letter queue; none where CloudFormation chooses them. */
export function queueNames({ arn, queueName, fifo }: SqsEvent, environment: Environment) {
  if (arn !== undefined || queueName === undefined) return undefined;
  const named = (name: string) => `${withEnvironment(name, environment)}${fifo ? ".fifo" : ""}`;
  return { queue: named(queueName), deadLetters: named(`${queueName}-dead`) };
}

export function topicNameOf({ arn, topicName }: SnsEvent, environment: Environment) {
  return arn === undefined && topicName !== undefined
    ? withEnvironment(topicName, environment)
    : undefined;
}

/** Buckets have no capitals. */
export function bucketNameOf({ bucket, bucketName }: S3Event, environment: Environment) {
  return bucket === undefined && bucketName !== undefined
    ? withEnvironment(bucketName, environment?.toLowerCase())
    : undefined;
}
