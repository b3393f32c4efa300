import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Environment } from "../../../src/local/runtime/environment.ts";
import { invocation, run, testEnvironments, text } from "./test-environments.ts";

// All of one environment: what one request does must not disturb the next.
const environments = testEnvironments();
let environment: Environment;

beforeAll(async () => {
  environment = await environments.start("returns.handler", { applicationLogLevel: "TRACE" });
});
afterAll(() => environments.stop());

describe("a handler returns", () => {
  test.each([
    ["undefined", "null"],
    ["null", "null"],
    ["zero", "0"],
    ["empty", '""'],
    ["text", String.raw`"päß ${"\u2028"} \u0000 \"quoted\""`],
    ["date", '"1970-01-01T00:00:00.000Z"'],
    ["buffer", '{"type":"Buffer","data":[104,105]}'],
    ["notANumber", "[null,null]"],
    ["map", "{}"],
    ["inArray", "[null,null,null]"],
    ["toJSON", '{"shown":true}'],
    ["deep", "[".repeat(1000) + "]".repeat(1000)],
    ["synchronous", '{"synchronous":true}'],
    ["promise", '{"promise":true}'],
    ["thenable", '{"thenable":true}'],
  ])("%s", async (what, payload) => {
    const result = await environment.invoke(invocation({ do: what }));
    expect({ payload: text(result), errorType: result.errorType }).toEqual({
      payload,
      errorType: undefined,
    });
  });

  test.each(["bigInt", "circular", "toJSONThrows"])("%s, which is no JSON", async (what) => {
    const { answer, errorType } = await run(environment, { do: what });
    expect(errorType).toBe("Runtime.Unknown");
    expect(answer).toMatchObject({
      errorType: "Runtime.JSONStringifyError",
      errorMessage: "Unable to stringify response body",
    });
  });

  test("6 MB and 100 bytes, and no byte more", async () => {
    const largest = await environment.invoke(invocation({ do: "largest" }));
    expect([largest.payload.byteLength, largest.errorType]).toEqual([6_291_556, undefined]);
    const { answer, errorType } = await run(environment, { do: "tooLarge" });
    expect(errorType).toBe("Function.ResponseSizeTooLarge");
    expect(answer).toEqual({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage:
        "Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes).",
    });
  });

  test.each(["function", "symbol", "toJSONUndefined"])(
    "a %s, which AWS's client cannot post: nobody answers",
    async (what) => {
      const { answer } = await run(environment, { do: what }, { timeoutMs: 150 });
      expect(answer.errorType).toBe("Sandbox.Timedout");
      await expect
        .poll(() => environments.records())
        .toContainEqual(
          expect.objectContaining({
            level: "ERROR",
            message: expect.objectContaining({ errorMessage: "Wrong arguments" }),
          }),
        );
    },
  );
});

describe("a handler throws", () => {
  test.each([
    ["throwError", "Error", "no such order"],
    ["throwNamed", "OrderError", "no such order"],
    ["throwCause", "Error", "outer"],
    ["throwWithProperties", "OrderError", "conflict"],
    ["throwString", "string", "a string"],
    ["throwNull", "object", "null"],
    ["throwUndefined", "undefined", "undefined"],
    ["throwObject", "object", "[object Object]"],
    ["throwBigInt", "bigint", "7"],
    ["throwDelete", "Error", "a%7Fb"],
    ["throwBroken", "handled", expect.stringContaining("there was a problem while retrieving")],
    ["throwAggregate", "AggregateError", "all failed"],
    ["reject", "OrderError", "rejected"],
    ["rejectString", "string", "a string"],
  ])("%s", async (what, type, errorMessage) => {
    const { answer, errorType } = await run(environment, { do: what });
    expect(errorType).toBe("Runtime.Unknown");
    expect(answer).toEqual({ errorType: type, errorMessage, trace: expect.any(Array) });
  });
});

describe("a handler is given", () => {
  test.each(["0", '"text"', "null", "true", "[1]", '{"ä":"\\u0000"}'])("%s", async (payload) => {
    const wrapped = `{"do":"echo","value":${payload}}`;
    const result = await environment.invoke(invocation(null, { payload: Buffer.from(wrapped) }));
    expect(text(result)).toBe(wrapped);
  });

  test("deep JSON", async () => {
    const value = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    const payload = Buffer.from(`{"do":"echo","value":${value}}`);
    const result = await environment.invoke(invocation(null, { payload }));
    expect(text(result)).toBe(payload.toString());
  });
});

async function logged(what: string) {
  const requestId = crypto.randomUUID();
  await run(environment, { do: what }, { requestId });
  const own = () => environments.records().filter((record) => record["requestId"] === requestId);
  return { own, requestId };
}

describe("a handler logs", () => {
  test("with levels and its request id", async () => {
    const { own } = await logged("logLevels");
    await expect
      .poll(() => own().map(({ level, message }) => [level, message]))
      .toEqual([
        ["TRACE", "trace"],
        ["DEBUG", "debug"],
        ["INFO", "log"],
        ["INFO", "info"],
        ["WARN", "warn"],
        ["ERROR", "error"],
      ]);
  });

  test("values of all kinds", async () => {
    const { own } = await logged("logValues");
    await expect
      .poll(() => own().map(({ message }) => message))
      .toEqual([
        { order: 7, nested: { a: [1, 2] } },
        "order has 3 items { more: true }",
        "two\nlines",
        "<ref *1> { name: 'circle', self: [Circular *1] }",
        undefined,
        expect.objectContaining({ errorType: "OrderError", errorMessage: "logged" }),
        expect.stringContaining("failed: OrderError: as second"),
      ]);
    expect(own().at(-1)).toMatchObject({ errorType: "OrderError", errorMessage: "as second" });
  });

  test("its error, once", async () => {
    const { own } = await logged("throwNamed");
    await expect.poll(own).toEqual([
      expect.objectContaining({
        level: "ERROR",
        message: expect.objectContaining({
          errorType: "OrderError",
          errorMessage: "no such order",
          stackTrace: expect.any(Array),
        }),
      }),
    ]);
  });

  test("and the platform says how the request ended", async () => {
    const { requestId } = await logged("throwNamed");
    const records = environments.records().map(({ record }) => record);
    expect(records).toContainEqual({
      requestId,
      status: "error",
      errorType: "Runtime.Unknown",
      metrics: { durationMs: expect.any(Number) },
    });
  });
});
