import { att, maybe, ref, tags } from "./kind.ts";
import type { Kind } from "./kind.ts";
import { network } from "./network-kinds.ts";
import { identity, storage } from "./storage-kinds.ts";

const lambda: Readonly<Record<string, Kind>> = {
  Provider: {
    type: "AWS::Lambda::CapacityProvider",
    needs: ["SubnetA", "SubnetB", "Group", "Role"],
    properties: (pick) => ({
      VpcConfig: {
        SubnetIds: [ref("SubnetA"), ref("SubnetB")],
        SecurityGroupIds: [att("Group", "GroupId")],
      },
      PermissionsConfig: { CapacityProviderOperatorRoleArn: att("Role", "Arn") },
      ...maybe(pick, "CapacityProviderScalingConfig", {
        ...maybe(pick, "MaxVCpuCount", 30, 40),
        ...maybe(pick, "ScalingMode", "Auto"),
      }),
      ...maybe(pick, "PropagateTags", {
        Mode: "Explicit",
        ExplicitTags: [{ Key: "k", Value: pick("one", "two") }],
      }),
      ...maybe(pick, "TelemetryConfig", {
        LoggingConfig: {
          ...maybe(pick, "LogGroup", "/random/provider"),
          ...maybe(pick, "SystemLogLevel", "DEBUG", "WARN"),
        },
      }),
      Tags: tags(pick),
    }),
    attribute: "Arn",
    look: (CapacityProviderName) => ["lambda", "GetCapacityProvider", { CapacityProviderName }],
  },
  Function: {
    type: "AWS::Lambda::Function",
    needs: ["Role"],
    properties: (pick) => ({
      ...pick({}, { FunctionName: pick("random-a", "random-b") }),
      Role: att("Role", "Arn"),
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: `exports.handler = async () => ${pick(1, 2)};` },
      ...maybe(pick, "MemorySize", 128, 256),
      ...maybe(pick, "Timeout", 3, 9),
      ...maybe(pick, "EphemeralStorage", { Size: pick(512, 1024) }),
      ...maybe(pick, "TracingConfig", { Mode: pick("Active", "PassThrough") }),
      ...maybe(pick, "Description", "one", "two"),
      ...maybe(pick, "LoggingConfig", {
        LogFormat: "JSON",
        ...maybe(pick, "LogGroup", "/random/function"),
        ...maybe(pick, "ApplicationLogLevel", "DEBUG", "WARN"),
      }),
      ...maybe(pick, "Environment", { Variables: { ROLE: ref("Role"), SIZE: pick("s", "m") } }),
      Tags: tags(pick),
    }),
    attribute: "Arn",
    look: (FunctionName) => ["lambda", "GetFunctionConfiguration", { FunctionName }],
  },
  Version: {
    type: "AWS::Lambda::Version",
    needs: ["Function"],
    properties: (pick) => ({ FunctionName: ref("Function"), Description: pick("one", "two") }),
    attribute: "Version",
    look: (arn) => ["lambda", "GetFunctionConfiguration", { FunctionName: arn }],
  },
  Alias: {
    type: "AWS::Lambda::Alias",
    needs: ["Function", "Version"],
    properties: (pick) => ({
      FunctionName: ref("Function"),
      FunctionVersion: att("Version", "Version"),
      Name: pick("live", "next"),
      ...maybe(pick, "Description", "one", "two"),
    }),
  },
  Permission: {
    type: "AWS::Lambda::Permission",
    needs: ["Function"],
    properties: (pick) => ({
      FunctionName: ref("Function"),
      Action: "lambda:InvokeFunction",
      Principal: pick("events.amazonaws.com", "s3.amazonaws.com"),
    }),
  },
  Url: {
    type: "AWS::Lambda::Url",
    needs: ["Function"],
    properties: (pick) => ({
      TargetFunctionArn: ref("Function"),
      AuthType: pick("AWS_IAM", "NONE"),
      ...maybe(pick, "Cors", { AllowOrigins: [pick("*", "https://example.com")] }),
      ...maybe(pick, "InvokeMode", "BUFFERED", "RESPONSE_STREAM"),
    }),
    attribute: "FunctionUrl",
    look: (FunctionName) => ["lambda", "GetFunctionUrlConfig", { FunctionName }],
  },
  Events: {
    type: "AWS::Lambda::EventInvokeConfig",
    needs: ["Function"],
    properties: (pick) => ({
      FunctionName: ref("Function"),
      Qualifier: "$LATEST",
      ...maybe(pick, "MaximumRetryAttempts", 0, 1),
      ...maybe(pick, "MaximumEventAgeInSeconds", 60, 90),
    }),
  },
};

/** Types without behaviour: records. */
const records: Readonly<Record<string, Kind>> = {
  Portfolio: {
    type: "AWS::ServiceCatalog::Portfolio",
    needs: ["Logs"],
    properties: (pick) => ({
      ProviderName: "team",
      DisplayName: pick<unknown>(ref("Logs"), "plain"),
      Tags: tags(pick),
    }),
  },
  Database: {
    type: "AWS::DynamoDB::Table",
    needs: [],
    properties: (pick) => ({
      BillingMode: pick("PAY_PER_REQUEST", "PAY_PER_REQUEST"),
      AttributeDefinitions: [{ AttributeName: pick("a", "b"), AttributeType: "S" }],
      KeySchema: [{ AttributeName: pick("a", "b"), KeyType: "HASH" }],
    }),
    attribute: "Arn",
  },
};

/** By logical id; each names only those before it. */
export const kinds: Readonly<Record<string, Kind>> = {
  ...network,
  ...identity,
  ...storage,
  ...lambda,
  ...records,
};
