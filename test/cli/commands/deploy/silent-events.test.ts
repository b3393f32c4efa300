import { expect, test } from "vitest";
import { silentEvents } from "../../../../src/cli/commands/deploy/silent-events.ts";
import { settingsOf } from "../../../synth/reference-settings.ts";

test("sources that call nothing on the local target are named, once for each function", () => {
  const settings = settingsOf({
    functions: {
      worker: {
        events: [
          { type: "rule", pattern: { source: ["a"] } },
          { type: "sqs" },
          {
            type: "kinesis",
            arn: "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
            startingPosition: "LATEST",
          },
          { type: "http" },
        ],
      },
      web: { events: [{ type: "http" }] },
      jobs: { events: [{ type: "sqs" }] },
      orders: { events: [{ type: "sqs", arn: "arn:aws:sqs:us-east-1:123456789012:orders" }] },
    },
  });
  expect(silentEvents(settings)).toEqual([
    expect.stringMatching(/keeps Kinesis streams of worker as records/),
    expect.stringMatching(/keeps SQS queues of AWS of orders as records/),
  ]);
});
