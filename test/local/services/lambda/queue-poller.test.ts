import type { EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { ownCall } from "../../../../src/local/services/lambda/lambda-context.ts";
import { jumpClock } from "./jump-clock.ts";
import { region, startLambda, until } from "./lambda-bench.ts";

const arn = (name: string) => `arn:aws:sqs:${region}:000000000000:${name}`;
/** A process has to start in between. */
const patient = { timeout: 20_000 };

/** A function that is mapped to a queue with a dead-letter queue, on a clock that the test moves. */
async function started(settings: object = {}, name = "jobs") {
  const clock = jumpClock();
  const lambda = await startLambda({ autoscaling: false }, { clock });
  const sqs = async (operation: string, input: object) =>
    lambda.target.call<Record<string, unknown>>(
      "sqs",
      operation,
      input,
      ownCall(lambda.target, region),
    );
  const fifo = name.endsWith(".fifo")
    ? { FifoQueue: "true", ContentBasedDeduplication: "true" }
    : {};
  const dead = `dead-${name}`;
  await sqs("CreateQueue", { QueueName: dead, Attributes: fifo });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(dead), maxReceiveCount: 2 });
  const Attributes = { VisibilityTimeout: "60", RedrivePolicy, ...fifo };
  await sqs("CreateQueue", { QueueName: name, Attributes });
  await lambda.createProvider();
  await lambda.createFunction("queue-worker.mjs", { Timeout: 10 });
  await lambda.settled();
  const created = await lambda.call<EventSourceMappingConfiguration>("CreateEventSourceMapping", {
    FunctionName: "f",
    EventSourceArn: arn(name),
    ...settings,
  });
  const { UUID } = created;
  const state = async () => {
    const found = await lambda.call<EventSourceMappingConfiguration>("GetEventSourceMapping", {
      UUID,
    });
    return found.State ?? "";
  };
  await until(async () => ["Enabled", "Disabled"].includes(await state()));
  return {
    clock,
    lambda,
    UUID,
    created,
    state,
    sqs,
    send: (...bodies: string[]) =>
      sqs("SendMessageBatch", {
        QueueUrl: name,
        Entries: bodies.map((MessageBody, index) => ({
          Id: `m${index}`,
          MessageBody,
          ...(name.endsWith(".fifo") ? { MessageGroupId: "one" } : {}),
        })),
      }),
    /** Bodies of each batch that the function got. */
    batches: (): string[][] =>
      lambda
        .logLines("/aws/lambda/f")
        .filter((line) => line.includes('"bodies"'))
        .map((line) => (JSON.parse(line) as { message: { bodies: string[] } }).message.bodies),
    /** Messages in the queue: those to be seen, and those in flight. */
    left: async (queue = name) => {
      const answer = await sqs("GetQueueAttributes", {
        QueueUrl: queue,
        AttributeNames: ["All"],
      });
      const counts = answer["Attributes"] as Record<string, string>;
      return [
        Number(counts["ApproximateNumberOfMessages"]),
        Number(counts["ApproximateNumberOfMessagesNotVisible"]),
      ];
    },
  };
}

const refusal = (name: string, text: RegExp) => ({
  code: name,
  message: expect.stringMatching(text) as string,
});

describe("messages of a mapped queue", () => {
  test("come to the function as on AWS, and are deleted when it has succeeded", async () => {
    const { send, batches, left, lambda } = await started();
    await send("one", "two");
    await expect.poll(batches, patient).toEqual([["one", "two"]]);
    await expect.poll(() => left(), patient).toEqual([0, 0]);
    const line = lambda.logLines("/aws/lambda/f").find((each) => each.includes('"bodies"')) ?? "";
    const { first } = (JSON.parse(line) as { message: { first: object } }).message;
    expect(first).toEqual({
      messageId: expect.any(String) as string,
      receiptHandle: expect.any(String) as string,
      body: "one",
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: expect.any(String) as string,
        SenderId: expect.any(String) as string,
        ApproximateFirstReceiveTimestamp: expect.any(String) as string,
      },
      messageAttributes: {},
      md5OfBody: "f97c5d29941bfb1b2fdab0874906ab82",
      eventSource: "aws:sqs",
      eventSourceARN: arn("jobs"),
      awsRegion: region,
    });
  });

  test("come again after the visibility timeout when it fails, and then go to the dead letters", async () => {
    const { send, batches, left, clock } = await started();
    await send("throw");
    await expect.poll(batches, patient).toHaveLength(1);
    await expect.poll(() => left(), patient).toEqual([0, 1]);
    clock.jump(60_000);
    await expect.poll(batches, patient).toHaveLength(2);
    expect(await left("dead-jobs")).toEqual([0, 0]);
    clock.jump(60_000);
    await expect.poll(() => left("dead-jobs"), patient).toEqual([1, 0]);
    expect(batches()).toHaveLength(2);
  });

  test("of which some failed come again alone, where the mapping reports them", async () => {
    const settings = { FunctionResponseTypes: ["ReportBatchItemFailures"] };
    const { send, batches, left, clock } = await started(settings);
    await send("good", "bad", "fine");
    await expect.poll(() => left(), patient).toEqual([0, 1]);
    clock.jump(60_000);
    await expect.poll(batches, patient).toEqual([["good", "bad", "fine"], ["bad"]]);
  });

  test("all come again when a report cannot be understood", async () => {
    const settings = { FunctionResponseTypes: ["ReportBatchItemFailures"] };
    const { send, batches, left } = await started(settings);
    await send("nonsense", "good");
    await expect.poll(batches, patient).toHaveLength(1);
    await expect.poll(() => left(), patient).toEqual([0, 2]);
  });

  test("that no filter lets pass are deleted unseen", async () => {
    const FilterCriteria = {
      Filters: [{ Pattern: JSON.stringify({ body: { price: [{ numeric: [">", 10] }] } }) }],
    };
    const { send, batches, left } = await started({ FilterCriteria });
    await send('{"price":5}', "no JSON", '{"price":15}');
    await expect.poll(batches, patient).toEqual([['{"price":15}']]);
    await expect.poll(() => left(), patient).toEqual([0, 0]);
  });

  test("are gathered until the window ends or the batch is full", async () => {
    const settings = { BatchSize: 3, MaximumBatchingWindowInSeconds: 30 };
    const { send, batches, clock } = await started(settings);
    await send("one");
    await expect.poll(() => clock.sleeps(), patient).toContain(20_000);
    await send("two");
    await expect.poll(() => clock.sleeps(), patient).toContain(20_000);
    expect(batches()).toEqual([]);
    await send("three");
    await expect.poll(batches, patient).toEqual([["one", "two", "three"]]);
  });

  test("of a group come in their order, one batch after the other", async () => {
    const { send, batches } = await started({ BatchSize: 1 }, "jobs.fifo");
    await send("one", "two", "three");
    await expect.poll(batches, patient).toEqual([["one"], ["two"], ["three"]]);
  });

  test("wait where the mapping is disabled, and come once it is enabled; also after a restart", async () => {
    const { send, batches, left, lambda, UUID, state } = await started({ Enabled: false });
    await send("one");
    expect(await left()).toEqual([1, 0]);
    await lambda.call("UpdateEventSourceMapping", { UUID, Enabled: true });
    await expect.poll(batches, patient).toEqual([["one"]]);
    await lambda.restart();
    await lambda.settled();
    await send("two");
    await expect.poll(batches, patient).toEqual([["one"], ["two"]]);
    await lambda.call("DeleteEventSourceMapping", { UUID });
    await expect
      .poll(() => state().catch(({ code }: { code: string }) => code), patient)
      .toBe("ResourceNotFoundException");
    await send("three");
    expect(await left()).toEqual([1, 0]);
  });
});

describe("an event source mapping", () => {
  test("answers as AWS does while it is made", async () => {
    const { created } = await started();
    expect(created).toMatchObject({
      State: "Creating",
      StateTransitionReason: "USER_INITIATED",
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: [],
      FunctionArn: `arn:aws:lambda:${region}:000000000000:function:f`,
    });
    expect(created.UUID).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each<[string, object, { code: string }]>([
    [
      "of a function that is not there",
      { FunctionName: "none" },
      refusal("InvalidParameterValueException", /Function does not exist/),
    ],
    [
      "of a queue that is not there",
      { EventSourceArn: arn("none") },
      refusal("InvalidParameterValueException", /NonExistentQueue/),
    ],
    [
      "of the same queue again",
      { EventSourceArn: arn("jobs") },
      refusal("ResourceConflictException", /An event source mapping with SQS arn/),
    ],
    [
      "of large batches without a window",
      { EventSourceArn: arn("dead-jobs"), BatchSize: 11 },
      refusal("InvalidParameterValueException", /Maximum batch window/),
    ],
    [
      "with a filter that is none",
      { EventSourceArn: arn("dead-jobs"), FilterCriteria: { Filters: [{ Pattern: "[]" }] } },
      refusal("InvalidParameterValueException", /Invalid filter pattern/),
    ],
    [
      "of a stream without a position",
      { EventSourceArn: `arn:aws:kinesis:${region}:000000000000:stream/s` },
      refusal("ValidationException", /startingPosition/),
    ],
    [
      "of a kind that managed instances do not have",
      { EventSourceArn: `arn:aws:mq:${region}:000000000000:broker:b` },
      refusal("InvalidParameterValueException", /not supported/),
    ],
    [
      "with a batch beyond the range",
      { EventSourceArn: arn("dead-jobs"), BatchSize: 10_001 },
      refusal("ValidationException", /batchSize/),
    ],
  ])("is refused %s", async (_what, input, error) => {
    const { lambda } = await started({ Enabled: false });
    const call = lambda.call("CreateEventSourceMapping", { FunctionName: "f", ...input });
    await expect(call).rejects.toMatchObject(error);
  });

  test("is refused of a queue that hides messages less long than the function may work", async () => {
    const { lambda, sqs } = await started({ Enabled: false });
    await sqs("CreateQueue", { QueueName: "short", Attributes: { VisibilityTimeout: "9" } });
    const EventSourceArn = arn("short");
    await expect(
      lambda.call("CreateEventSourceMapping", { FunctionName: "f", EventSourceArn }),
    ).rejects.toThrow(
      "Queue visibility timeout: 9 seconds is less than Function timeout: 10 seconds",
    );
  });

  test("is not changed or deleted while it changes, and is listed by function and source", async () => {
    const { lambda, UUID } = await started({ Enabled: false });
    await lambda.call("UpdateEventSourceMapping", { UUID, BatchSize: 3 });
    await expect(lambda.call("DeleteEventSourceMapping", { UUID })).rejects.toMatchObject({
      code: "ResourceInUseException",
    });
    const list = async (input: object) => {
      const { EventSourceMappings = [] } = await lambda.call<{
        EventSourceMappings?: EventSourceMappingConfiguration[];
      }>("ListEventSourceMappings", input);
      return EventSourceMappings.map(({ BatchSize }) => BatchSize);
    };
    expect(await list({ FunctionName: "f" })).toEqual([3]);
    expect(await list({ EventSourceArn: arn("jobs") })).toEqual([3]);
    expect(await list({ EventSourceArn: arn("dead-jobs") })).toEqual([]);
  });

  test("of a stream is kept with AWS's defaults", async () => {
    const { lambda } = await started({ Enabled: false });
    const mapping = await lambda.call("CreateEventSourceMapping", {
      FunctionName: "f",
      EventSourceArn: `arn:aws:dynamodb:${region}:000000000000:table/t/stream/2026-11-25T00:00:00.000`,
      StartingPosition: "LATEST",
    });
    expect(mapping).toMatchObject({
      BatchSize: 100,
      MaximumRetryAttempts: -1,
      MaximumRecordAgeInSeconds: -1,
      ParallelizationFactor: 1,
      DestinationConfig: { OnFailure: {} },
      LastProcessingResult: "No records processed",
    });
  });
});
