import { expect, test } from "vitest";

import { layOut, logLine, plainLayout } from "../../../src/cli/output/log-line.ts";
import { readRecord } from "../../../src/cli/output/log-record.ts";

const time = new Date("2026-11-23T12:31:07.123Z");
const shown = (message: string) =>
  logLine({ eventId: "e", logStream: "s", time, message }).replace("12:31:07.123 ", "");

test.each([
  ["text", "START of mine", "                START of mine"],
  [
    "Lambda's JSON",
    '{"timestamp":"x","level":"WARN","requestId":"abcdef12-3","message":"m"}',
    "WARN  abcdef12  m",
  ],
  [
    "an error with its stack",
    '{"level":"ERROR","requestId":"abcdef12-3","errorType":"E","errorMessage":"no","stackTrace":["E: no","    at a","    at b"]}',
    "ERROR abcdef12  E: no\n    at a\n    at b",
  ],
  [
    "an error whose text is in the message, too",
    '{"level":"ERROR","requestId":"abcdef12-3","message":"sorry E: no","errorType":"E","errorMessage":"no","stackTrace":["at a"]}',
    "ERROR abcdef12  sorry E: no\n    at a",
  ],
  [
    "Powertools' errors and ids",
    '{"level":"ERROR","message":"m","function_request_id":"abcdef12-3","error":{"name":"E","message":"no","stack":"E: no\\n    at a"}}',
    "ERROR abcdef12  m  E: no\n    at a",
  ],
  [
    "an error in place of a message",
    '{"level":"ERROR","requestId":"abcdef12-3","message":{"errorType":"E","errorMessage":"no","stackTrace":["E: no","    at a"]}}',
    "ERROR abcdef12  E: no\n    at a",
  ],
  [
    "a stack in a message",
    '{"level":"ERROR","message":"E: no\\n    at a"}',
    "ERROR           E: no\n    at a",
  ],
  ["pino's levels", '{"level":40,"time":1,"msg":"m"}', "WARN            m"],
  [
    "further fields",
    '{"level":"INFO","requestId":"abcdef12","message":"m","order":7,"who":"a b","deep":{"x":[1]}}',
    'INFO  abcdef12  m  order=7 who="a b" deep={"x":[1]}',
  ],
  [
    "an object in place of a message",
    '{"level":"INFO","requestId":"abcdef12","message":{"order":7}}',
    "INFO  abcdef12  order=7",
  ],
  [
    "a message within that object",
    '{"level":"INFO","requestId":"abcdef12","message":{"msg":"m","order":7}}',
    "INFO  abcdef12  m  order=7",
  ],
  [
    "JSON in a message: its level is one of its fields, since CloudWatch knows the line by the other one",
    '{"level":"INFO","requestId":"abcdef12","message":"{\\"level\\":\\"warn\\",\\"message\\":\\"m\\",\\"i\\":1}"}',
    "INFO  abcdef12  m  level=warn i=1",
  ],
  [
    "a message that only begins like JSON",
    '{"level":"INFO","message":"{a} of {b}"}',
    "INFO            {a} of {b}",
  ],
  ["several lines", '{"level":"INFO","message":"a\\nb"}', "INFO            a\n    b"],
  [
    "a report",
    '{"type":"platform.report","record":{"requestId":"abcdef12-3","status":"success","metrics":{"durationMs":12}}}',
    "INFO  abcdef12  report  success  12 ms",
  ],
  [
    "a timeout",
    '{"type":"platform.report","record":{"requestId":"abcdef12-3","status":"timeout","metrics":{"durationMs":3000}}}',
    "ERROR abcdef12  report  timeout  3000 ms",
  ],
  ["JSON that is none", '{"level":"INFO"', '                {"level":"INFO"'],
  [
    "control characters",
    '{"level":"INFO","message":"a\\u001b[2Jb\\u0007","x":"\\u009b1","y":"\\u009b 2"}',
    'INFO            a\\x1b[2Jb\\x07  x=\\x9b1 y="\\x9b 2"',
  ],
  [
    "marks that turn the direction of writing",
    '{"level":"INFO","message":"a\\u202eb\\u2069c \u05d0"}',
    "INFO            a\\u202eb\\u2069c \u05d0",
  ],
])("lays out %s", (_, message, expected) => {
  expect(shown(message)).toBe(expected.trimEnd());
});

test("fields that do not fit into the terminal go below, as many in a line as it is wide", () => {
  const record = readRecord(
    '{"level":"INFO","requestId":"abcdef12","message":"a message","first":"0123456789","second":"0123456789","third":3}',
  );
  const layout = { ...plainLayout, columns: 44, today: "2026-11-23" };
  expect(layOut(record, time.getTime(), layout)).toBe(
    "12:31:07.123 INFO  abcdef12  a message\n" +
      "    first=0123456789 second=0123456789\n" +
      "    third=3",
  );
});

test("a message that is wider than the terminal has nothing below it", () => {
  const record = readRecord('{"level":"INFO","message":"a message of many words"}');
  const layout = { ...plainLayout, columns: 20, today: "2026-11-23" };
  expect(layOut(record, time.getTime(), layout)).toBe(
    "12:31:07.123 INFO            a message of many words",
  );
});

test("further lines of a message are indented once, in front of its fields", () => {
  const record = readRecord('{"message":"one\\ntwo\\n    three\\n\\nfour","first":"0123456789"}');
  const layout = { ...plainLayout, columns: 30, today: "2026-11-23" };
  expect(layOut(record, time.getTime(), layout)).toBe(
    "12:31:07.123                 one\n    two\n    three\n    \n    four\n    first=0123456789",
  );
});

test("a line of another day says which", () => {
  const layout = { ...plainLayout, today: "2026-11-24" };
  expect(layOut(readRecord("text"), time.getTime(), layout)).toMatch(/^2026-11-23 12:31:07.123 /);
});

test.each([
  ["12:31:07.000", 0],
  ["12:31:07.009", 9],
  ["12:31:07.010", 10],
  ["12:31:08.100", 1100],
  ["2026-11-24 00:00:00.005", 41333005],
  ["12:31:07.010", 10],
])("a line's time is %s, whichever was shown before", (clock, milliseconds) => {
  const layout = { ...plainLayout, today: "2026-11-23" };
  const second = Date.parse("2026-11-23T12:31:07Z");
  expect(layOut(readRecord("text"), second + milliseconds, layout)).toMatch(
    new RegExp(`^${clock} `),
  );
});
