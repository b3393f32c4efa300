import { expect, test } from "vitest";

import { findDrift } from "../../src/deploy/drift.ts";
import type { LiveProperties, ResourceDrift, StackResource } from "../../src/aws/ports.ts";
import { fakeAccount, fakeContext, type FakeAccount } from "./fake-aws.ts";

const functionType = "AWS::Lambda::Function";
const providerType = "AWS::Lambda::CapacityProvider";

const template = JSON.stringify({
  Resources: {
    Fn: {
      Type: functionType,
      Properties: {
        FunctionName: "hello",
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        MemorySize: 4096,
        Timeout: "30",
        Architectures: ["arm64"],
        LoggingConfig: { LogFormat: "JSON", LogGroup: { Ref: "Logs" } },
        CapacityProviderConfig: {
          LambdaManagedInstancesCapacityProviderConfig: {
            CapacityProviderArn: { "Fn::GetAtt": ["Pool", "Arn"] },
            PerExecutionEnvironmentMaxConcurrency: 10,
          },
        },
        FunctionScalingConfig: { MinExecutionEnvironments: 3, MaxExecutionEnvironments: 9 },
        Environment: {
          Variables: { STAGE: "prod", KEY: "{{resolve:secretsmanager:key:SecretString}}" },
        },
      },
    },
    Pool: {
      Type: providerType,
      Properties: {
        CapacityProviderScalingConfig: { MaxVCpuCount: 30 },
        InstanceRequirements: { AllowedInstanceTypes: ["m7g.large", "c7g.xlarge"] },
      },
    },
    Queue: { Type: "AWS::SQS::Queue", Properties: {} },
  },
});

const asDeployed: { readonly fn: LiveProperties; readonly pool: LiveProperties } = {
  fn: {
    MemorySize: 4096,
    Timeout: 30,
    Architectures: ["arm64"],
    LoggingConfig: { LogFormat: "JSON", LogGroup: "/logs", ApplicationLogLevel: "INFO" },
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: "arn:pool",
        PerExecutionEnvironmentMaxConcurrency: 10,
        ExecutionEnvironmentMemoryGiBPerVCpu: 2,
      },
    },
    FunctionScalingConfig: { MinExecutionEnvironments: 3, MaxExecutionEnvironments: 9 },
    Environment: { Variables: { STAGE: "prod", KEY: "hunter2" } },
    CodeSha256: "one",
    PublishedCodeSha256: "one",
  },
  pool: {
    CapacityProviderScalingConfig: { MaxVCpuCount: 30, ScalingMode: "Auto" },
    InstanceRequirements: { AllowedInstanceTypes: ["c7g.xlarge", "m7g.large"] },
  },
};

const resource = (logicalId: string, type: string): StackResource => ({
  logicalId,
  physicalId: `physical-${logicalId}`,
  type,
  status: "CREATE_COMPLETE",
  statusReason: undefined,
});

const drift = (logicalId: string, type: string, change: Partial<ResourceDrift>): ResourceDrift => ({
  logicalId,
  physicalId: `physical-${logicalId}`,
  type,
  status: "MODIFIED",
  differences: [],
  ...change,
});

function find(change: Partial<FakeAccount> = {}) {
  const account = fakeAccount({
    resources: [
      resource("Fn", functionType),
      resource("Pool", providerType),
      resource("Queue", "AWS::SQS::Queue"),
    ],
    functionProperties: asDeployed.fn,
    providerProperties: asDeployed.pool,
    ...change,
  });
  const context = fakeContext(account);
  return { context, found: findDrift("lmi-hello", template, context) };
}

const pathsOf = ({ differences }: Pick<ResourceDrift, "differences">) =>
  differences.map(({ path, expected, actual }) => [path, expected, actual]);

test("nothing has drifted where Lambda tells what the template says, in other words or order", async () => {
  const { found, context } = find({
    detections: [{ status: "DETECTION_IN_PROGRESS", reason: undefined }],
    drifts: [drift("Queue", "AWS::SQS::Queue", { status: "NOT_CHECKED" })],
  });
  expect(await found).toEqual({
    resources: [],
    checked: 2,
    uncheckedVariables: ["Fn.KEY"],
    unchecked: [{ logicalId: "Queue", type: "AWS::SQS::Queue" }],
    incomplete: undefined,
  });
  expect(context.slept).toHaveLength(1);
});

test("what Lambda tells of managed instances is compared, whatever CloudFormation looks at", async () => {
  const { found } = find({
    functionProperties: {
      ...asDeployed.fn,
      MemorySize: 2048,
      Architectures: undefined,
      FunctionScalingConfig: { MinExecutionEnvironments: 0, MaxExecutionEnvironments: 0 },
      Environment: { Variables: { STAGE: "test", KEY: "hunter3", DEBUG: "on" } },
      CodeSha256: "two",
    },
    providerProperties: { ...asDeployed.pool, CapacityProviderScalingConfig: { MaxVCpuCount: 99 } },
  });
  const [fn, pool] = (await found).resources;
  expect(pathsOf(fn ?? { differences: [] })).toEqual([
    ["/MemorySize", "4096", "2048"],
    ["/Architectures", '["arm64"]', undefined],
    ["/FunctionScalingConfig/MinExecutionEnvironments", "3", "0"],
    ["/FunctionScalingConfig/MaxExecutionEnvironments", "9", "0"],
    ["/Environment/Variables/STAGE", "(not shown)", "(not shown)"],
    ["/Environment/Variables/DEBUG", undefined, "(not shown)"],
    // Base64 of Lambda, here "one" and "two", is shown in hex.
    ["/Code", "a277 (published: it answers requests)", "b70a (in $LATEST, not published)"],
  ]);
  expect(pathsOf(pool ?? { differences: [] })).toEqual([
    ["/CapacityProviderScalingConfig/MaxVCpuCount", "30", "99"],
  ]);
});

test("what both tell is told once, and secrets of CloudFormation's are not shown either", async () => {
  const { found } = find({
    functionProperties: { ...asDeployed.fn, MemorySize: 2048 },
    drifts: [
      drift("Fn", functionType, {
        differences: [
          { path: "/MemorySize", expected: "4096", actual: "2048" },
          { path: "/Environment/Variables/KEY", expected: "a", actual: "b" },
          { path: "/Description", expected: "old", actual: undefined },
        ],
      }),
      drift("Parameter", "AWS::SSM::Parameter", {
        differences: [{ path: "/Value", expected: "x", actual: "y" }],
      }),
    ],
  });
  const { resources } = await found;
  expect(resources.map(pathsOf)).toEqual([
    [
      ["/MemorySize", "4096", "2048"],
      ["/Environment/Variables/KEY", "(not shown)", "(not shown)"],
      ["/Description", "old", undefined],
    ],
    [["/Value", "(not shown)", "(not shown)"]],
  ]);
});

test("what was deleted is named, by CloudFormation or by Lambda", async () => {
  const { found } = find({
    functionProperties: undefined,
    drifts: [
      drift("Pool", providerType, { status: "DELETED" }),
      drift("Queue", "AWS::SQS::Queue", { status: "DELETED" }),
    ],
  });
  const { resources } = await found;
  expect(resources.map(({ logicalId, status }) => [logicalId, status])).toEqual([
    ["Pool", "DELETED"],
    ["Queue", "DELETED"],
    ["Fn", "DELETED"],
  ]);
});

test("limits that the template does not give count when there is a maximum", async () => {
  const bare = JSON.stringify({ Resources: { Fn: { Type: functionType, Properties: {} } } });
  const live = (FunctionScalingConfig: object) =>
    findDrift(
      "lmi-hello",
      bare,
      fakeContext(
        fakeAccount({
          resources: [resource("Fn", functionType)],
          functionProperties: { FunctionScalingConfig },
        }),
      ),
    );
  expect((await live({ MinExecutionEnvironments: 3 })).resources).toEqual([]);
  // As lmi resume sets it where the template has none.
  const own = { MinExecutionEnvironments: 3, MaxExecutionEnvironments: 15_000 };
  expect((await live(own)).resources).toEqual([]);
  expect((await live({ MaxExecutionEnvironments: 5 })).resources.map(pathsOf)).toEqual([
    [["/FunctionScalingConfig", undefined, '{"MaxExecutionEnvironments":5}']],
  ]);
});

test("says why CloudFormation could not look at all, and does not wait for ever", async () => {
  const failed = find({ detections: [{ status: "DETECTION_FAILED", reason: "no permission" }] });
  expect(await failed.found).toMatchObject({ incomplete: "no permission" });
  const endless = find({
    detections: Array.from({ length: 900 }, () => ({
      status: "DETECTION_IN_PROGRESS",
      reason: undefined,
    })),
  });
  await expect(endless.found).rejects.toMatchObject({ code: "LMI_DRIFT_UNKNOWN" });
});
