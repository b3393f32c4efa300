import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  DetectStackDriftCommand,
  DetectStackResourceDriftCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CloudWatchLogsClient,
  PutRetentionPolicyCommand,
  TagLogGroupCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { AttachRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";
import type { TestTarget } from "../../helpers/local-target.ts";

/** The machine may be busy. */
const patience = { timeout: 60_000, interval: 50 };

const StackName = "drifting";
const statement = (Action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});
const rule = (port: number) => ({
  IpProtocol: "tcp",
  FromPort: port,
  ToPort: port,
  CidrIp: "10.0.0.0/8",
});
const body = JSON.stringify({
  Resources: {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: "drifting-role",
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "lambda.amazonaws.com" },
              Action: "sts:AssumeRole",
            },
          ],
        },
        Policies: [{ PolicyName: "own", PolicyDocument: statement("s3:GetObject") }],
      },
    },
    Policy: {
      Type: "AWS::IAM::Policy",
      Properties: {
        PolicyName: "separate",
        PolicyDocument: statement("sqs:SendMessage"),
        Roles: [{ Ref: "Role" }],
      },
    },
    Function: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "drifting",
        Role: { "Fn::GetAtt": ["Role", "Arn"] },
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        MemorySize: 256,
        Code: { ZipFile: "exports.handler = () => 1" },
        Environment: { Variables: { STAGE: "prod", KEPT: "x" } },
      },
    },
    Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
    Group: {
      Type: "AWS::EC2::SecurityGroup",
      Properties: {
        GroupDescription: "drifting",
        VpcId: { Ref: "Vpc" },
        SecurityGroupIngress: [rule(443), rule(80)],
      },
    },
    Logs: {
      Type: "AWS::Logs::LogGroup",
      Properties: {
        LogGroupName: "/drifting",
        RetentionInDays: 7,
        Tags: [{ Key: "a", Value: "1" }],
      },
    },
    Parameter: {
      Type: "AWS::SSM::Parameter",
      Properties: { Name: "/drifting", Type: "String", Value: "v" },
    },
    Table: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "k", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      },
    },
  },
});

async function detect(target: TestTarget) {
  const cloudFormation = target.client(CloudFormationClient);
  const { StackDriftDetectionId } = await cloudFormation.send(
    new DetectStackDriftCommand({ StackName }),
  );
  return cloudFormation.send(
    new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }),
  );
}

/** Changes behind the stack's back, as somebody with a console would make them. */
async function meddle(target: TestTarget): Promise<void> {
  const ec2 = target.client(EC2Client);
  const cloudFormation = target.client(CloudFormationClient);
  await target.client(LambdaClient).send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: "drifting",
      MemorySize: 512,
      Environment: { Variables: { STAGE: "test", KEPT: "x", MORE: "y" } },
    }),
  );
  const iam = target.client(IAMClient);
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: "drifting-role",
      PolicyName: "separate",
      PolicyDocument: JSON.stringify(statement("*")),
    }),
  );
  await iam.send(
    new AttachRolePolicyCommand({
      RoleName: "drifting-role",
      PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
  );
  const logs = target.client(CloudWatchLogsClient);
  await logs.send(
    new PutRetentionPolicyCommand({ logGroupName: "/drifting", retentionInDays: 14 }),
  );
  await logs.send(new TagLogGroupCommand({ logGroupName: "/drifting", tags: { b: "2" } }));
  await target.client(SSMClient).send(new DeleteParameterCommand({ Name: "/drifting" }));
  const { StackResources } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName, LogicalResourceId: "Group" }),
  );
  const GroupId = StackResources?.[0]?.PhysicalResourceId;
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, ...rule(80) }));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, ...rule(22) }));
}

test(
  "drift is what somebody has changed behind the stack's back, and nothing else",
  { timeout: 90_000 },
  async () => {
    const target = await startTestTarget();
    const cloudFormation = target.client(CloudFormationClient);
    const describeStack = async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return Stacks?.[0];
    };
    await cloudFormation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: body,
        Capabilities: ["CAPABILITY_NAMED_IAM"],
        Tags: [{ Key: "team", Value: "stack" }],
      }),
    );
    await expect
      .poll(async () => (await describeStack())?.StackStatus, patience)
      .toBe("CREATE_COMPLETE");
    expect((await describeStack())?.DriftInformation).toEqual({ StackDriftStatus: "NOT_CHECKED" });
    expect(await detect(target)).toMatchObject({
      StackDriftStatus: "IN_SYNC",
      DetectionStatus: "DETECTION_COMPLETE",
      DriftedStackResourceCount: 0,
    });

    await meddle(target);
    expect(await detect(target)).toMatchObject({
      StackDriftStatus: "DRIFTED",
      DetectionStatus: "DETECTION_COMPLETE",
      DriftedStackResourceCount: 5,
    });
    expect((await describeStack())?.DriftInformation).toMatchObject({
      StackDriftStatus: "DRIFTED",
      LastCheckTimestamp: expect.any(Date) as Date,
    });

    const { StackResourceDrifts } = await cloudFormation.send(
      new DescribeStackResourceDriftsCommand({
        StackName,
        StackResourceDriftStatusFilters: ["MODIFIED", "DELETED"],
      }),
    );
    const differences = Object.fromEntries(
      (StackResourceDrifts ?? []).map((drift) => [
        drift.LogicalResourceId,
        drift.StackResourceDriftStatus === "DELETED"
          ? "DELETED"
          : drift.PropertyDifferences?.map(
              ({ DifferenceType, PropertyPath, ExpectedValue, ActualValue }) =>
                `${DifferenceType} ${PropertyPath} ${ExpectedValue} ${ActualValue}`.replaceAll(
                  // EC2 gives the rules of a group in no order.
                  /SecurityGroupIngress\/\d/g,
                  "SecurityGroupIngress/#",
                ),
            ),
      ]),
    );
    expect(differences).toEqual({
      // The role gives no ManagedPolicyArns, so what is attached to it is no drift of it, as on AWS.
      Policy: ["NOT_EQUAL /PolicyDocument/Statement/0/Action sqs:SendMessage *"],
      Function: [
        "NOT_EQUAL /MemorySize 256 512",
        "NOT_EQUAL /Environment/Variables/STAGE prod test",
        "ADD /Environment/Variables/MORE null y",
      ],
      Group: [
        expect.stringMatching(/^REMOVE .*"FromPort":80|^NOT_EQUAL .*FromPort 80 22/),
        expect.stringMatching(/^ADD .*"FromPort":22|^NOT_EQUAL .*ToPort 80 22/),
      ],
      Logs: ["NOT_EQUAL /RetentionInDays 7 14", 'ADD /Tags/1 null {"Key":"b","Value":"2"}'],
      Parameter: "DELETED",
    });

    const { StackResources } = await cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName }),
    );
    const statuses = Object.fromEntries(
      (StackResources ?? []).map((resource) => [
        resource.LogicalResourceId,
        resource.DriftInformation?.StackResourceDriftStatus,
      ]),
    );
    expect(statuses).toMatchObject({
      Function: "MODIFIED",
      Parameter: "DELETED",
      Role: "IN_SYNC",
      Vpc: "IN_SYNC",
      // A record behind which there is nothing to look at.
      Table: "NOT_CHECKED",
    });

    // Put back: the resource alone is in sync again.
    await target
      .client(CloudWatchLogsClient)
      .send(new PutRetentionPolicyCommand({ logGroupName: "/drifting", retentionInDays: 7 }));
    const { StackResourceDrift } = await cloudFormation.send(
      new DetectStackResourceDriftCommand({ StackName, LogicalResourceId: "Logs" }),
    );
    expect(StackResourceDrift?.PropertyDifferences).toHaveLength(1);
    expect(JSON.parse(StackResourceDrift?.ExpectedProperties ?? "")).toMatchObject({
      RetentionInDays: 7,
    });
    await expect(
      cloudFormation.send(
        new DetectStackResourceDriftCommand({ StackName, LogicalResourceId: "Table" }),
      ),
    ).rejects.toThrow("Drift detection is not supported for resource [Table]");
    await expect(
      cloudFormation.send(
        new DetectStackResourceDriftCommand({ StackName, LogicalResourceId: "No" }),
      ),
    ).rejects.toThrow("Resource No does not exist for stack drifting");

    // Pages.
    const first = await cloudFormation.send(
      new DescribeStackResourceDriftsCommand({ StackName, MaxResults: 3 }),
    );
    expect(first.StackResourceDrifts).toHaveLength(3);
    const second = await cloudFormation.send(
      new DescribeStackResourceDriftsCommand({ StackName, NextToken: first.NextToken }),
    );
    expect(second.StackResourceDrifts).toHaveLength(4);
  },
);
