import type { FunctionSettings } from "../settings.ts";
import type { EventFacts, EventFinding } from "./event-facts.ts";
import { filterFindings } from "./pattern-findings.ts";
import { pollerRules } from "./polling-rules.ts";
import { queueNames } from "./source-names.ts";
import type { SqsEvent } from "./sqs-schema.ts";

/** Lambda developer guide, services-sqs-configure: the visibility timeout is 6 × the function's timeout, and the window. */
export function visibilityTimeout(event: SqsEvent, own: FunctionSettings): number {
  return event.visibilityTimeout ?? 6 * own.timeout + (event.batchWindow ?? 0);
}

function isFifo({ arn, fifo }: SqsEvent): boolean {
  return arn === undefined ? fifo === true : arn.endsWith(".fifo");
}

/** Settings of the queue, which mean nothing for one that exists. */
const ofTheQueue = ["queueName", "fifo", "visibilityTimeout", "maxReceiveCount"] as const;

export const sqsFacts: EventFacts<SqsEvent> = {
  identity: ({ arn, queueName }) => arn ?? queueName ?? "",
  names: (event, environment) => {
    const names = queueNames(event, environment);
    if (!names) return [];
    return [
      { kind: "queue", name: names.queue, key: "queueName" },
      { kind: "dead-letter queue", name: names.deadLetters, key: "queueName" },
    ];
  },
  rules: (event, own) => [
    ...filterFindings(event),
    ...queueMoot(event),
    ...batchRules(event),
    ...visibilityRules(event, own),
    ...concurrencyRules(event),
  ],
};

function queueMoot(event: SqsEvent): EventFinding[] {
  if (event.arn === undefined) return [];
  return ofTheQueue
    .filter((key) => event[key] !== undefined)
    .map((key) => ({
      key,
      value: event[key],
      message: "says something of the queue that lmi makes, but arn names one that exists",
      code: "event-queue-moot",
    }));
}

function batchRules(event: SqsEvent): EventFinding[] {
  const { batchSize, batchWindow = 0 } = event;
  if (isFifo(event)) {
    return [
      ...(batchSize > 10
        ? [
            {
              key: "batchSize",
              value: batchSize,
              message: "must be at most 10 for a FIFO queue",
              code: "event-batch-size",
            },
          ]
        : []),
      ...(batchWindow > 0
        ? [
            {
              key: "batchWindow",
              value: batchWindow,
              message: "must be 0 or left out for a FIFO queue",
              code: "event-batch-window",
            },
          ]
        : []),
    ];
  }
  if (batchSize <= 10 || batchWindow >= 1) return [];
  return [
    {
      key: "batchSize",
      value: batchSize,
      message: "must be at most 10, or batchWindow at least 1",
      code: "event-batch-window",
    },
  ];
}

function visibilityRules(event: SqsEvent, own: FunctionSettings): EventFinding[] {
  if (event.arn !== undefined || event.visibilityTimeout === undefined) return [];
  const advised = visibilityTimeout({ ...event, visibilityTimeout: undefined }, own);
  const { visibilityTimeout: value } = event;
  const common = {
    key: "visibilityTimeout",
    value,
    code: "event-visibility-timeout",
    involves: ["timeout"],
  };
  if (value < own.timeout)
    return [{ ...common, message: `must be at least the function's timeout, ${own.timeout}` }];
  if (value >= advised) return [];
  const message = `is less than ${advised}, 6 × the function's timeout: a batch that waits for room is sent twice`;
  return [{ ...common, message, severity: "warning" }];
}

function concurrencyRules({ maximumConcurrency, pollers }: SqsEvent): EventFinding[] {
  return [
    ...(maximumConcurrency !== undefined && pollers !== undefined
      ? [
          {
            key: "maximumConcurrency",
            value: maximumConcurrency,
            message: "cannot be together with pollers",
            code: "event-pollers",
          },
        ]
      : []),
    ...pollerRules(pollers ?? {}),
  ];
}
