import { CfnQueue } from "../cdk.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { allow } from "../policy-statement.ts";
import { createMapping, pollerProperties } from "./mapping.ts";
import { queueNames } from "./source-names.ts";
import { visibilityTimeout } from "./sqs-facts.ts";
import type { SqsEvent } from "./sqs-schema.ts";

/** Lambda developer guide, services-sqs-configure: try a message at least 5 times. */
const MAX_RECEIVE_COUNT = 5;
/** Longest that SQS keeps a message (Amazon SQS API, CreateQueue): failures shall not vanish before somebody looks. */
const FOURTEEN_DAYS = 1_209_600;

export function createSqsEvent(parts: EventParts<SqsEvent>): CreatedEvent {
  const { event } = parts;
  const queue = event.arn === undefined ? createQueue(parts) : undefined;
  const arn = queue?.attrArn ?? event.arn ?? "";
  createMapping(parts, {
    eventSourceArn: arn,
    ...(event.maximumConcurrency === undefined
      ? {}
      : { scalingConfig: { maximumConcurrency: event.maximumConcurrency } }),
    ...pollerProperties(event.pollers),
  });
  return {
    statements: [receiving(arn)],
    outputs: queue
      ? [
          {
            id: `${parts.id}QueueUrl`,
            description: "Queue that the function reads",
            value: queue.ref,
          },
        ]
      : [],
  };
}

/** What Lambda needs of a queue (Lambda developer guide, services-sqs-configure). */
const receiving = (queue: string) =>
  allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], queue);

function createQueue({ stack, id, event, own, environment }: EventParts<SqsEvent>) {
  const names = queueNames(event, environment);
  const fifo = event.fifo ? { fifoQueue: true } : {};
  const deadLetters = new CfnQueue(stack, `${id}DeadLetters`, {
    ...(names ? { queueName: names.deadLetters } : {}),
    ...fifo,
    messageRetentionPeriod: FOURTEEN_DAYS,
    sqsManagedSseEnabled: true,
  });
  return new CfnQueue(stack, `${id}Queue`, {
    ...(names ? { queueName: names.queue } : {}),
    ...fifo,
    ...(event.fifo ? { contentBasedDeduplication: true } : {}),
    visibilityTimeout: visibilityTimeout(event, own),
    sqsManagedSseEnabled: true,
    redrivePolicy: {
      deadLetterTargetArn: deadLetters.attrArn,
      maxReceiveCount: event.maxReceiveCount ?? MAX_RECEIVE_COUNT,
    },
  });
}
