import { expect, test } from "vitest";
import { account, providerArn, region, roleArn, startLambda } from "./lambda-bench.ts";

const scaling = (MinExecutionEnvironments: number, MaxExecutionEnvironments: number) => ({
  Qualifier: "$LATEST.PUBLISHED",
  FunctionScalingConfig: { MinExecutionEnvironments, MaxExecutionEnvironments },
});

const managed = (more: object) => ({
  CapacityProviderConfig: {
    LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: providerArn, ...more },
  },
});

test.each([
  [
    "a runtime that LMI does not have",
    { Runtime: "nodejs20.x" },
    "Runtime Enum nodejs20.x does not support specified feature: Lambda Managed Instances",
  ],
  [
    "text logs",
    { LoggingConfig: { LogFormat: "Text" } },
    'LogLevel is not supported when LogFormat is set to "Text". Remove LogLevel from your request or change the LogFormat to "JSON" and try again.',
  ],
  [
    "a ratio that the memory does not hold",
    { MemorySize: 2096, ...managed({ ExecutionEnvironmentMemoryGiBPerVCpu: 4 }) },
    "Memory ratio of 4096.0MB per CPU exceeds function's total memory",
  ],
  ["too little memory", { MemorySize: 1024 }, "at least 2048 MB"],
  ["memory between two sizes", { MemorySize: 5000 }, "is not a multiple of 2048 MB"],
  ["too much memory", { MemorySize: 40_960 }, "less than or equal to 32768"],
  ["a ratio of 3", managed({ ExecutionEnvironmentMemoryGiBPerVCpu: 3 }), "one of 2, 4, 8"],
  [
    "65 requests on one vCPU",
    managed({ PerExecutionEnvironmentMaxConcurrency: 65 }),
    "between 1 and 64",
  ],
  ["another architecture", { Architectures: ["arm64"] }, "does not match the architecture x86_64"],
  [
    "a file system",
    { FileSystemConfigs: [{ Arn: "arn", LocalMountPath: "/mnt/a" }] },
    "File system configuration isn't compatible with functions using capacity provider compute.",
  ],
  [
    "SnapStart",
    { SnapStart: { ApplyOn: "PublishedVersions" } },
    "SnapStart isn't compatible with functions using capacity provider compute.",
  ],
  [
    "a VPC of its own",
    { VpcConfig: { SubnetIds: ["subnet-a"], SecurityGroupIds: ["sg-1"] } },
    "VPC configuration isn't compatible with functions using capacity provider compute.",
  ],
  ["a reserved variable", { Environment: { Variables: { AWS_REGION: "x" } } }, "reserved keys"],
  [
    "a role that is not there",
    { Role: `arn:aws:iam::${account}:role/missing` },
    "The role defined for the function cannot be assumed by Lambda.",
  ],
  [
    "a role that does not trust Lambda",
    { Role: `arn:aws:iam::${account}:role/stranger` },
    "The role defined for the function cannot be assumed by Lambda.",
  ],
  [
    "a package that is no zip",
    { Code: { ZipFile: Buffer.from("no zip") } },
    "Could not unzip uploaded file. Please check your file, then try to upload again.",
  ],
  [
    "a package that is not in S3",
    { Code: { S3Bucket: "b", S3Key: "k" } },
    "Error occurred while GetObject. S3 Error Code: NoSuchKey.",
  ],
  [
    "a publish without a capacity provider",
    { CapacityProviderConfig: undefined },
    "PublishToLatestPublished or FunctionScalingConfig cannot be specified unless creating a Lambda Managed Instance function",
  ],
  [
    "a capacity provider that is not there",
    {
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: {
          CapacityProviderArn: `arn:aws:lambda:${region}:${account}:capacity-provider:other`,
        },
      },
    },
    "Capacity provider not found: arn:aws:lambda:us-east-1:000000000000:capacity-provider:other",
  ],
])("CreateFunction refuses %s", async (_what, input, message) => {
  const lambda = await startLambda();
  await lambda.createProvider();
  await expect(lambda.createFunction("hello.mjs", input as object)).rejects.toThrow(message);
  await expect(lambda.call("GetFunction", { FunctionName: "f" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
});

test("a function moves to another capacity provider, and never to none", async () => {
  const lambda = await startLambda();
  await lambda.createProvider();
  await lambda.createProvider({ CapacityProviderName: "second" });
  await lambda.createFunction("hello.mjs", { PublishTo: undefined });
  await lambda.settled("$LATEST");
  const other = providerArn.replace(/pool$/, "second");
  expect(
    await lambda.call("UpdateFunctionConfiguration", {
      FunctionName: "f",
      CapacityProviderConfig: {
        LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: other },
      },
    }),
  ).toMatchObject({
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: other },
    },
  });
  await expect(
    lambda.call("UpdateFunctionConfiguration", { FunctionName: "f", CapacityProviderConfig: {} }),
  ).rejects.toMatchObject({
    code: "ValidationException",
    message:
      "1 validation error detected: Value null at 'capacityProviderConfig.lambdaManagedInstancesCapacityProviderConfig' failed to satisfy constraint: Member must not be null",
  });
});

test.each([
  ["an alias", { Qualifier: "live" }, "ValidationException"],
  ["$LATEST", { Qualifier: "$LATEST" }, "ValidationException"],
  ["more than 15000", scaling(1, 15_001), "ValidationException"],
  ["a minimum above the maximum", scaling(3, 2), "InvalidParameterValueException"],
  ["a minimum of 0 with a maximum", scaling(0, 2), "InvalidParameterValueException"],
])("PutFunctionScalingConfig refuses %s", async (_what, input, code) => {
  const lambda = await startLambda();
  await lambda.createProvider();
  await lambda.createFunction("hello.mjs", { PublishTo: undefined });
  await expect(
    lambda.call("PutFunctionScalingConfig", { FunctionName: "f", ...scaling(1, 2), ...input }),
  ).rejects.toMatchObject({ code });
});

test("a default function cannot become one on managed instances", async () => {
  const lambda = await startLambda();
  await lambda.createProvider();
  await lambda.createFunction("hello.mjs", {
    CapacityProviderConfig: undefined,
    PublishTo: undefined,
  });
  await lambda.settled("$LATEST");
  await expect(
    lambda.call("UpdateFunctionConfiguration", { FunctionName: "f", ...managed({}) }),
  ).rejects.toThrow("CapacityProviderConfig isn't supported for Lambda Default functions.");
  await expect(
    lambda.call("PutFunctionScalingConfig", {
      FunctionName: "f",
      Qualifier: "$LATEST.PUBLISHED",
      FunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 1 },
    }),
  ).rejects.toMatchObject({
    code: "AccessDeniedException",
    message: "The function provided by the arn does not contain a capacity provider configuration",
  });
});

test("fills in what a request leaves out", async () => {
  const lambda = await startLambda();
  await lambda.createProvider();
  await lambda.createFunction("hello.mjs", { PublishTo: undefined });
  expect(await lambda.settled("$LATEST")).toMatchObject({
    Role: roleArn,
    MemorySize: 2048,
    Timeout: 3,
    Architectures: ["x86_64"],
    EphemeralStorage: { Size: 512 },
    LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO", LogGroup: "/aws/lambda/f" },
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: providerArn,
        ExecutionEnvironmentMemoryGiBPerVCpu: 2,
        PerExecutionEnvironmentMaxConcurrency: 64,
      },
    },
  });
});

test.each([
  ["a Python function", { Runtime: "python3.14" as const, Handler: "app.handler" }, "python3.14"],
  [
    "a container image",
    {
      PackageType: "Image" as const,
      Runtime: undefined,
      Handler: undefined,
      Code: { ImageUri: `${account}.dkr.ecr.${region}.amazonaws.com/app:1` },
    },
    "image",
  ],
])("keeps %s, and says why it does not run here", async (_what, input, reason) => {
  const lambda = await startLambda();
  await lambda.createProvider();
  await lambda.createFunction("hello.mjs", input);
  expect(await lambda.settled()).toMatchObject({
    State: "Failed",
    StateReasonCode: "InvalidRuntime",
    StateReason: expect.stringContaining(reason),
  });
});
