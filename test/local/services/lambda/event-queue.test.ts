import { describe, expect, test } from "vitest";
import { ownCall } from "../../../../src/local/services/lambda/lambda-context.ts";
import { jumpClock } from "./jump-clock.ts";
import type { LambdaBench } from "./lambda-bench.ts";
import { gone, providerArn, region, startLambda, until } from "./lambda-bench.ts";

const minute = 60_000;
const arn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

async function started(settings: object = {}, input: object = {}) {
  const clock = jumpClock();
  const stored: { Bucket: string; Key: string; record: unknown }[] = [];
  const lambda = await startLambda(
    { autoscaling: false },
    {
      clock,
      putObject: ({ Bucket, Key, Body }) => {
        stored.push({ Bucket, Key, record: JSON.parse(Buffer.from(Body).toString()) });
      },
    },
  );
  await lambda.createProvider();
  await lambda.createFunction("behaviours.mjs", input);
  await lambda.settled();
  await lambda.call("PutFunctionEventInvokeConfig", { FunctionName: "f", ...settings });
  return { lambda, clock, stored, send: (event: object) => send(lambda, event) };
}

const send = async (lambda: LambdaBench, event: object) => {
  const { StatusCode } = await lambda.invoke(event, { InvocationType: "Event" });
  expect(StatusCode).toBe(202);
};

/** Events that are kept. */
const queued = ({ state }: LambdaBench) =>
  state.collection<{ failures: number; refusals: number }>("lambda.event-invokes").list(region);

/** Starts of requests, by request id. */
function starts(lambda: LambdaBench, functionName = "f"): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lambda.logLines(`/aws/lambda/${functionName}`)) {
    if (!line.includes('"platform.start"')) continue;
    const { requestId } = (JSON.parse(line) as { record: { requestId: string } }).record;
    counts.set(requestId, (counts.get(requestId) ?? 0) + 1);
  }
  return counts;
}

/** A process has to start in between. */
const patient = { timeout: 20_000 };

const oneRequest = (times: number) => [times];

describe("an asynchronous invoke that fails", () => {
  test("runs again after one and two minutes, then its record goes to the function that waits", async () => {
    const {
      lambda,
      clock,
      send: invoke,
    } = await started({
      DestinationConfig: { OnFailure: { Destination: arn("g") } },
    });
    await lambda.createFunction("behaviours.mjs", {
      FunctionName: "g",
      Handler: "behaviours.logged",
    });
    await lambda.settled("$LATEST.PUBLISHED", "g");
    await invoke({ do: "fail", message: "no such order" });
    await expect.poll(() => clock.sleeps(), patient).toEqual([minute]);
    clock.jump(minute);
    await expect.poll(() => clock.sleeps(), patient).toEqual([2 * minute]);
    clock.jump(2 * minute - 1);
    expect(queued(lambda)).toEqual([expect.objectContaining({ failures: 2 })]);
    clock.jump(1);
    await expect
      .poll(() => lambda.logLines("/aws/lambda/g").join("\n"))
      .toContain("RetriesExhausted");
    await expect.poll(() => [...starts(lambda).values()], patient).toEqual(oneRequest(3));
    const line = lambda.logLines("/aws/lambda/g").find((each) => each.includes("RetriesExhausted"));
    const [requestId] = starts(lambda).keys();
    expect((JSON.parse(line ?? "") as { message: unknown }).message).toEqual({
      version: "1.0",
      timestamp: "2026-11-25T12:03:00.000Z",
      requestContext: {
        requestId,
        functionArn: arn("f:$LATEST.PUBLISHED"),
        condition: "RetriesExhausted",
        approximateInvokeCount: 3,
      },
      requestPayload: { do: "fail", message: "no such order" },
      responseContext: {
        statusCode: 200,
        executedVersion: "$LATEST.PUBLISHED",
        functionError: "Unhandled",
      },
      responsePayload: expect.objectContaining({ errorType: "OrderError" }),
    });
    await expect.poll(() => queued(lambda), patient).toEqual([]);
  });

  test("runs no more often than it may, and its record is stored in a bucket", async () => {
    const {
      lambda,
      stored,
      send: invoke,
    } = await started({
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::records" } },
    });
    await invoke({ do: "fail", message: "once" });
    await expect
      .poll(() => stored)
      .toEqual([
        {
          Bucket: "records",
          Key: expect.stringMatching(
            /^aws\/lambda\/async\/f\/2026\/11\/25\/2026-11-25T12\.00\.00-[0-9a-f-]{36}$/,
          ),
          record: expect.objectContaining({
            requestContext: expect.objectContaining({
              condition: "RetriesExhausted",
              approximateInvokeCount: 1,
            }),
          }),
        },
      ]);
    await expect.poll(() => queued(lambda), patient).toEqual([]);
  });
});

test("what failed lies in the function's dead-letter queue", async () => {
  const { lambda, send: invoke } = await started(
    { MaximumRetryAttempts: 0 },
    { DeadLetterConfig: { TargetArn: "arn:aws:sqs:us-east-1:000000000000:dead" } },
  );
  const sqs = (operation: string, input: object) =>
    lambda.target.call<{ Messages?: { Body: string }[] }>(
      "sqs",
      operation,
      input,
      ownCall(lambda.target, region),
    );
  await sqs("CreateQueue", { QueueName: "dead" });
  await invoke({ do: "fail", message: "no such order" });
  await expect.poll(() => queued(lambda), patient).toEqual([]);
  const { Messages } = await sqs("ReceiveMessage", {
    QueueUrl: "dead",
    MessageAttributeNames: ["All"],
  });
  expect(Messages).toEqual([
    expect.objectContaining({
      Body: JSON.stringify({ do: "fail", message: "no such order" }),
      MessageAttributes: expect.objectContaining({
        ErrorCode: { DataType: "Number", StringValue: "200" },
        ErrorMessage: { DataType: "String", StringValue: "no such order" },
      }),
    }),
  ]);
});

test("an event that is throttled is tried again until it is too old", async () => {
  const {
    lambda,
    clock,
    stored,
    send: invoke,
  } = await started(
    {
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::records" } },
    },
    {
      Timeout: 900,
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: providerArn,
          PerExecutionEnvironmentMaxConcurrency: 1,
        },
      },
    },
  );
  await lambda.call("PutFunctionScalingConfig", {
    FunctionName: "f",
    Qualifier: "$LATEST.PUBLISHED",
    FunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 1 },
  });
  await lambda.settled();
  const busy = lambda.invoke({ do: "sleep", milliseconds: 600_000 }).catch(() => undefined);
  await expect.poll(() => starts(lambda).size, patient).toBe(1);
  await invoke({ do: "echo" });
  for (const backoff of [1000, 2000, 4000, 8000, 16_000]) {
    await expect.poll(() => clock.sleeps(), patient).toEqual([backoff]);
    clock.jump(backoff);
  }
  // The next try would come after 32 s; the event is one minute old before that.
  await expect.poll(() => clock.sleeps(), patient).toEqual([29_000]);
  clock.jump(29_000);
  await expect
    .poll(() => stored.map(({ record }) => record))
    .toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({ condition: "EventAgeExceeded" }),
        requestPayload: { do: "echo" },
      }),
    ]);
  expect(starts(lambda).size).toBe(1);
  await lambda.service().close?.();
  await busy;
});

describe("what was acknowledged is not lost", () => {
  test("while it runs: it runs again after a restart", async () => {
    const { lambda, send: invoke } = await started({}, { Timeout: 900 });
    await invoke({ do: "sleep", milliseconds: 600 });
    expect(queued(lambda)).toHaveLength(1);
    await expect.poll(() => [...starts(lambda).values()], patient).toEqual(oneRequest(1));
    await lambda.restart();
    await expect
      .poll(() => lambda.logLines("/aws/lambda/f").join("\n"), patient)
      .toContain("slept 600");
    expect([...starts(lambda).values()]).toEqual(oneRequest(2));
    await expect.poll(() => queued(lambda), patient).toEqual([]);
  });

  test("while it waits for its next try", async () => {
    const { lambda, clock, send: invoke } = await started({ MaximumRetryAttempts: 1 });
    await invoke({ do: "fail", message: "again" });
    await expect.poll(() => clock.sleeps(), patient).toEqual([minute]);
    await lambda.restart();
    await expect.poll(() => clock.sleeps(), patient).toEqual([minute]);
    expect(queued(lambda)).toEqual([expect.objectContaining({ failures: 1 })]);
    clock.jump(minute);
    await expect.poll(() => [...starts(lambda).values()], patient).toEqual(oneRequest(2));
    await expect.poll(() => queued(lambda), patient).toEqual([]);
  });

  test("unless the function is deleted", async () => {
    const { lambda, clock, send: invoke } = await started();
    await invoke({ do: "fail", message: "never again" });
    await expect.poll(() => clock.sleeps(), patient).toEqual([minute]);
    await lambda.call("DeleteFunction", { FunctionName: "f" });
    await until(async () => gone(lambda.call("GetFunction", { FunctionName: "f" })));
    clock.jump(minute);
    await expect.poll(() => queued(lambda), patient).toEqual([]);
  });
});

test("an invoke without a qualifier follows the settings of $LATEST.PUBLISHED, and else those of the function", async () => {
  const {
    lambda,
    stored,
    send: invoke,
  } = await started({
    DestinationConfig: { OnSuccess: { Destination: "arn:aws:s3:::of-the-function" } },
  });
  await invoke({ do: "echo" });
  await expect.poll(() => stored.map(({ Bucket }) => Bucket), patient).toEqual(["of-the-function"]);
  await lambda.call("PutFunctionEventInvokeConfig", {
    FunctionName: "f",
    Qualifier: "$LATEST.PUBLISHED",
    DestinationConfig: { OnSuccess: { Destination: "arn:aws:s3:::of-the-version" } },
  });
  await invoke({ do: "echo" });
  await expect
    .poll(() => stored.map(({ Bucket }) => Bucket), patient)
    .toEqual(["of-the-function", "of-the-version"]);
});
