import { readFile } from "node:fs/promises";
import type { InvokeWithResponseStreamResponse } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { LambdaBench } from "./lambda-bench.ts";
import { providerArn, startLambda } from "./lambda-bench.ts";

async function started(fixture: string, input: object = {}, options = {}): Promise<LambdaBench> {
  const lambda = await startLambda(options);
  await lambda.createProvider();
  await lambda.createFunction(fixture, input);
  expect(await lambda.settled()).toMatchObject({ State: "Active" });
  return lambda;
}

const withConcurrency = (concurrency: number) => ({
  CapacityProviderConfig: {
    LambdaManagedInstancesCapacityProviderConfig: {
      CapacityProviderArn: providerArn,
      PerExecutionEnvironmentMaxConcurrency: concurrency,
    },
  },
});

describe("Invoke", () => {
  test("answers once the function is published", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    const created = await lambda.createFunction("hello.mjs");
    expect(created).toMatchObject({ Version: "$LATEST.PUBLISHED", State: "Pending" });
    expect(await lambda.settled()).toMatchObject({
      State: "Active",
      LastUpdateStatus: "Successful",
      FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST.PUBLISHED",
    });
    expect(await lambda.settled("$LATEST")).toMatchObject({ State: "ActiveNonInvocable" });
    expect(await lambda.invoke({ test: "data" })).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: "$LATEST.PUBLISHED",
      answer: {
        statusCode: 200,
        body: '{"message":"Hello from Lambda Managed Instances!","event":{"test":"data"}}',
      },
    });
  });

  test("tells the function's error as Unhandled", async () => {
    const lambda = await started("behaviours.mjs");
    expect(await lambda.invoke({ do: "fail", message: "no such order" })).toMatchObject({
      StatusCode: 200,
      FunctionError: "Unhandled",
      answer: { errorType: "OrderError", errorMessage: "no such order" },
    });
  });

  test("refuses what Lambda refuses", async () => {
    const lambda = await started("hello.mjs");
    for (const [input, code, message] of [
      [{ Qualifier: "$LATEST" }, "InvalidParameterValueException", "can't be invoked with $LATEST"],
      [{ LogType: "Tail" }, "InvalidParameterValueException", "Tail logs are not supported"],
      [{ Qualifier: "nobody" }, "ResourceNotFoundException", "function:f:nobody"],
      [{ FunctionName: "g" }, "ResourceNotFoundException", "Function not found: arn:aws:lambda"],
      [{ Payload: Buffer.from("{") }, "InvalidRequestContentException", "Could not parse"],
      [{ Payload: Buffer.from([0x22, 0xff, 0x22]) }, "InvalidRequestContentException", "UTF-8"],
      [
        { ClientContext: Buffer.from("{").toString("base64") },
        "InvalidRequestContentException",
        "Client context must be",
      ],
      [
        { Payload: Buffer.alloc(6_291_457, "1") },
        "RequestTooLargeException",
        "6291457 byte payload",
      ],
      [
        { Payload: Buffer.alloc(1_048_577, "1"), InvocationType: "Event" },
        "RequestTooLargeException",
        "for the Event invocation type",
      ],
    ] as const) {
      await expect(lambda.invoke({}, input), JSON.stringify(code)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
      });
    }
  });

  test("takes a dry run and an event", async () => {
    const lambda = await started("behaviours.mjs");
    const dry = await lambda.invoke({ do: "log", message: "dry" }, { InvocationType: "DryRun" });
    expect(dry.StatusCode).toBe(204);
    const event = { do: "log", message: "later" };
    expect((await lambda.invoke(event, { InvocationType: "Event" })).StatusCode).toBe(202);
    await expect.poll(() => lambda.logLines("/aws/lambda/f").join("\n")).toContain("later");
    expect(lambda.logLines("/aws/lambda/f").join("\n")).not.toContain('"dry"');
  });

  test("refuses what no environment has room for, and takes it again afterwards", async () => {
    const lambda = await started("behaviours.mjs", withConcurrency(2));
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, id) => lambda.invoke({ do: "sleep", milliseconds: 1500, id })),
    );
    const refused = answers.filter((answer) => answer.status === "rejected");
    // Three environments with two requests each.
    expect(refused).toHaveLength(2);
    expect(refused[0]?.reason).toMatchObject({
      code: "TooManyRequestsException",
      members: { Reason: "ConcurrentInvocationLimitExceeded" },
    });
    expect((await lambda.invoke({ do: "echo" })).StatusCode).toBe(200);
  });

  test("answers a hundred requests at once, each with its own", async () => {
    const lambda = await started("behaviours.mjs");
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, id) => lambda.invoke({ do: "sleep", milliseconds: 50, id })),
    );
    expect(answers.map(({ answer }) => answer)).toEqual(
      Array.from({ length: 100 }, (_, id) => ({ slept: 50, id })),
    );
  });

  test("a crashed environment is replaced", async () => {
    const lambda = await started("behaviours.mjs");
    const before = (await lambda.invoke({ do: "thread" })).answer as { pid: number };
    expect(await lambda.invoke({ do: "killProcess" })).toMatchObject({
      FunctionError: "Unhandled",
      answer: { errorType: "Runtime.ExitError" },
    });
    const after = (await lambda.invoke({ do: "thread" })).answer as { pid: number };
    expect(after.pid).not.toBe(before.pid);
  });

  const x86Linux = process.platform === "linux" && process.arch === "x64";
  test.runIf(x86Linux)("runs a bootstrap of a package", async () => {
    const folder = new URL("../../../fixtures/bootstraps/", import.meta.url);
    const executable = { os: 3, attrs: (0o100755 << 16) >>> 0 };
    const ZipFile = zipSync({
      bootstrap: [Buffer.from(`#!/bin/sh\nexec ${process.execPath} loop.cjs\n`), executable],
      "loop.cjs": new Uint8Array(await readFile(new URL("loop.cjs", folder))),
    });
    const lambda = await started("hello.mjs", {
      Runtime: "provided.al2023",
      Handler: "main",
      Code: { ZipFile },
    });
    expect((await lambda.invoke({ do: "where" })).answer).toMatchObject({
      handler: "main",
      // Eight for each vCPU.
      concurrency: "8",
    });
    expect(await lambda.invoke({ do: "fail" })).toMatchObject({
      FunctionError: "Unhandled",
      answer: { errorType: "OrderError" },
    });
  });

  test("a function without a capacity provider is kept, but not run", async () => {
    const lambda = await startLambda();
    await lambda.createFunction("hello.mjs", {
      CapacityProviderConfig: undefined,
      PublishTo: undefined,
    });
    expect(await lambda.settled("$LATEST")).toMatchObject({ State: "Active", MemorySize: 128 });
    await expect(lambda.invoke({})).rejects.toMatchObject({
      code: "NotImplemented",
      message: expect.stringContaining("has no capacity provider"),
    });
  });

  test("writes each request's lines into the function's log group", async () => {
    const lambda = await started("behaviours.mjs", { LoggingConfig: { LogGroup: "/shop/orders" } });
    await lambda.invoke({ do: "log", message: "order 7 paid" });
    await expect
      .poll(() => lambda.logLines("/shop/orders").join("\n"))
      .toMatch(/"platform\.start"[^]*order 7 paid[^]*"platform\.report"/);
  });
});

describe("InvokeWithResponseStream", () => {
  test("streams what the function streams, and tells its error at the end", async () => {
    const lambda = await started("behaviours.mjs", { Handler: "behaviours.streaming" });
    const invoke = (event: object) =>
      lambda.call<InvokeWithResponseStreamResponse>("InvokeWithResponseStream", {
        FunctionName: "f",
        Payload: Buffer.from(JSON.stringify(event)),
      });
    const answer = await invoke({ parts: ["a", "b"] });
    expect(answer).toMatchObject({ StatusCode: 200, ResponseStreamContentType: "text/plain" });
    expect(await read(answer)).toEqual({ text: "ab", complete: {} });
    expect(await read(await invoke({ parts: ["a"], fail: true }))).toMatchObject({
      text: "a",
      complete: {
        ErrorCode: "Runtime.Unknown",
        ErrorDetails: expect.stringContaining("broke off"),
      },
    });
  });
});

const reports = (lambda: LambdaBench) =>
  lambda.logLines("/aws/lambda/f").filter((line) => line.includes('"platform.report"'));

describe("a streamed response that nobody takes", () => {
  const parts = Array.from({ length: 80 }, () => "x".repeat(60_000));
  const streaming = async () => {
    const lambda = await started("behaviours.mjs", { Handler: "behaviours.streaming" });
    const { EventStream } = await lambda.call<InvokeWithResponseStreamResponse>(
      "InvokeWithResponseStream",
      { FunctionName: "f", Payload: Buffer.from(JSON.stringify({ parts })) },
    );
    if (!EventStream) throw new Error("nothing streams");
    return { lambda, events: EventStream[Symbol.asyncIterator]() };
  };

  test("lets the function go on when its reader goes away", async () => {
    const { lambda, events } = await streaming();
    await events.next();
    await events.return?.();
    await expect.poll(() => reports(lambda), { timeout: 10_000 }).toHaveLength(1);
    expect(reports(lambda)[0]).toContain('"status":"success"');
  });

  test("makes the function wait, until it times out", async () => {
    const { lambda, events } = await streaming();
    await expect.poll(() => reports(lambda), { timeout: 10_000 }).toHaveLength(1);
    expect(reports(lambda)[0]).toContain('"status":"timeout"');
    let complete = {};
    for (let next = await events.next(); !next.done; next = await events.next())
      complete = next.value;
    expect(complete).toMatchObject({ InvokeComplete: { ErrorCode: "Sandbox.Timedout" } });
  });
});

async function read({ EventStream }: InvokeWithResponseStreamResponse) {
  let text = "";
  let complete = {};
  for await (const event of EventStream ?? []) {
    if (event.PayloadChunk) text += Buffer.from(event.PayloadChunk.Payload ?? []).toString();
    if (event.InvokeComplete) complete = event.InvokeComplete;
  }
  return { text, complete };
}
