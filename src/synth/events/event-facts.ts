import type { FunctionSettings } from "../settings.ts";
import type { EventOf, EventType } from "./event-schema.ts";
import { kafkaFacts, mskFacts } from "./kafka-facts.ts";
import { httpFacts } from "./http-facts.ts";
import { ruleFacts } from "./rule-facts.ts";
import { s3Facts } from "./s3-facts.ts";
import { scheduleFacts } from "./schedule-facts.ts";
import { snsFacts } from "./sns-facts.ts";
import type { SourceName } from "./source-names.ts";
import { sqsFacts } from "./sqs-facts.ts";
import { dynamodbFacts, kinesisFacts } from "./stream-facts.ts";

/** Something wrong within one event; `key` is one of its settings, or empty for the whole. */
export interface EventFinding {
  readonly key: string;
  readonly value: unknown;
  readonly message: string;
  readonly code: string;
  readonly severity?: "warning";
  /** Other settings of the function that it read. */
  readonly involves?: readonly string[];
}

/** What is known of a kind of event source without making anything of it (no CDK here). */
export interface EventFacts<Event> {
  /**
   * Tells the sources of one kind apart, also in their logical ids: never the place in the list, since a source that
   * moves there would be replaced. Empty where there is one of a kind.
   */
  identity(event: Event): string;
  /** Names at AWS of what lmi makes for it, where it does not leave them to CloudFormation. */
  names?(event: Event, environment: string | undefined): readonly SourceName[];
  rules(event: Event, own: FunctionSettings): readonly EventFinding[];
}

const facts: { readonly [T in EventType]: EventFacts<EventOf<T>> } = {
  sqs: sqsFacts,
  dynamodb: dynamodbFacts,
  kinesis: kinesisFacts,
  msk: mskFacts,
  kafka: kafkaFacts,
  schedule: scheduleFacts,
  rule: ruleFacts,
  s3: s3Facts,
  sns: snsFacts,
  http: httpFacts,
};

export function factsOf<T extends EventType>(event: EventOf<T>): EventFacts<EventOf<T>> {
  return facts[event.type];
}
