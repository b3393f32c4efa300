import { expect, test } from "vitest";
import { monthlyCost } from "../../../src/synth/cost/monthly-cost.ts";
import { settingsAsIn } from "../../../src/synth/cost/settings-as-in.ts";
import { settingsOfTemplate } from "../../../src/synth/cost/template-settings.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { settingsOf } from "../reference-settings.ts";
import { templateOf } from "../template.ts";

const asIn = async (input: SettingsInput) =>
  settingsAsIn(settingsOf(input), await templateOf(input));

test.each<SettingsInput>([
  {},
  {
    capacity: { architecture: "arm64", maxVCpu: 64, instanceTypes: { allow: ["m7g.large"] } },
    capacityProviders: { batch: { instanceTypes: { exclude: ["c6i.xlarge"] } } },
    functions: {
      api: { memory: 4096, memoryPerVCpu: 4, concurrency: 8 },
      jobs: { capacityProvider: "batch", minEnvironments: 1, maxEnvironments: 2 },
    },
  },
])(
  "the settings of a template without overrides are those that it was made of: %j",
  async (input) => {
    expect(await asIn(input)).toEqual(settingsOf(input));
  },
);

test("overrides of what is priced count, of functions and of providers", async () => {
  const functions = { api: {} };
  const settings: SettingsInput = { functions };
  const overridden = await asIn({
    functions,
    overrides: {
      api: {
        "Properties.MemorySize": 8192,
        "Properties.FunctionScalingConfig": {
          MinExecutionEnvironments: 9,
          MaxExecutionEnvironments: 9,
        },
      },
      CapacityProvider: { "Properties.CapacityProviderScalingConfig.MaxVCpuCount": 90 },
    },
  });
  const plain = await asIn({
    functions: { api: { memory: 8192, minEnvironments: 9, maxEnvironments: 9 } },
    capacity: { maxVCpu: 90 },
  });
  expect(monthlyCost(overridden)).toEqual(monthlyCost(plain));
  expect(monthlyCost(overridden).minimum).toBeGreaterThan(
    monthlyCost(settingsOf(settings)).minimum,
  );
});

test("figures say which resources they do not hold", () => {
  const { notes } = monthlyCost(settingsOf({ resources: { Jobs: { Type: "AWS::SQS::Queue" } } }));
  expect(notes).toContain("Without the resources of your own: Jobs (AWS::SQS::Queue).");
  expect(monthlyCost(settingsOf()).notes.join(" ")).not.toContain("your own");
});

test("what is deployed has the pollers of its template, so that a difference is one", async () => {
  const topic = {
    type: "msk" as const,
    arn: "arn:aws:kafka:us-east-1:123456789012:cluster/own/01234567-89ab-cdef-0123-456789abcdef-1",
    topic: "orders",
    startingPosition: "LATEST" as const,
  };
  const stream = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
  const input: SettingsInput = {
    functions: {
      f: {
        events: [
          { type: "sqs", pollers: { minimum: 5, maximum: 20 } },
          { type: "kinesis", arn: stream, startingPosition: "LATEST" },
          { ...topic, pollers: { minimum: 4, group: "shared" } },
        ],
      },
      g: { events: [{ ...topic, pollers: { minimum: 7, group: "shared" } }] },
    },
  };
  const read = settingsOfTemplate(await templateOf(input), "us-east-1");
  const [deployed, asked] = [read, settingsOf(input)].map(
    (settings) => settings && monthlyCost(settings),
  );
  expect(deployed?.minimum).toBeCloseTo(asked?.minimum ?? 0, 6);
  expect(deployed?.cap).toBeCloseTo(asked?.cap ?? 0, 6);
  const labels = asked?.items.filter(({ kind }) => kind === "pollers").map(({ label }) => label);
  expect(labels).toEqual(["5 event pollers of f (sqs)", "11 event pollers of group shared"]);
});
