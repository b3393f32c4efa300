import { createHash } from "node:crypto";
import type { EventOf, EventSettings, EventType } from "./event-schema.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { factsOf } from "./event-facts.ts";
import { createKafkaEvent, createMskEvent } from "./kafka.ts";
import { createHttpEvent } from "./http.ts";
import { createRuleEvent } from "./rule.ts";
import { createS3Event } from "./s3.ts";
import { createScheduleEvent } from "./schedule.ts";
import { createSnsEvent } from "./sns.ts";
import { createSqsEvent } from "./sqs.ts";
import { createDynamodbEvent, createKinesisEvent } from "./stream.ts";

/** A kind of event source is a schema (event-schema.ts), its facts (event-facts.ts), and what it is made of. */
const kinds: {
  readonly [T in EventType]: (parts: EventParts<EventOf<T>>) => CreatedEvent;
} = {
  sqs: createSqsEvent,
  dynamodb: createDynamodbEvent,
  kinesis: createKinesisEvent,
  msk: createMskEvent,
  kafka: createKafkaEvent,
  schedule: createScheduleEvent,
  rule: createRuleEvent,
  s3: createS3Event,
  sns: createSnsEvent,
  http: createHttpEvent,
};

/** The event sources of a function. `id` is the function's. */
export function createEvents(
  parts: Omit<EventParts<EventSettings>, "event">,
): readonly CreatedEvent[] {
  return parts.own.events.map((event: EventSettings) =>
    createEvent({ ...parts, event, id: `${parts.id}${eventId(event)}` }),
  );
}

function createEvent<T extends EventType>(parts: EventParts<EventOf<T>>): CreatedEvent {
  return kinds[parts.event.type](parts);
}

/** `Sqs`, `Sqs1a2b3c` */
function eventId(event: EventSettings): string {
  const identity = factsOf(event).identity(event);
  const hash = createHash("sha256").update(identity).digest("hex").slice(0, 6);
  const type = event.type.charAt(0).toUpperCase() + event.type.slice(1);
  return identity === "" ? type : `${type}${hash}`;
}
