import { expect, test } from "vitest";
import { monthlyCost } from "../../../src/synth/cost/monthly-cost.ts";
import { settingsAsIn } from "../../../src/synth/cost/settings-as-in.ts";
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
