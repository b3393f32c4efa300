import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { nodeLaunch } from "../../../src/local/runtime/launch.ts";
import { run, testEnvironments } from "./test-environments.ts";

const environments = testEnvironments();
const { start } = environments;

afterEach(() => environments.stop());

const records = (type: string) =>
  environments.records().flatMap((line) => (line["type"] === type ? [line["record"]] : []));

describe("the function does not initialise", () => {
  test.each([
    [
      "callback.handler",
      "Runtime.CallbackHandlerDeprecated: ",
      "Runtime.CallbackHandlerDeprecated",
    ],
    ["init-throws.handler", "TypeError: the database is not", "Runtime.Unknown"],
    [
      "init/custom-error.handler",
      "Function.TableMissing: the table is gone",
      "Function.TableMissing",
    ],
    ["hello.missing", "Runtime.HandlerNotFound: hello.missing is undef", "Runtime.HandlerNotFound"],
    [
      "init/not-a-function.handler",
      "Runtime.HandlerNotFound: init/not-a",
      "Runtime.HandlerNotFound",
    ],
    ["absent.handler", "Runtime.ImportModuleError: ", "Runtime.ImportModuleError"],
    ["hello", "Runtime.MalformedHandlerName: Bad handler", "Runtime.MalformedHandlerName"],
    ["../hello.handler", "Runtime.MalformedHandlerName: '../hello", "Runtime.MalformedHandlerName"],
    ["init/exits.handler", "Runtime.ExitError: Runtime exited without", "Runtime.ExitError"],
    ["init/rejects-unhandled.handler", "Runtime.ExitError: Runtime exited", "Runtime.ExitError"],
    [
      "init/main-exits.handler",
      "Runtime.ExitError: Runtime exited with error: signal: terminated",
      "Runtime.ExitError",
    ],
  ])("%s", async (handler, beginning, errorType) => {
    await expect(start(handler, { workers: 2 })).rejects.toMatchObject({
      reasonCode: "FunctionError.RuntimeInitError",
      message: expect.stringContaining(beginning),
    });
    const failed = { status: "error", errorType, phase: "init" };
    expect(records("platform.initRuntimeDone")).toEqual([expect.objectContaining(failed)]);
    expect(records("platform.initReport")).toEqual([
      expect.objectContaining({ ...failed, metrics: { durationMs: expect.any(Number) } }),
    ]);
  });

  test("a syntax error is told as such", async () => {
    const taskRoot = await mkdtemp(join(tmpdir(), "lmi-test-syntax-"));
    onTestFinished(() => rm(taskRoot, { recursive: true, force: true }));
    await writeFile(join(taskRoot, "broken.mjs"), "export const handler = async () => {");
    await expect(start("broken.handler", { taskRoot })).rejects.toMatchObject({
      reasonCode: "FunctionError.RuntimeInitError",
      message: "Runtime.UserCodeSyntaxError: SyntaxError: Unexpected end of input",
    });
    expect(environments.lines.join("\n")).toContain("Runtime.UserCodeSyntaxError");
  });

  test("it hangs", async () => {
    await expect(start("init-hangs.handler", {}, { initTimeoutMs: 500 })).rejects.toMatchObject({
      reasonCode: "FunctionError.InitTimeout",
      message: expect.stringContaining("within 0.50 seconds"),
    });
    expect(records("platform.initReport")).toEqual([
      expect.objectContaining({ status: "timeout", errorType: "Sandbox.Timedout" }),
    ]);
  });

  test("it runs out of memory", async () => {
    await expect(start("init/out-of-memory.handler", { memoryMb: 300 })).rejects.toMatchObject({
      reasonCode: "FunctionError.InitResourceExhausted",
    });
    expect(records("platform.initReport")).toEqual([
      expect.objectContaining({ errorType: "Runtime.OutOfMemory" }),
    ]);
  });

  test("its runtime cannot be executed", async () => {
    const launch = { ...nodeLaunch(process.execPath, 2048), file: "/nowhere/node" };
    await expect(start("hello.handler", {}, { launch })).rejects.toMatchObject({
      reasonCode: "FunctionError.InvalidEntryPoint",
      message: expect.stringContaining("fork/exec /nowhere/node"),
    });
  });
});

test("it takes its time", async () => {
  const environment = await start("init/slow.handler");
  expect((await run(environment, {})).answer).toBe("slow but sure");
});

test("it serves as soon as one worker is up, and with those that come up", async () => {
  const environment = await start("init/odd-fails.handler", { workers: 4 });
  const answers = await Promise.all([1, 2, 3, 4].map(() => run(environment, {})));
  for (const { answer } of answers) expect([2, 4]).toContain(answer);
  await vi.waitFor(() => expect(environments.lines.join("\n")).toContain("odd threads fail"), 5000);
});
