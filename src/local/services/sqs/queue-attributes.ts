import { jsonRecord } from "../../json-record.ts";
import type { CallContext } from "../../service.ts";
import { isFifo, queueArn, type QueueDocument } from "./queue.ts";
import { invalidAttributeName, invalidAttributeValue, invalidParameter } from "./sqs-errors.ts";

/** Least, most and default (Amazon SQS API, CreateQueue; a message may have 1 MiB since August 2025). */
const numbers: Readonly<Record<string, readonly [min: number, max: number, usual: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
};
const flags = ["ContentBasedDeduplication", "FifoQueue", "SqsManagedSseEnabled"];
const choices: Readonly<Record<string, readonly string[]>> = {
  DeduplicationScope: ["queue", "messageGroup"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
};
const onlyFifo = new Set([
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
]);
const others = ["KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"];
const documents = ["Policy", "RedrivePolicy", "RedriveAllowPolicy"];
const counted = new Set([
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
]);
const settable = new Set([
  ...Object.keys(numbers),
  ...flags,
  ...Object.keys(choices),
  ...others,
  ...documents,
]);

export type Attributes = Readonly<Record<string, string>>;

/** Attributes of a new queue: what is given over the defaults. */
export function newAttributes(name: string, given: Attributes, context: CallContext): Attributes {
  checkFifo(name, given);
  const changed = changedAttributes({ name, attributes: {} }, given, context);
  const usual = Object.entries(numbers).map(([key, [, , value]]) => [key, String(value)] as const);
  const fifo: Attributes = isFifo({ name })
    ? {
        ContentBasedDeduplication: "false",
        DeduplicationScope: "queue",
        FifoThroughputLimit: "perQueue",
      }
    : {};
  const sse = changed["KmsMasterKeyId"] === undefined ? "true" : "false";
  return { ...Object.fromEntries(usual), ...fifo, SqsManagedSseEnabled: sse, ...changed };
}

/** Attributes of a queue after a change. Nothing as a document or key takes it away. */
export function changedAttributes(
  queue: Pick<QueueDocument, "name" | "attributes">,
  given: Attributes,
  context: CallContext,
): Attributes {
  for (const [key, value] of Object.entries(given)) check(queue, key, value, context);
  const all = { ...queue.attributes, ...given };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

function checkFifo(name: string, given: Attributes): void {
  const wanted = given["FifoQueue"];
  const named = isFifo({ name });
  // Observed text of the SQS API.
  if (wanted === "true" && !named)
    throw invalidParameter(
      "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.",
    );
  if (named && wanted !== "true")
    throw invalidParameter(
      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
    );
}

function check(
  queue: Pick<QueueDocument, "name" | "attributes">,
  key: string,
  value: string,
  context: CallContext,
): void {
  if (!settable.has(key)) throw invalidAttributeName(key);
  if (onlyFifo.has(key) && !isFifo(queue)) throw invalidAttributeName(key);
  const before = queue.attributes["FifoQueue"];
  if (key === "FifoQueue" && Object.keys(queue.attributes).length > 0 && before !== value)
    throw invalidAttributeValue(key);
  if (!isValue(key, value)) throw invalidAttributeValue(key);
  if (documents.includes(key) && value !== "") checkDocument(queue, key, value, context);
}

function isValue(key: string, value: string): boolean {
  const range = numbers[key];
  if (range) return /^\d+$/.test(value) && Number(value) >= range[0] && Number(value) <= range[1];
  return (flags.includes(key) ? ["true", "false"] : choices[key])?.includes(value) ?? true;
}

function checkDocument(
  queue: Pick<QueueDocument, "name">,
  key: string,
  value: string,
  context: CallContext,
): void {
  const parsed = jsonRecord(value);
  if (parsed === undefined) throw invalidAttributeValue(key);
  if (key !== "RedrivePolicy") return;
  const { deadLetterTargetArn: arn, maxReceiveCount } = parsed;
  const count = Number(maxReceiveCount);
  const prefix = queueArn("", context);
  if (typeof arn !== "string" || !arn.startsWith(prefix)) throw invalidAttributeValue(key);
  // 1 to 1000, and a dead-letter queue of the same kind (developer guide, dead-letter queues).
  if (!Number.isInteger(count) || count < 1 || count > 1000) throw invalidAttributeValue(key);
  if (isFifo({ name: arn }) !== isFifo(queue)) throw invalidAttributeValue(key);
}

export interface Counts {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

/** What a queue says of itself, of the attributes that were asked for. */
export function presentedAttributes(
  queue: QueueDocument,
  asked: readonly string[],
  counts: Counts,
  context: CallContext,
): Attributes {
  const all: Attributes = {
    ...queue.attributes,
    QueueArn: queueArn(queue.name, context),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
  };
  const unknown = asked.find((name) => name !== "All" && !settable.has(name) && !counted.has(name));
  if (unknown !== undefined) throw invalidAttributeName(unknown);
  if (asked.includes("All")) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
}
