import type { ReceiveMessageResult } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { createEventBridgeService } from "../../../../src/local/services/events/service.ts";
import type { Ended } from "../../../../src/local/services/lambda/event-destination.ts";
import { EventDestination } from "../../../../src/local/services/lambda/event-destination.ts";
import { createSnsService } from "../../../../src/local/services/sns/service.ts";
import { createSqsService } from "../../../../src/local/services/sqs/service.ts";
import type { Service, TargetContext } from "../../../../src/local/service.ts";
import { inProcessTarget } from "../in-process-target.ts";

const region = "eu-west-1";
const arn = (service: string, name: string) => `arn:aws:${service}:${region}:000000000000:${name}`;

/** Writes down what it is asked to run. */
function createLambda(came: unknown[]) {
  return (): Service => ({
    name: "lambda",
    operations: {
      Invoke: async ({ Payload }: { Payload: Uint8Array }) => {
        came.push(JSON.parse(Buffer.from(Payload).toString()));
        return {};
      },
    },
  });
}

async function start() {
  const came: unknown[] = [];
  const logged: string[] = [];
  const bench = inProcessTarget([
    createSqsService,
    createSnsService,
    createEventBridgeService,
    createLambda(came),
  ]);
  const call: typeof bench.call = (...request) => bench.call(...request);
  const logging: TargetContext = { ...bench.target, log: (line) => logged.push(line) };
  const destination = new EventDestination(logging, () => undefined);
  await call("sqs", "CreateQueue", { QueueName: "q" });
  const received = async () => {
    const input = { QueueUrl: "q", MessageAttributeNames: ["All"] };
    const { Messages }: ReceiveMessageResult = await call("sqs", "ReceiveMessage", input);
    return Messages?.map(({ Body, MessageAttributes }) => ({ Body, MessageAttributes })) ?? [];
  };
  return { destination, call, came, logged, received };
}

const failed: Ended = {
  region,
  condition: "EventAgeExceeded",
  event: {
    functionName: "f",
    requestId: "r-1",
    payload: Buffer.from('{"order":7}').toString("base64"),
    acceptedAt: 0,
    dueAt: 0,
    failures: 0,
    refusals: 2,
  },
};
const record = {
  version: "1.0",
  requestContext: {
    requestId: "r-1",
    functionArn: arn("lambda", "function:f:$LATEST"),
    condition: "EventAgeExceeded",
    approximateInvokeCount: 2,
  },
  requestPayload: { order: 7 },
};

test("a queue gets the record", async () => {
  const { destination, received, logged } = await start();
  await destination.tell(arn("sqs", "q"), failed);
  const [message] = await received();
  expect(JSON.parse(message?.Body ?? "")).toMatchObject(record);
  expect(logged).toEqual([]);
});

test("a topic gets the record", async () => {
  const { destination, call, received } = await start();
  const { TopicArn } = await call("sns", "CreateTopic", { Name: "t" });
  await call("sns", "Subscribe", {
    TopicArn,
    Protocol: "sqs",
    Endpoint: arn("sqs", "q"),
    Attributes: { RawMessageDelivery: "true" },
  });
  await destination.tell(TopicArn, failed);
  const [message] = await received();
  expect(JSON.parse(message?.Body ?? "")).toMatchObject(record);
});

test("an event bus gets the record as an event", async () => {
  const { destination, call, came } = await start();
  const EventPattern = JSON.stringify({ source: ["lambda"] });
  await call("events", "PutRule", { Name: "r", EventPattern });
  const Targets = [{ Id: "f", Arn: arn("lambda", "function:g") }];
  await call("events", "PutTargets", { Rule: "r", Targets });
  const bus = arn("events", "event-bus/default");
  await destination.tell(bus, failed);
  expect(came).toEqual([
    expect.objectContaining({
      "detail-type": "Lambda Function Invocation Result - Failure",
      resources: [bus, arn("lambda", "function:f:$LATEST")],
      detail: expect.objectContaining(record),
    }),
  ]);
});

test("a dead-letter queue gets the event, with what went wrong", async () => {
  const { destination, received } = await start();
  await destination.bury(arn("sqs", "q"), failed);
  expect(await received()).toEqual([
    {
      Body: '{"order":7}',
      MessageAttributes: {
        RequestID: { DataType: "String", StringValue: "r-1" },
        ErrorCode: { DataType: "Number", StringValue: "429" },
        ErrorMessage: { DataType: "String", StringValue: "EventAgeExceeded" },
      },
    },
  ]);
});

test.each([arn("sqs", "gone"), arn("sns", "gone"), arn("kinesis", "stream/s")])(
  "what %s does not take is told",
  async (destination) => {
    const bench = await start();
    await bench.destination.tell(destination, failed);
    expect(bench.logged).toEqual([expect.stringContaining(`did not reach ${destination}: `)]);
  },
);
