import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";
import type { TestTarget } from "../../helpers/local-target.ts";

/** The machine may be busy. */
const patience = { timeout: 60_000, interval: 50 };

const group = (properties: object) => ({ Type: "AWS::Logs::LogGroup", Properties: properties });
const table = (TableName: string) => ({
  Type: "AWS::DynamoDB::GlobalTable",
  Properties: {
    TableName,
    AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "k", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    Replicas: [{ Region: "us-east-1" }],
  },
});

async function changeSet(target: TestTarget, StackName: string, Resources: object) {
  const cloudFormation = target.client(CloudFormationClient);
  const names = { StackName, ChangeSetName: "c" };
  const { Id } = await cloudFormation.send(
    new CreateChangeSetCommand({
      ...names,
      ChangeSetType: "CREATE",
      TemplateBody: JSON.stringify({ Resources }),
    }),
  );
  const { Status, StatusReason } = await cloudFormation.send(new DescribeChangeSetCommand(names));
  const { OperationEvents } = await cloudFormation.send(
    new DescribeEventsCommand({ ChangeSetName: Id }),
  );
  return {
    Status,
    StatusReason,
    problems: (OperationEvents ?? []).map(
      ({ ValidationName, ValidationPath, ValidationStatusReason }) =>
        `${ValidationName} ${ValidationPath} ${ValidationStatusReason}`,
    ),
  };
}

async function created(target: TestTarget, StackName: string, Resources: object) {
  const cloudFormation = target.client(CloudFormationClient);
  await cloudFormation.send(
    new CreateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources }) }),
  );
  let status: string | undefined;
  await expect
    .poll(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      status = Stacks?.[0]?.StackStatus;
      return status;
    }, patience)
    .not.toMatch(/_IN_PROGRESS$/);
  const { StackEvents } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  const failed = StackEvents?.findLast((event) => event.ResourceStatus === "CREATE_FAILED");
  return { status, reason: failed?.ResourceStatusReason };
}

test("names that are taken fail the change set, or the resource", { timeout: 90_000 }, async () => {
  const target = await startTestTarget();
  await target
    .client(CloudWatchLogsClient)
    .send(new CreateLogGroupCommand({ logGroupName: "/taken" }));
  expect(
    await changeSet(target, "taken", {
      Taken: group({ LogGroupName: "/taken" }),
      Free: group({ LogGroupName: "/free" }),
      Named: group({}),
    }),
  ).toEqual({
    Status: "FAILED",
    StatusReason:
      "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.",
    problems: [
      "NAME_CONFLICT_VALIDATION /Resources/Taken Resource of type 'AWS::Logs::LogGroup' with identifier '/taken' already exists.",
    ],
  });
  // Twice in one template: seen when the second is made.
  expect(
    await created(target, "twice", {
      A: group({ LogGroupName: "/twice" }),
      B: { ...group({ LogGroupName: "/twice" }), DependsOn: "A" },
    }),
  ).toMatchObject({
    status: "ROLLBACK_COMPLETE",
    reason: expect.stringContaining("HandlerErrorCode: AlreadyExists") as string,
  });
  // Of types that are records only, too.
  expect(await created(target, "record", { A: table("mine") })).toMatchObject({
    status: "CREATE_COMPLETE",
  });
  expect(await created(target, "again", { A: table("mine") })).toMatchObject({
    status: "ROLLBACK_COMPLETE",
    reason: expect.stringContaining(
      "Resource of type 'AWS::DynamoDB::GlobalTable' with identifier 'mine' already exists.",
    ) as string,
  });
});

test(
  "values that AWS's data rule out fail the change set, or the resource",
  { timeout: 90_000 },
  async () => {
    const target = await startTestTarget();
    const Resources = {
      Enum: group({ RetentionInDays: 8 }),
      Kind: group({ RetentionInDays: "many" }),
      Text: group({ RetentionInDays: "7", LogGroupName: ["x"] }),
      Good: group({ RetentionInDays: "7", LogGroupClass: "STANDARD" }),
    };
    expect(await changeSet(target, "values", Resources)).toMatchObject({
      Status: "FAILED",
      StatusReason: expect.stringContaining("[AWS::EarlyValidation::PropertyValidation]") as string,
      problems: [
        "PROPERTY_VALIDATION /Resources/Enum/Properties/RetentionInDays Properties validation failed for resource Enum with message:\n[#/RetentionInDays: failed validation constraint for keyword [enum]]",
        "PROPERTY_VALIDATION /Resources/Kind/Properties/RetentionInDays Properties validation failed for resource Kind with message:\n[#/RetentionInDays: expected type: Number, found: String]",
        "PROPERTY_VALIDATION /Resources/Text/Properties/LogGroupName Properties validation failed for resource Text with message:\n[#/LogGroupName: expected type: String, found: JSONArray]",
      ],
    });
    expect(await created(target, "direct", { Enum: Resources.Enum })).toEqual({
      status: "ROLLBACK_COMPLETE",
      reason:
        "Properties validation failed for resource Enum with message:\n[#/RetentionInDays: failed validation constraint for keyword [enum]]",
    });
  },
);
