import { describe, expect, it } from "vitest";
import { monthlyCost } from "../../src/synth/cost/monthly-cost.ts";
import { checkSettings } from "../../src/synth/rules.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";
import { ofType, properties, templateOf } from "./template.ts";

const shop: SettingsInput = {
  capacity: { maxVCpu: 20 },
  capacityProviders: {
    batch: { architecture: "arm64", maxVCpu: 100, scaling: { targetCpu: 70 } },
    spare: {},
  },
  functions: {
    api: {},
    admin: {},
    jobs: { capacityProvider: "batch", memory: 4096 },
  },
};

describe("several capacity providers", () => {
  it("are made where functions name them, each with a log of its own, and one role", async () => {
    const template = await templateOf(shop);
    expect(ofType(template, "AWS::Lambda::CapacityProvider").map(([id]) => id)).toEqual([
      "CapacityProvider",
      "BatchCapacityProvider",
    ]);
    expect(properties(template, "BatchCapacityProvider")).toMatchObject({
      CapacityProviderScalingConfig: { MaxVCpuCount: 100, ScalingMode: "Manual" },
      InstanceRequirements: { Architectures: ["arm64"] },
      TelemetryConfig: { LoggingConfig: { LogGroup: { Ref: "BatchCapacityProviderLogs" } } },
    });
    expect(properties(template, "BatchCapacityProviderLogs")["LogGroupName"]).toBe(
      "/aws/lambda/capacity-provider/lmi-hello-batch",
    );
    expect(properties(template, "JobsLambda")).toMatchObject({
      Architectures: ["arm64"],
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: { "Fn::GetAtt": ["BatchCapacityProvider", "Arn"] },
        },
      },
    });
    expect(properties(template, "ApiLambda")["Architectures"]).toEqual(["x86_64"]);
    expect(Object.keys(template.Outputs ?? {})).toEqual(
      expect.arrayContaining([
        "CapacityProviderArnCapacityProvider",
        "CapacityProviderArnBatchCapacityProvider",
        "OperatorRoleArn",
      ]),
    );
  });

  it("leave the one of capacity away where all functions name another one", async () => {
    const template = await templateOf({
      capacityProviders: { batch: {} },
      functions: { jobs: { capacityProvider: "batch" } },
    });
    expect(ofType(template, "AWS::Lambda::CapacityProvider").map(([id]) => id)).toEqual([
      "BatchCapacityProvider",
    ]);
    expect(Object.keys(template.Outputs ?? {})).toContain("CapacityProviderArn");
  });

  it("say who shares one, and which is not made", () => {
    const issues = checkSettings(settingsOf(shop));
    expect(issues.map(({ path, code }) => [path.join("."), code])).toEqual([
      ["capacity", "capacity-provider-shared"],
      ["capacityProviders.spare", "capacity-provider-unused"],
    ]);
    expect(issues[0]?.message).toContain("api, admin");
  });

  it("must be there", () => {
    const issues = checkSettings(
      settingsOf({ ...shop, functions: { jobs: { capacityProvider: "bach" } } }),
    );
    expect(issues.filter(({ severity }) => severity === "error")).toMatchObject([
      { path: ["functions", "jobs", "capacityProvider"], code: "capacity-provider-unknown" },
    ]);
  });

  it("are checked each for itself", () => {
    const issues = checkSettings(
      settingsOf({
        capacityProviders: { batch: { maxVCpu: 12, instanceTypes: { allow: ["m7g.large"] } } },
        functions: { jobs: { capacityProvider: "batch", memory: 8192 } },
      }),
    );
    expect(issues.map(({ path, code }) => [path.join("."), code])).toEqual([
      ["capacityProviders.batch.instanceTypes.allow", "instance-type-unsuitable"],
      ["capacityProviders.batch.maxVCpu", "max-vcpu-tight"],
    ]);
  });

  it("cost the sum of them", () => {
    const cost = monthlyCost(settingsOf(shop));
    const instances = cost.items.filter(({ kind }) => kind === "instances");
    expect(instances.map(({ label }) => label)).toEqual([
      expect.stringMatching(/^\d+ × c6i\.\w+$/),
      expect.stringMatching(/^\d+ × c6g\.\w+ \(batch\)$/),
    ]);
    expect(cost.capVCpus).toBe(120);
    const sum = cost.items.reduce((all, { monthly }) => all + monthly, 0);
    expect(cost.minimum).toBeCloseTo(sum, 6);
  });
});
