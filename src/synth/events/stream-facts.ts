import type { EventFacts } from "./event-facts.ts";
import { timestampRules } from "./polling-rules.ts";
import type { DynamodbEvent, KinesisEvent } from "./stream-schema.ts";

export const dynamodbFacts: EventFacts<DynamodbEvent> = {
  identity: ({ arn }) => arn,
  rules: () => [],
};

export const kinesisFacts: EventFacts<KinesisEvent> = {
  identity: ({ arn }) => arn,
  rules: timestampRules,
};
