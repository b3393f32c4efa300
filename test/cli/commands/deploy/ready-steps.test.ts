import { expect, test } from "vitest";
import {
  firstAnswers,
  nameOfSeveral,
  waitUntilReady,
} from "../../../../src/cli/commands/deploy/ready-steps.ts";
import type { ManagedInstance } from "../../../../src/aws/ports.ts";
import { answered, fakeContext, stackState } from "../../../deploy/fake-aws.ts";
import { readyAccount } from "../../../deploy/deploy-fixture.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";

const began = new Date("2026-01-01T12:00:00.500Z");
const instance = (launchTime: string): ManagedInstance => ({
  instanceId: "i-1",
  instanceType: "m7i.xlarge",
  availabilityZone: "us-east-1a",
  state: "running",
  launchTime: new Date(launchTime),
});
const earlier = instance("2026-01-01T10:00:00Z");
/** In the second in which the change began. */
const fresh = instance("2026-01-01T12:00:00Z");

async function progressOf(outputs: Record<string, string>, instances: ManagedInstance[]) {
  const reporter = new RecordingReporter();
  const context = fakeContext(readyAccount({ instances }));
  const stack = stackState({ outputs, createdAt: new Date(0), updatedAt: began });
  await waitUntilReady(stack, { paused: new Set() }, context, reporter);
  const label = "progress instances: ";
  return reporter.said.flatMap((text) =>
    text.startsWith(label) && text.includes("m7i") ? text.slice(label.length) : [],
  );
}

test.each([
  [[fresh], "1 launched: m7i.xlarge us-east-1a"],
  [[earlier], "1 running: m7i.xlarge us-east-1a"],
  [[earlier, fresh], "2 running, 1 of them new: m7i.xlarge us-east-1a, m7i.xlarge us-east-1a"],
])("instances are told as launched only in the change that launched them", async (all, said) => {
  expect(await progressOf({ CapacityProviderArn: "arn:capacity-provider:cp" }, all)).toEqual([
    said,
  ]);
});

test("several providers are told by name", async () => {
  const outputs = {
    CapacityProviderArnA: "arn:capacity-provider:lmi-a",
    CapacityProviderArnB: "arn:capacity-provider:lmi-b",
  };
  expect(await progressOf(outputs, [earlier])).toEqual([
    "lmi-a: 1 running: m7i.xlarge us-east-1a",
    "lmi-b: 1 running: m7i.xlarge us-east-1a",
  ]);
});

test("a command names its function as soon as there are several", () => {
  expect(nameOfSeveral({ FunctionName: "hello" }, undefined)).toBe("");
  expect(nameOfSeveral({ FunctionNameA: "api", FunctionNameB: "jobs" }, undefined)).toBe(" api");
  expect(nameOfSeveral({ FunctionNameA: "api", FunctionNameB: "jobs" }, "jobs")).toBe(" jobs");
});

test("the log of a function that answered an error is named", async () => {
  const reporter = new RecordingReporter();
  const account = readyAccount({ answers: [answered({ functionError: "Unhandled" })] });
  const outputs = { FunctionNameA: "api", FunctionNameB: "jobs" };
  const paused = new Set(["api"]);
  await firstAnswers(outputs, paused, Buffer.from("{}"), fakeContext(account), reporter);
  expect(reporter.said).toContainEqual(
    expect.stringMatching(/^warn jobs .*lmi logs jobs --since 5m/),
  );
});
