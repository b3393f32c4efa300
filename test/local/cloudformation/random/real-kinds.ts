import { att, ref, tags } from "./kind.ts";
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
      CapacityProviderScalingConfig: { MaxVCpuCount: pick(30, 40) },
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
      MemorySize: pick(128, 256),
      Description: pick("one", "two"),
      Environment: { Variables: { ROLE: ref("Role"), SIZE: pick("s", "m") } },
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
      MaximumRetryAttempts: pick(0, 1),
    }),
  },
};

/** Types without behaviour: records. */
const records: Readonly<Record<string, Kind>> = {
  Topic: {
    type: "AWS::SNS::Topic",
    needs: ["Logs"],
    properties: (pick) => ({ DisplayName: pick<unknown>(ref("Logs"), "plain"), Tags: tags(pick) }),
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
