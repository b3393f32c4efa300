import { z } from "zod";
import { kafkaEvent, mskEvent } from "./kafka-schema.ts";
import { httpEvent } from "./http-schema.ts";
import { ruleEvent } from "./rule-schema.ts";
import { s3Event } from "./s3-schema.ts";
import { scheduleEvent } from "./schedule-schema.ts";
import { snsEvent } from "./sns-schema.ts";
import { sqsEvent } from "./sqs-schema.ts";
import { dynamodbEvent, kinesisEvent } from "./stream-schema.ts";

/** Made for the first event: it is a third of the schema, and many projects have none. */
const event = z.lazy(() =>
  z.discriminatedUnion(
    "type",
    [
      sqsEvent(),
      dynamodbEvent(),
      kinesisEvent(),
      mskEvent(),
      kafkaEvent(),
      scheduleEvent(),
      ruleEvent(),
      s3Event(),
      snsEvent(),
      httpEvent(),
    ],
    {
      error: (issue) =>
        issue.code === "invalid_union"
          ? `must have a type: ${eventTypes().join(" or ")}`
          : undefined,
    },
  ),
);

/** The kinds of event sources, in the order of the schema. */
const eventTypes = (): readonly string[] =>
  event.unwrap().options.map(({ shape }) => shape.type.value);

export const events = z.array(event).default([]).describe("What calls the function.");

export type EventSettings = z.output<typeof event>;
export type EventType = EventSettings["type"];
/** The settings of one kind. */
export type EventOf<T extends EventType> = { [K in T]: Extract<EventSettings, { type: K }> }[T];
