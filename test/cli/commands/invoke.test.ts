import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import type { InvokeOptions } from "../../../src/cli/commands/invoke.ts";
import type { FunctionState } from "../../../src/aws/ports.ts";
import { LmiError } from "../../../src/errors.ts";
import { functionStateOf, recordingAws, stackOf } from "../../helpers/recording-aws.ts";
import { invoke } from "./invoke-fixture.ts";

test("prints the payload untouched and nothing else", async () => {
  const answer = '{ "statusCode":200,\n "n": 1.0 }';
  const { reporter, error } = await invoke({}, { answer });
  expect(error).toBeUndefined();
  expect(reporter.stdout).toBe(answer);
  expect(reporter.results).toEqual([]);
});

test.each([
  ["nothing", {}, {}, "{}"],
  ["JSON", { payload: '{"a": 1}' }, {}, '{"a": 1}'],
  ["a JSON scalar", { payload: "3" }, {}, "3"],
  ["a file", { payload: "e.json" }, { files: { "e.json": "[1]\n" } }, "[1]\n"],
  ["@file", { payload: "@d/e.json" }, { files: { "d/e.json": "[2]" } }, "[2]"],
  ["stdin", { payload: "-" }, { stdin: '"x"' }, '"x"'],
])("takes the event from %s", async (_, given, setup, expected) => {
  expect((await invoke(given, setup)).payloads).toEqual([expected]);
});

describe("a bad event is refused before anything is sent", () => {
  test.each([
    [{ payload: "{bad" }, {}, "LMI_PAYLOAD_INVALID", /neither valid JSON nor an existing file/],
    [{ payload: "@none.json" }, {}, "LMI_PAYLOAD_INVALID", /none\.json/],
    [{ payload: "-" }, { stdin: "" }, "LMI_PAYLOAD_INVALID", /standard input/],
    [
      { payload: "-" },
      { stdin: '"x'.padEnd(6 * 1024 * 1024, "x").concat('"') },
      "LMI_PAYLOAD_TOO_LARGE",
      /6,291,457 bytes/,
    ],
    [
      { payload: "-", async: true },
      { stdin: '"x'.padEnd(1024 * 1024, "x").concat('"') },
      "LMI_PAYLOAD_TOO_LARGE",
      /1,048,577 bytes/,
    ],
    [{ qualifier: "$LATEST" }, {}, "LMI_QUALIFIER_INVALID", /\$LATEST/],
    [{ repeat: "many" }, {}, "LMI_USAGE", /--repeat many/],
  ])("%o", async (given, setup, code, message) => {
    const { error, payloads } = await invoke(given, setup);
    expect(error).toMatchObject({ code, exitCode: 2, message: expect.stringMatching(message) });
    expect(payloads).toEqual([]);
  });

  test("with line and column", async () => {
    const { error } = await invoke(
      { payload: "e.json" },
      { files: { "e.json": '{\n  "a": 1,\n  b\n}' } },
    );
    expect(error).toMatchObject({
      details: { line: 3, column: 3 },
      next: expect.stringContaining("e.json:3:3"),
    });
  });
});

test("a function error is exit 1, with the payload on stdout", async () => {
  const answer = '{"errorType":"TypeError","errorMessage":"no"}';
  const { reporter, error } = await invoke({}, { answer, functionError: "Unhandled" });
  expect(error).toMatchObject({
    code: "LMI_FUNCTION_ERROR",
    exitCode: 1,
    message: "my-managed-instance-function failed: TypeError: no",
  });
  expect(reporter.stdout).toBe(answer);
});

test("--json is one document, also for a function error", async () => {
  const { reporter } = await invoke({ json: true }, { answer: '{"a":1}' });
  expect(reporter.stdout).toBe("");
  expect(reporter.results).toEqual([
    {
      statusCode: 200,
      requestId: "3f2a91c4-0000-4000-8000-000000000000",
      executedVersion: "$LATEST.PUBLISHED",
      functionError: null,
      payload: { a: 1 },
    },
  ]);
  const failed = await invoke({ json: true }, { answer: "oops", functionError: "Unhandled" });
  expect(failed.reporter.results).toEqual([]);
  expect(failed.error).toMatchObject({ details: { functionError: "Unhandled", payload: "oops" } });
});

test("--output writes the payload to a file", async () => {
  const { cwd, reporter } = await invoke({ output: "r.json" }, { answer: '{"b":2}' });
  expect(await readFile(join(cwd, "r.json"), "utf8")).toBe('{"b":2}');
  expect(reporter.stdout).toBe("");
});

const lmiJson = (functions: object) => ({ "lmi.json": JSON.stringify({ name: "p", functions }) });

test("the function is the one named, else the project's only one", async () => {
  const entry = { entry: "a.ts" };
  const name = async (given: Partial<InvokeOptions>, functions: object) =>
    (await invoke(given, { files: lmiJson(functions) })).invocations[0]?.functionName;
  expect(await name({}, { one: entry })).toBe("one");
  expect(await name({ function: "two" }, { one: entry, two: entry })).toBe("two");
  const { error } = await invoke({}, { files: lmiJson({ one: entry, two: entry }) });
  expect(error).toMatchObject({ code: "LMI_FUNCTION_AMBIGUOUS", exitCode: 2 });
});

describe("a function that Lambda does not have", () => {
  const missing = new LmiError("LMI_FUNCTION_NOT_FOUND", "There is no function fn-prod.", {
    next: "Deploy it: lmi deploy --local",
  });
  const given = { function: "fn-prod", env: "prod", local: true };

  async function invokeMissing(outputs: Record<string, string>, version?: FunctionState) {
    const aws = recordingAws({
      functions: {
        invoke: async () => {
          throw missing;
        },
        find: async () => version,
      },
      stacks: { find: async () => stackOf({ outputs }) },
    });
    return (await invoke(given, { aws })).error;
  }

  test("and its stack has was deleted outside of it: a deploy alone would change nothing", async () => {
    expect(await invokeMissing({ FunctionName: "fn-prod" })).toMatchObject({
      code: "LMI_FUNCTION_GONE",
      exitCode: 1,
      next: expect.stringContaining(
        "lmi destroy --local --env prod && lmi deploy --local --env prod ",
      ),
    });
  });

  test("and neither the stack nor the settings have is a slip of the pen", async () => {
    const aws = recordingAws({
      functions: {
        invoke: async () => {
          throw missing;
        },
        find: async () => undefined,
      },
      stacks: { find: async () => stackOf({ outputs: {} }) },
    });
    const settings = { name: "p", functions: { hello: {}, fn: {} }, environments: { prod: {} } };
    const files = { "lmi.json": JSON.stringify(settings) };
    const { error } = await invoke({ ...given, function: "nosuch" }, { aws, files });
    expect(error).toMatchObject({
      code: "LMI_FUNCTION_NOT_FOUND",
      why: "It has hello-prod, fn-prod.",
      exitCode: 2,
    });
    const meant = await invoke({ ...given, function: "fn" }, { aws, files });
    expect(meant.error).toMatchObject({ exitCode: 1, next: expect.stringContaining("lmi deploy") });
  });

  test.each([
    ["is not in the stack either", {}, undefined],
    ["in that version only", { FunctionName: "fn-prod" }, functionStateOf()],
  ])("but %s is to be deployed", async (_, outputs, version) => {
    expect(await invokeMissing(outputs, version)).toMatchObject({
      code: "LMI_FUNCTION_NOT_FOUND",
      next: "Deploy it: lmi deploy --local --env prod",
    });
  });
});

test.each([
  [{}, "See its log: lmi logs"],
  [{ function: "jobs", local: true, env: "prod" }, "See its log: lmi logs --local --env prod jobs"],
])("a failure of %o names the log that it is in", async (given, next) => {
  const { error } = await invoke(given, { functionError: "Unhandled" });
  expect(error).toMatchObject({ code: "LMI_FUNCTION_ERROR", next });
});
