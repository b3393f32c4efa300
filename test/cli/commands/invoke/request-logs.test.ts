import { describe, expect, test } from "vitest";

import type { LogEvent } from "../../../../src/aws/ports.ts";
import { LmiError } from "../../../../src/errors.ts";
import { answerOf, functionStateOf, recordingAws } from "../../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { invoke } from "../invoke-fixture.ts";

const event = (message: string) => ({
  eventId: message,
  logStream: "s",
  time: new Date(0),
  message,
});

test("--logs shows the request's lines once its report has arrived", async () => {
  let asked = 0;
  const aws = recordingAws({
    functions: {
      invoke: async () => answerOf("1"),
      find: async () => functionStateOf({ logGroup: "/mine" }),
    },
    logs: {
      events: async function* (query) {
        expect(query).toMatchObject({
          logGroup: "/mine",
          filter: '"3f2a91c4-0000-4000-8000-000000000000"',
        });
        asked += 1;
        yield event('{"level":"INFO","requestId":"3f2a91c4-0000","message":"hi"}');
        if (asked > 1)
          yield event('{"type":"platform.report","record":{"requestId":"3f2a91c4-0000"}}');
      },
    },
  });
  const { reporter } = await invoke({ logs: true }, { aws });
  expect(asked).toBe(2);
  expect(reporter.said.filter((line) => line.startsWith("info"))).toEqual([
    "info 00:00:00.000 INFO  3f2a91c4  hi",
    "info 00:00:00.000 INFO  3f2a91c4  report",
  ]);
});

const answered = (events: () => AsyncIterable<LogEvent>, functionError?: string) =>
  recordingAws({
    functions: {
      invoke: async () => answerOf("[1]", { functionError }),
      find: async () => functionStateOf({ logGroup: "/mine" }),
    },
    logs: { events },
  });
// eslint-disable-next-line require-yield -- a log that is refused
async function* refused(): AsyncGenerator<never> {
  throw new LmiError("LMI_ACCESS_DENIED", "AWS does not allow this to the caller.");
}

describe("--logs never takes the answer away", () => {
  test("when the logs cannot be read, which is a warning", async () => {
    const { error, reporter } = await invoke({ logs: true }, { aws: answered(refused) });
    expect(error).toBeUndefined();
    expect(reporter.stdout).toBe("[1]");
    expect(reporter.said.filter((line) => line.startsWith("warn"))).toEqual([
      expect.stringContaining("AWS does not allow this"),
    ]);
  });

  test("nor the function's own error", async () => {
    const aws = answered(refused, "Unhandled");
    const { error, reporter } = await invoke({ logs: true }, { aws });
    expect(error).toMatchObject({ code: "LMI_FUNCTION_ERROR", exitCode: 1 });
    expect(reporter.stdout).toBe("[1]");
  });

  test("nor makes it wait for lines that are late", async () => {
    const reporter = new RecordingReporter();
    const seen: string[] = [];
    const aws = answered(async function* () {
      seen.push(reporter.stdout);
      yield event('{"type":"platform.report","record":{"requestId":"3f2a91c4-0000"}}');
    });
    await invoke({ logs: true }, { aws, reporter });
    expect(seen).toEqual(["[1]"]);
  });

  test("and Ctrl-C while waiting for them keeps the function's error", async () => {
    const setup = { aws: recordingAws(), press: () => {} };
    setup.aws = answered(
      // eslint-disable-next-line require-yield -- it ends by being aborted
      async function* () {
        setup.press();
        throw Object.assign(new Error("aborted"), { name: "AbortError" });
      },
      "Unhandled",
    );
    const { error } = await invoke({ logs: true }, setup);
    expect(error).toMatchObject({ code: "LMI_FUNCTION_ERROR" });
  });
});
