import type { EventFacts, EventFinding } from "./event-facts.ts";
import { topicNameOf } from "./source-names.ts";
import { patternFindings } from "./pattern-findings.ts";
import type { SnsEvent } from "./sns-schema.ts";

/** Settings of the topic, which mean nothing for one that exists. */
const ofTheTopic = ["topicName", "kmsKeyArn"] as const;

export const snsFacts: EventFacts<SnsEvent> = {
  identity: ({ arn, topicName }) => arn ?? topicName ?? "",
  names: (event, environment) => {
    const name = topicNameOf(event, environment);
    return name === undefined ? [] : [{ kind: "topic", name, key: "topicName" }];
  },
  rules: (event) => [
    ...topicMoot(event),
    ...fifoFindings(event),
    ...scopeFindings(event),
    ...filterFindings(event),
  ],
};

function topicMoot(event: SnsEvent): EventFinding[] {
  if (event.arn === undefined) return [];
  return ofTheTopic
    .filter((key) => event[key] !== undefined)
    .map((key) => ({
      key,
      value: event[key],
      message: "says something of the topic that lmi makes, but arn names one that exists",
      code: "event-topic-moot",
    }));
}

function fifoFindings({ arn }: SnsEvent): EventFinding[] {
  if (!arn?.endsWith(".fifo")) return [];
  const message =
    "is a FIFO topic, which sends to SQS queues alone: put a queue between (type sqs)";
  return [{ key: "arn", value: arn, message, code: "event-topic-fifo" }];
}

/** An empty policy lets all through. */
const filterFindings = ({ filter = {} }: SnsEvent) =>
  Object.keys(filter).length === 0 ? [] : patternFindings("filter", filter);

function scopeFindings({ filter, filterScope }: SnsEvent): EventFinding[] {
  if (filter !== undefined || filterScope === undefined) return [];
  const message = "says what filter looks at, and there is none";
  return [{ key: "filterScope", value: filterScope, message, code: "event-filter-scope" }];
}
