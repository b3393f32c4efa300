import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  GetAliasCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, it } from "vitest";
import type { TestTarget } from "../../../helpers/local-target.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";
import { referenceTemplate } from "./reference-template.ts";

const StackName = "lmi-neighbours";
const Capabilities = ["CAPABILITY_IAM" as const];

async function settled(target: TestTarget, nameOrId: string) {
  const cloudFormation = target.client(CloudFormationClient);
  const look = async () => {
    const { Stacks } = await cloudFormation.send(
      new DescribeStacksCommand({ StackName: nameOrId }),
    );
    return Stacks?.[0];
  };
  await expect
    .poll(async () => (await look())?.StackStatus, { timeout: 60_000, interval: 50 })
    .not.toMatch(/_IN_PROGRESS$/);
  return await look();
}

async function failures(target: TestTarget, nameOrId: string): Promise<string> {
  const { StackEvents } = await target
    .client(CloudFormationClient)
    .send(new DescribeStackEventsCommand({ StackName: nameOrId }));
  return (StackEvents ?? [])
    .filter((event) => event.ResourceStatus?.endsWith("_FAILED"))
    .map(
      (event) => `${event.LogicalResourceId} ${event.ResourceStatus} ${event.ResourceStatusReason}`,
    )
    .join("\n");
}

function storage(retention: number, value: string): string {
  return JSON.stringify({
    Resources: {
      Bucket: {
        Type: "AWS::S3::Bucket",
        Properties: { VersioningConfiguration: { Status: "Suspended" } },
      },
      Parameter: {
        Type: "AWS::SSM::Parameter",
        Properties: { Name: "/lmi/test", Type: "String", Value: value },
      },
      Group: {
        Type: "AWS::Logs::LogGroup",
        Properties: { LogGroupName: "/lmi/test", RetentionInDays: retention },
      },
      Stream: { Type: "AWS::Logs::LogStream", Properties: { LogGroupName: { Ref: "Group" } } },
    },
    Outputs: {
      Bucket: { Value: { Ref: "Bucket" } },
      Parameter: { Value: { "Fn::GetAtt": ["Parameter", "Value"] } },
    },
  });
}

it(
  "keeps a bucket that has objects, and updates parameter and retention in place",
  { timeout: 60_000 },
  async () => {
    const target = await startTestTarget();
    const cloudFormation = target.client(CloudFormationClient);
    await cloudFormation.send(
      new CreateStackCommand({ StackName, TemplateBody: storage(7, "one") }),
    );
    const created = await settled(target, StackName);
    expect(await failures(target, StackName)).toBe("");
    const Bucket =
      created?.Outputs?.find((output) => output.OutputKey === "Bucket")?.OutputValue ?? "";
    expect(Bucket).toMatch(/^lmi-neighbours-bucket-[a-z0-9]+$/);

    await cloudFormation.send(
      new UpdateStackCommand({ StackName, TemplateBody: storage(14, "two") }),
    );
    expect((await settled(target, StackName))?.StackStatus).toBe("UPDATE_COMPLETE");
    const { Parameter } = await target
      .client(SSMClient)
      .send(new GetParameterCommand({ Name: "/lmi/test" }));
    expect(Parameter?.Value).toBe("two");
    const { logGroups } = await target
      .client(CloudWatchLogsClient)
      .send(new DescribeLogGroupsCommand({}));
    expect(logGroups).toMatchObject([{ logGroupName: "/lmi/test", retentionInDays: 14 }]);

    const s3 = target.client(S3Client);
    await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x" }));
    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    expect((await settled(target, StackName))?.StackStatus).toBe("DELETE_FAILED");
    expect(await failures(target, StackName)).toContain(
      "The bucket you tried to delete is not empty",
    );

    await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    expect((await settled(target, created?.StackId ?? ""))?.StackStatus).toBe("DELETE_COMPLETE");
  },
);

it(
  "makes what hangs on a function: version, alias, permission, URL and invoke settings",
  { timeout: 120_000 },
  async () => {
    const target = await startTestTarget();
    const cloudFormation = target.client(CloudFormationClient);
    const template: { Resources: object; Outputs: object } = JSON.parse(
      referenceTemplate("exports.handler = async () => 1;"),
    );
    const FunctionName = { Ref: "Function" };
    const resources = {
      ...template.Resources,
      Version: { Type: "AWS::Lambda::Version", Properties: { FunctionName } },
      Alias: {
        Type: "AWS::Lambda::Alias",
        Properties: {
          FunctionName,
          Name: "live",
          FunctionVersion: { "Fn::GetAtt": ["Version", "Version"] },
        },
      },
      Permission: {
        Type: "AWS::Lambda::Permission",
        Properties: {
          FunctionName,
          Action: "lambda:InvokeFunction",
          Principal: "events.amazonaws.com",
        },
      },
      Url: {
        Type: "AWS::Lambda::Url",
        Properties: { TargetFunctionArn: FunctionName, AuthType: "AWS_IAM" },
      },
      Events: {
        Type: "AWS::Lambda::EventInvokeConfig",
        Properties: { FunctionName, Qualifier: "$LATEST", MaximumRetryAttempts: "1" },
      },
    };
    const Outputs = {
      Alias: { Value: { Ref: "Alias" } },
      Version: { Value: { Ref: "Version" } },
      Url: { Value: { "Fn::GetAtt": ["Url", "FunctionUrl"] } },
    };
    const TemplateBody = JSON.stringify({ Resources: resources, Outputs });
    await cloudFormation.send(new CreateStackCommand({ StackName, Capabilities, TemplateBody }));
    const created = await settled(target, StackName);
    expect(await failures(target, StackName)).toBe("");
    const outputs = Object.fromEntries(
      (created?.Outputs ?? []).map((one) => [one.OutputKey, one.OutputValue]),
    );
    expect(outputs).toMatchObject({
      Alias: expect.stringMatching(/:function:reference:live$/),
      Version: expect.stringMatching(/:function:reference:1$/),
      Url: expect.stringMatching(/^https?:\/\//),
    });
    const lambda = target.client(LambdaClient);
    const name = { FunctionName: "reference" };
    expect(await lambda.send(new GetAliasCommand({ ...name, Name: "live" }))).toMatchObject({
      FunctionVersion: "1",
    });
    expect((await lambda.send(new GetPolicyCommand(name))).Policy).toContain(
      "events.amazonaws.com",
    );
    expect(
      await lambda.send(new GetFunctionEventInvokeConfigCommand({ ...name, Qualifier: "$LATEST" })),
    ).toMatchObject({ MaximumRetryAttempts: 1 });

    await cloudFormation.send(new DeleteStackCommand({ StackName }));
    const deleted = await settled(target, created?.StackId ?? "");
    expect(await failures(target, created?.StackId ?? "")).toBe("");
    expect(deleted?.StackStatus).toBe("DELETE_COMPLETE");
  },
);
