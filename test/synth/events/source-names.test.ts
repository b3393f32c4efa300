import { describe, expect, it } from "vitest";
import { checkSettings } from "../../../src/synth/rules.ts";
import { settingsOf } from "../reference-settings.ts";
import type { EventInput } from "./pushing.ts";

/** Functions `a`, `b`, … with these events, deployed with `--env`. */
function told(events: readonly (readonly EventInput[])[], environment?: string): string[] {
  const functions = Object.fromEntries(
    events.map((own, index) => ["abc".charAt(index), { events: [...own] }]),
  );
  return checkSettings(settingsOf({ functions }, environment))
    .filter(({ severity }) => severity === "error")
    .map(({ path, code, value }) => `${path.slice(1).join(".")} ${code} ${String(value)}`);
}

const sqs = (queueName: string, fifo = false): EventInput => ({ type: "sqs", queueName, fifo });
const sns = (topicName: string): EventInput => ({ type: "sns", topicName });
const bucket = (bucketName: string): EventInput => ({ type: "s3", bucketName });

describe("names of what lmi makes for event sources", () => {
  it.each<[string, EventInput]>([
    ["topicName orders", sns("orders")],
    ["bucketName shop-in", bucket("shop-in")],
  ])("are taken once, over all functions: %s", (named, event) => {
    const [key = "", name = ""] = named.split(" ");
    expect(told([[event], [event]])).toEqual([`b.events.0.${key} event-source-name-taken ${name}`]);
  });

  it("of queues are taken with their dead-letter queues", () => {
    expect(told([[sqs("q")], [sqs("q")]])).toEqual([
      "b.events.0.queueName event-source-name-taken q",
      "b.events.0.queueName event-source-name-taken q-dead",
    ]);
    expect(told([[sqs("q"), sqs("q-dead")]], "dev")).toEqual([
      "a.events.1.queueName event-source-name-taken q-dead-dev",
    ]);
  });

  it("may be the same where they are of different services, or end in .fifo", () => {
    expect(
      told([
        [sqs("orders"), sns("orders")],
        [bucket("orders"), sqs("orders", true)],
      ]),
    ).toEqual([]);
  });

  it("twice in one function are told as the same source alone", () => {
    expect(told([[sqs("q"), sqs("q")]])).toEqual(["a.events.1 event-duplicate undefined"]);
  });

  it.each<[EventInput, string]>([
    // 70 letters, -dead, -dev and .fifo are 84.
    [sqs("q".repeat(70), true), `queueName event-source-name ${"q".repeat(70)}-dead-dev.fifo`],
    [bucket("b".repeat(60)), `bucketName event-source-name ${"b".repeat(60)}-dev`],
  ])("have room for the environment: %j", (event, finding) => {
    expect(told([[event]])).toEqual([]);
    expect(told([[event]], "dev")).toEqual([`a.events.0.${finding}`]);
  });

  it("of topics have room for a long one, of 256 characters", () => {
    expect(told([[sns("t".repeat(200))]], "e".repeat(55))).toHaveLength(0);
    expect(told([[sns("t".repeat(200))]], "e".repeat(56))[0]).toMatch(
      /event-source-name t+-e{56}$/,
    );
  });
});
