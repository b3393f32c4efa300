import { describe, expect, test } from "vitest";

import type { LogEvent, LogQuery } from "../../../src/aws/ports.ts";
import { runLogs, type LogsOptions } from "../../../src/cli/commands/logs.ts";
import { readSince } from "../../../src/cli/commands/logs/since.ts";
import { logLine } from "../../../src/cli/output/log-line.ts";
import { functionStateOf, recordingAws } from "../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../helpers/recording-system.ts";
import { temporaryFolder } from "../../helpers/temporary-folder.ts";
import { sharedDefaults } from "../../deploy/recording-deps.ts";

const options: LogsOptions = {
  ...sharedDefaults(),
  function: undefined,
  follow: false,
  since: undefined,
  filter: undefined,
  provider: false,
};

const event = (message: string): LogEvent => ({
  eventId: message,
  logStream: "stream",
  time: new Date("2026-11-23T12:31:07.123Z"),
  message,
});

async function logs(given: Partial<LogsOptions>, events: LogEvent[]) {
  const cwd = await temporaryFolder({ "lmi.json": '{"name":"hello"}' });
  const reporter = new RecordingReporter();
  const system = recordingSystem({ cwd });
  const queries: LogQuery[] = [];
  const read = async function* (query: LogQuery) {
    queries.push(query);
    yield* events;
  };
  const aws = recordingAws({
    functions: { find: async () => functionStateOf({ logGroup: "/mine" }) },
    logs: {
      events: read,
      follow: async function* (query) {
        yield* read(query);
        system.press();
        throw new DOMException("aborted", "AbortError");
      },
    },
  });
  await runLogs({ ...options, ...given }, { system, reporter, aws: async () => aws });
  return { reporter, queries };
}

test("reads the function's own group since ten minutes ago", async () => {
  const { reporter, queries } = await logs({}, [event("plain text\n")]);
  expect(queries).toMatchObject([{ logGroup: "/mine", since: new Date("2026-11-23T11:50:00Z") }]);
  expect(reporter.stdout).toBe("12:31:07.123 plain text\n");
});

test("--provider reads the group of the stack's capacity provider", async () => {
  const { queries } = await logs({ provider: true, filter: "ERROR" }, []);
  expect(queries).toMatchObject([
    { logGroup: "/aws/lambda/capacity-provider/lmi-hello", filter: "ERROR" },
  ]);
});

test("--json leaves the message untouched", async () => {
  const message = '{"level":"INFO","message":"a"}';
  const { reporter } = await logs({ json: true }, [event(message)]);
  expect(reporter.events).toEqual([
    { type: "log", time: "2026-11-23T12:31:07.123Z", logStream: "stream", message },
  ]);
  expect(reporter.stdout).toBe("");
});

test("Ctrl-C while following is no failure: the lines so far stand", async () => {
  const { reporter } = await logs({ follow: true }, [event("one")]);
  expect(reporter.stdout).toContain("one");
});

test("nothing found is said on stderr", async () => {
  const { reporter } = await logs({}, []);
  expect(reporter.said).toEqual(["info No lines in /mine since 2026-11-23T11:50:00.000Z."]);
});

describe("--since", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  test.each([
    ["30s", "2026-11-23T11:59:30.000Z"],
    ["10m", "2026-11-23T11:50:00.000Z"],
    ["2h", "2026-11-23T10:00:00.000Z"],
    ["1d", "2026-11-22T12:00:00.000Z"],
    ["2026-11-20T08:00:00Z", "2026-11-20T08:00:00.000Z"],
  ])("%s", (text, expected) => {
    expect(readSince(text, now).toISOString()).toBe(expected);
  });
  test.each(["", "10", "yesterday", "10x", "2026-99-99"])("%s is refused", (text) => {
    expect(() => readSince(text, now)).toThrow(
      expect.objectContaining({ code: "LMI_USAGE", exitCode: 2 }),
    );
  });
});

test.each([
  ["text", "START of mine", "START of mine"],
  [
    "Lambda's JSON",
    '{"timestamp":"x","level":"WARN","requestId":"abcdef12-3","message":"m"}',
    "WARN  abcdef12  m",
  ],
  [
    "an error with its stack",
    '{"level":"ERROR","requestId":"abcdef12-3","errorType":"E","errorMessage":"no","stackTrace":["at a","at b"]}',
    "ERROR abcdef12  E: no\n    at a\n    at b",
  ],
  [
    "further fields",
    '{"level":"INFO","requestId":"abcdef12","message":"m","order":7}',
    'INFO  abcdef12  m  {"order":7}',
  ],
  [
    "a report",
    '{"type":"platform.report","record":{"requestId":"abcdef12-3","status":"success","metrics":{"durationMs":12}}}',
    "report abcdef12  success, 12 ms",
  ],
])("lays out %s", (_, message, expected) => {
  expect(logLine(event(message))).toBe(`12:31:07.123 ${expected}`);
});
