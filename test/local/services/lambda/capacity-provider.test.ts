import type {
  CreateCapacityProviderRequest,
  GetCapacityProviderResponse,
} from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { openLambdaStore } from "../../../../src/local/services/lambda/store.ts";
import { account, providerArn, region, startLambda } from "./lambda-bench.ts";

const cpuTarget = (TargetValue: number) => ({
  PredefinedMetricType: "LambdaCapacityProviderAverageCPUUtilization" as const,
  TargetValue,
});

test.each([
  ["17 subnets", { VpcConfig: { SubnetIds: Array(17).fill("s"), SecurityGroupIds: [] } }, "16"],
  ["no subnet", { VpcConfig: { SubnetIds: [], SecurityGroupIds: [] } }, "subnetIds"],
  ["one vCPU", { CapacityProviderScalingConfig: { MaxVCpuCount: 1 } }, "equal to 2"],
  ["15001 vCPUs", { CapacityProviderScalingConfig: { MaxVCpuCount: 15_001 } }, "equal to 15000"],
  ["a name with a dot", { CapacityProviderName: "a.b" }, "capacityProviderName"],
  ["six security groups", { VpcConfig: { SubnetIds: ["s"], SecurityGroupIds: Array(6) } }, "5"],
  [
    "a name that no ARN has room for",
    { CapacityProviderName: "a".repeat(141) },
    "length less than or equal to 140",
  ],
  [
    "both lists of types",
    { InstanceRequirements: { AllowedInstanceTypes: ["m7i.large"], ExcludedInstanceTypes: ["b"] } },
    "not both",
  ],
  [
    "an architecture in capitals",
    { InstanceRequirements: { Architectures: ["X86_64"] } },
    "Member must satisfy enum value set: [x86_64, arm64]",
  ],
  [
    "two architectures",
    { InstanceRequirements: { Architectures: ["x86_64", "arm64"] } },
    "length less than or equal to 1",
  ],
  [
    "a burstable type",
    { InstanceRequirements: { AllowedInstanceTypes: ["t2.micro"] } },
    "t2.micro",
  ],
  [
    "a wildcard",
    { InstanceRequirements: { ExcludedInstanceTypes: ["m7i.*"] } },
    "Member must satisfy regular expression pattern: [a-zA-Z0-9.-]+",
  ],
  [
    "401 types",
    { InstanceRequirements: { ExcludedInstanceTypes: Array(401).fill("m7i.large") } },
    "length less than or equal to 400",
  ],
  [
    "a mode in capitals",
    { CapacityProviderScalingConfig: { ScalingMode: "AUTO" } },
    "Member must satisfy enum value set: [Manual, Auto]",
  ],
  [
    "policies without the mode Manual",
    { CapacityProviderScalingConfig: { ScalingPolicies: [cpuTarget(50)] } },
    "only with the ScalingMode Manual",
  ],
  [
    "a target above 100",
    { CapacityProviderScalingConfig: { ScalingMode: "Manual", ScalingPolicies: [cpuTarget(101)] } },
    "less than or equal to 100",
  ],
  [
    "eleven policies",
    {
      CapacityProviderScalingConfig: {
        ScalingMode: "Manual",
        ScalingPolicies: Array(11).fill(cpuTarget(50)),
      },
    },
    "length less than or equal to 10",
  ],
  [
    "41 tags to propagate",
    {
      PropagateTags: {
        Mode: "Explicit",
        ExplicitTags: Object.fromEntries(Array.from({ length: 41 }, (_, n) => [`k${n}`, "v"])),
      },
    },
    "at most 40",
  ],
  [
    "a log level that is none",
    { TelemetryConfig: { LoggingConfig: { SystemLogLevel: "ERROR" } } },
    "Member must satisfy enum value set: [DEBUG, INFO, WARN]",
  ],
  [
    "a role that is not there",
    {
      PermissionsConfig: {
        CapacityProviderOperatorRoleArn: `arn:aws:iam::${account}:role/missing`,
      },
    },
    "cannot be assumed by Lambda",
  ],
])("CreateCapacityProvider refuses %s", async (_what, input, message) => {
  const lambda = await startLambda();
  await expect(
    lambda.createProvider(input as Partial<CreateCapacityProviderRequest>),
  ).rejects.toThrow(message);
});

test("an update changes scaling in place, and takes policies away with the mode Manual", async () => {
  const lambda = await startLambda();
  await lambda.createProvider();
  const update = async (CapacityProviderScalingConfig: object) => {
    const name = { CapacityProviderName: "pool" };
    await lambda.call("UpdateCapacityProvider", { ...name, CapacityProviderScalingConfig });
    const { CapacityProvider } = await lambda.call<GetCapacityProviderResponse>(
      "GetCapacityProvider",
      name,
    );
    return CapacityProvider?.CapacityProviderScalingConfig;
  };
  const manual = { ScalingMode: "Manual", ScalingPolicies: [cpuTarget(70)] };
  expect(await update(manual)).toEqual({ MaxVCpuCount: 30, ...manual });
  expect(await update({ MaxVCpuCount: 40 })).toEqual({ MaxVCpuCount: 40, ...manual });
  expect(await update({ ScalingMode: "Auto" })).toEqual({ MaxVCpuCount: 40, ScalingMode: "Auto" });
  await expect(update({ ScalingPolicies: [cpuTarget(70)] })).rejects.toThrow("Manual");
});

test("fills in what a capacity provider's request leaves out", async () => {
  const lambda = await startLambda();
  await lambda.createProvider({ CapacityProviderScalingConfig: undefined });
  expect(await lambda.call("GetCapacityProvider", { CapacityProviderName: "pool" })).toMatchObject({
    CapacityProvider: {
      CapacityProviderArn: providerArn,
      State: "Active",
      InstanceRequirements: { Architectures: ["x86_64"] },
      CapacityProviderScalingConfig: { MaxVCpuCount: 400, ScalingMode: "Auto" },
      TelemetryConfig: {
        LoggingConfig: { LogGroup: "/aws/lambda/capacity-provider/pool", SystemLogLevel: "INFO" },
      },
    },
  });
});

describe("quotas", () => {
  test("a thousand capacity providers", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    const { providers } = openLambdaStore(lambda.state);
    const one = providers.get(region, "pool");
    if (!one) throw new Error("no provider");
    for (let n = 1; n < 1000; n += 1) providers.put(region, `p${n}`, { ...one, name: `p${n}` });
    await expect(lambda.createProvider({ CapacityProviderName: "one-more" })).rejects.toMatchObject(
      { code: "CapacityProviderLimitExceededException" },
    );
  });

  test("a hundred versions of all functions of a provider", async () => {
    const lambda = await startLambda();
    await lambda.createProvider();
    await lambda.createFunction("hello.mjs", { PublishTo: undefined });
    await lambda.settled("$LATEST");
    const { versions } = openLambdaStore(lambda.state);
    const one = versions.get(region, "f:$LATEST");
    if (!one) throw new Error("no version");
    for (let n = 1; n <= 100; n += 1)
      versions.put(region, `other:${n}`, {
        ...one,
        functionName: "other",
        qualifier: String(n),
        configuration: { ...one.configuration, State: "Deactivated" },
      });
    await expect(lambda.call("PublishVersion", { FunctionName: "f" })).rejects.toMatchObject({
      code: "FunctionVersionsPerCapacityProviderLimitExceededException",
    });
  });
});
