import { expect, test } from "vitest";

import { devView } from "../../../../src/cli/commands/dev/view.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";

const request = { functionName: "hello", requestId: "r-1" };
const cutOff = { durationMs: 12, errorType: "Runtime.ExitError" };
const report =
  '{"time":"2026-01-01T00:00:00.000Z","type":"platform.report","record":{"requestId":"r-1","status":"error","errorType":"Runtime.ExitError"}}';

test.each([
  ["while it runs", false, 1],
  ["once all of it ends", true, 0],
])("a request whose process ends %s", (_when, ends, told) => {
  const reporter = new RecordingReporter();
  const view = devView(
    { json: true, quiet: false, layout: {} as never, onActivity: () => undefined },
    { reporter },
  );
  view.began(request, Buffer.from("{}"));
  if (ends) view.ending();
  view.line({ functionName: "hello", logGroup: "g", logStream: "s" }, report);
  view.line({ functionName: "hello", logGroup: "g", logStream: "s" }, "its own line");
  view.ended(request, cutOff);
  const types = reporter.events.map(({ type }) => type);
  expect(types).toEqual([...Array(told).fill("log"), "log", ...Array(told).fill("request")]);
});
