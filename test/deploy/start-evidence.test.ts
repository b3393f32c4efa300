import { expect, test } from "vitest";
import type { LogEvent, LogQuery } from "../../src/aws/ports.ts";
import { functionLines } from "../../src/deploy/explain/function-lines.ts";
import { gatherEvidence } from "../../src/deploy/explain/gather.ts";
import { fakeAccount, fakeContext, publishedState } from "./fake-aws.ts";

const since = new Date("2026-01-01T00:00:00Z");
let count = 0;
const event = (logStream: string, line: object | string): LogEvent => ({
  eventId: String((count += 1)),
  logStream,
  time: new Date(since.getTime() + count),
  message: typeof line === "string" ? line : JSON.stringify(line),
});
const error = (errorMessage: string, requestId?: string) => ({
  level: "ERROR",
  ...(requestId === undefined ? {} : { requestId }),
  message: { errorType: "Error", errorMessage },
});
const init = (type: "initStart" | "initReport", status?: string) => ({
  type: `platform.${type}`,
  record: { status, errorType: status === "error" ? "Runtime.ExitError" : undefined },
});
const uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
const texts = (events: readonly LogEvent[]) => functionLines(events).map(({ text }) => text);

test("errors of requests that the version before answers are no evidence of a failed start", () => {
  const traffic = [
    event("old", error("no such customer", uuid)),
    event("old", { type: "platform.report", record: { requestId: uuid, status: "error" } }),
    event("old", { level: "ERROR", AWSRequestId: uuid, message: "of a request" }),
    event("old", `2026-01-01T00:00:00Z\t${uuid}\tERROR\tof a request`),
    event("old", error("its own timer")),
  ];
  const start = [
    event("new", init("initStart")),
    event("new", error("no such module", "undefined")),
  ];
  expect(texts([...traffic, ...start])).toEqual(["Error: no such module"]);
  const failed = event("new", init("initReport", "error"));
  expect(texts([...traffic, event("new", init("initStart")), failed])).toEqual([
    "init ended with error: Runtime.ExitError",
  ]);
  const fine = [event("fine", init("initStart")), event("fine", error("only a warning"))];
  expect(texts([...traffic, ...fine, ...start, failed])).toEqual(["Error: no such module"]);
  expect(texts(traffic)).toEqual(["Error: its own timer"]);
  expect(texts(traffic.slice(0, 4))).toEqual([]);
});

test("a start is found behind more lines of requests than are read", async () => {
  const queries: (string | undefined)[] = [];
  async function* events({ filter }: LogQuery): AsyncGenerator<LogEvent> {
    queries.push(filter);
    if (filter !== undefined) return yield event("new", error("no such module"));
    for (;;) yield event("old", error("of a request", uuid));
  }
  const context = fakeContext(fakeAccount({ published: publishedState() }));
  const aws = { ...context.aws, logs: { events } };
  const { lines } = await gatherEvidence(
    { functionName: "hello", logGroup: "/fn", wanted: "function", since },
    { ...context, aws },
  );
  expect(lines.map(({ text }) => text)).toEqual(["Error: no such module"]);
  expect(queries).toHaveLength(2);
});
