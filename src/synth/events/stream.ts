import type { PolicyStatement } from "../settings.ts";
import { allow } from "../policy-statement.ts";
import { failureStatements } from "./event-permissions.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { createMapping, epochSeconds, retryProperties } from "./mapping.ts";
import type { DynamodbEvent, KinesisEvent } from "./stream-schema.ts";

export function createDynamodbEvent(parts: EventParts<DynamodbEvent>): CreatedEvent {
  return createStreamEvent(parts, [
    // Lambda developer guide, services-dynamodb-eventsourcemapping; listing takes no resource.
    allow(["GetRecords", "GetShardIterator", "DescribeStream"].map(dynamodb), parts.event.arn),
    allow([dynamodb("ListStreams")], "*"),
  ]);
}

export function createKinesisEvent(parts: EventParts<KinesisEvent>): CreatedEvent {
  const { arn } = parts.event;
  const [stream = arn] = arn.split("/consumer/");
  return createStreamEvent(parts, [
    // Of AWSLambdaKinesisExecutionRole what concerns one stream.
    allow(
      [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
      ],
      stream,
    ),
    ...(stream === arn
      ? []
      : [allow(["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"], arn)]),
  ]);
}

const dynamodb = (action: string) => `dynamodb:${action}`;

function createStreamEvent(
  parts: EventParts<DynamodbEvent | KinesisEvent>,
  statements: readonly PolicyStatement[],
): CreatedEvent {
  const { event } = parts;
  createMapping(parts, {
    eventSourceArn: event.arn,
    startingPosition: event.startingPosition,
    ...("startingTimestamp" in event ? epochSeconds(event.startingTimestamp) : {}),
    ...retryProperties(event),
    ...(event.tumblingWindow === undefined
      ? {}
      : { tumblingWindowInSeconds: event.tumblingWindow }),
    ...(event.parallelization === 1 ? {} : { parallelizationFactor: event.parallelization }),
  });
  return { statements: [...statements, ...failureStatements(event.onFailure)] };
}
