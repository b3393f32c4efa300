import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { invocation, run, testEnvironments } from "./test-environments.ts";

const environments = testEnvironments();
const { lines, start } = environments;

afterEach(() => environments.stop());

describe("an execution environment", () => {
  test("answers through AWS's runtime client", async () => {
    const environment = await start("hello.handler");
    expect(await run(environment, { test: "data" })).toEqual({
      answer: {
        statusCode: 200,
        body: '{"message":"Hello from Lambda Managed Instances!","event":{"test":"data"}}',
      },
      errorType: undefined,
    });
  });

  test("tells type, message and stack of the function's error", async () => {
    const environment = await start("behaviours.handler");
    const { answer, errorType } = await run(environment, { do: "fail", message: "no such order" });
    // AWS's client names no type to the platform: callers read the body.
    expect(errorType).toBe("Runtime.Unknown");
    expect(answer).toMatchObject({ errorType: "OrderError", errorMessage: "no such order" });
    expect(answer.trace[0]).toBe("OrderError: no such order");
  });

  test("serves many requests at once, each with its own answer", async () => {
    const environment = await start("behaviours.handler", { workers: 2 });
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, id) =>
        run(environment, { do: "meet", count: 64, id }, { timeoutMs: 20_000 }),
      ),
    );
    expect(answers.map(({ answer }) => answer.id)).toEqual(
      Array.from({ length: 64 }, (_, id) => id),
    );
  });

  test("answers a timeout while the code runs on", async () => {
    const environment = await start("behaviours.handler");
    const { answer, errorType } = await run(
      environment,
      { do: "sleep", milliseconds: 300 },
      { timeoutMs: 100, requestId: "11111111-0000-4000-8000-000000000000" },
    );
    expect(errorType).toBe("Sandbox.Timedout");
    expect(answer).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: "Task timed out after 0.10 seconds",
    });
    expect(environment.serving).toBe(true);
    await expect.poll(() => lines.join("\n")).toContain("slept 300");
    expect((await run(environment, { do: "echo", n: 1 })).answer).toEqual({ do: "echo", n: 1 });
  });

  test("has Lambda's variables and the function's own, and none of the developer's", async () => {
    process.env["LMI_TEST_SECRET"] = "leaked";
    const environment = await start("behaviours.handler", { variables: { TABLE: "orders" } });
    delete process.env["LMI_TEST_SECRET"];
    const { answer } = await run(environment, { do: "environment" });
    expect(answer).toMatchObject({
      TABLE: "orders",
      AWS_REGION: "us-east-1",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_INITIALIZATION_TYPE: "lambda-managed-instances",
      AWS_LAMBDA_MAX_CONCURRENCY: "64",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "2048",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      TZ: ":UTC",
    });
    expect(answer).not.toHaveProperty("LMI_TEST_SECRET");
    expect(answer).not.toHaveProperty("HOME");
  });

  test("gives the handler its context", async () => {
    const environment = await start("behaviours.handler");
    const { answer } = await run(
      environment,
      { do: "context" },
      { requestId: "22222222-0000-4000-8000-000000000000", clientContext: '{"custom":{"a":1}}' },
    );
    expect(answer).toMatchObject({
      requestId: "22222222-0000-4000-8000-000000000000",
      arn: "arn:aws:lambda:us-east-1:000000000000:function:f",
      version: "$LATEST.PUBLISHED",
      memory: "2048",
      clientContext: { custom: { a: 1 } },
    });
    expect(answer.remaining).toBeGreaterThan(3000);
  });

  test("writes lines with the request id, and the platform's records around them", async () => {
    const environment = await start("behaviours.handler");
    const requestId = "33333333-0000-4000-8000-000000000000";
    await run(environment, { do: "log", message: "order 7 paid" }, { requestId });
    await expect.poll(() => lines).toContain("plain order 7 paid");
    const records = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    expect(records).toContainEqual(
      expect.objectContaining({ level: "INFO", requestId, message: "order 7 paid" }),
    );
    expect(lines.join("\n")).not.toContain("not at INFO level");
    expect(records.map((record) => record.type).filter(Boolean)).toEqual([
      "platform.initStart",
      "platform.initReport",
      "platform.start",
      "platform.report",
    ]);
    expect(
      records.at(-1).record ?? records.find((r) => r.type === "platform.report").record,
    ).toMatchObject({
      requestId,
      status: "success",
    });
  });

  test("refuses a response over 6 MB", async () => {
    const environment = await start("behaviours.handler");
    const { answer, errorType } = await run(environment, { do: "large", bytes: 6_300_000 });
    expect(errorType).toBe("Function.ResponseSizeTooLarge");
    expect(answer.errorMessage).toContain("6291556 bytes");
  });

  test("streams a response, and tells an error in the middle", async () => {
    const environment = await start("behaviours.streaming");
    const stream = async (event: object) => {
      const chunks: Buffer[] = [];
      let type = "";
      const sink = {
        start: (contentType: string) => void (type = contentType),
        chunk: async (bytes: Buffer) => void chunks.push(bytes),
      };
      const result = await environment.invoke(invocation(event, { sink }));
      return { type, text: Buffer.concat(chunks).toString(), errorType: result.errorType };
    };
    expect(await stream({ parts: ["a", "b", "c"] })).toEqual({
      type: "text/plain",
      text: "abc",
      errorType: undefined,
    });
    expect(await stream({ parts: ["a"], fail: true })).toMatchObject({
      text: "a",
      errorType: "Runtime.Unknown",
    });
    const collected = await environment.invoke(invocation({ parts: ["x", "y"] }));
    expect(Buffer.from(collected.payload).toString()).toBe("xy");
  });

  test("takes what the function started with it when it stops", async () => {
    const environment = await start("behaviours.handler");
    const { answer } = await run(environment, { do: "grandchild" });
    expect(alive(answer.pid)).toBe(true);
    await environment.stop();
    await expect.poll(() => alive(answer.pid)).toBe(false);
  });

  test("ends when the target is killed with kill -9", async () => {
    const script = fileURLToPath(
      new URL("../../fixtures/functions/start-environment.ts", import.meta.url),
    );
    const target = spawn(process.execPath, [script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface(target.stdout), "line")) as [string];
    const { pid, tmp } = JSON.parse(line) as { pid: number; tmp: string };
    expect(existsSync(tmp)).toBe(true);
    expect(alive(pid)).toBe(true);
    target.kill("SIGKILL");
    await expect.poll(() => alive(pid)).toBe(false);
    expect(existsSync(tmp)).toBe(false);
  });
});

/** Alive and no zombie: in a container nobody may reap what lost its parent. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = `/proc/${pid}/status`;
  return !existsSync(status) || !/^State:\s+Z/m.test(readFileSync(status, "utf8"));
}
