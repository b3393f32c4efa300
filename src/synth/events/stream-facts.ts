import type { EventFacts } from "./event-facts.ts";
import { filterFindings } from "./pattern-findings.ts";
import { timestampRules } from "./polling-rules.ts";
import type { DynamodbEvent, KinesisEvent } from "./stream-schema.ts";

export const dynamodbFacts: EventFacts<DynamodbEvent> = {
  identity: ({ arn }) => arn,
  rules: filterFindings,
};

export const kinesisFacts: EventFacts<KinesisEvent> = {
  identity: ({ arn }) => arn,
  rules: (event) => [...filterFindings(event), ...timestampRules(event)],
};
