import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeParametersCommand, GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { startTestTarget } from "../../../helpers/local-target.ts";
import type { TestTarget } from "../../../helpers/local-target.ts";

const StackName = "outer";
const patience = { timeout: 60_000, interval: 50 };

const parameter = (Name: string, Value: unknown) => ({
  Type: "AWS::SSM::Parameter",
  Properties: { Name, Type: "String", Value },
});
const nested = (key: string, more: object = {}) => ({
  Type: "AWS::CloudFormation::Stack",
  Properties: {
    TemplateURL: { "Fn::Sub": `https://s3.\${AWS::Region}.\${AWS::URLSuffix}/templates/${key}` },
    ...more,
  },
});
const outer = (key: string, Value = "1", more: object = {}) =>
  JSON.stringify({
    Resources: {
      Inner: nested(key, { Parameters: { Value, List: "a,b" } }),
      Uses: parameter("/outer", { "Fn::GetAtt": ["Inner", "Outputs.Name"] }),
      ...more,
    },
  });

async function workshop() {
  const target = await startTestTarget();
  const cloudFormation = target.client(CloudFormationClient);
  const s3 = target.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "templates" }));
  const put = (Key: string, template: object) =>
    s3.send(new PutObjectCommand({ Bucket: "templates", Key, Body: JSON.stringify(template) }));
  await put("inner", inner("/inner"));
  const settled = async (name = StackName) => {
    const look = async () =>
      (await cloudFormation.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
    await expect
      .poll(async () => (await look())?.StackStatus, patience)
      .not.toMatch(/_IN_PROGRESS$/);
    return look();
  };
  const stacks = async () =>
    (await cloudFormation.send(new DescribeStacksCommand({}))).Stacks ?? [];
  return { target, cloudFormation, put, settled, stacks };
}

function inner(name: string) {
  return {
    Parameters: { Value: { Type: "String" }, List: { Type: "CommaDelimitedList" } },
    Resources: {
      P: parameter(name, {
        "Fn::Join": ["-", [{ Ref: "Value" }, { "Fn::Select": [1, { Ref: "List" }] }]],
      }),
    },
    Outputs: { Name: { Value: { Ref: "P" } } },
  };
}

async function valueOf(target: TestTarget, Name: string): Promise<string | undefined> {
  const { Parameter } = await target.client(SSMClient).send(new GetParameterCommand({ Name }));
  return Parameter?.Value;
}

async function names(target: TestTarget): Promise<string[]> {
  const { Parameters } = await target.client(SSMClient).send(new DescribeParametersCommand({}));
  return (Parameters ?? []).map(({ Name = "" }) => Name).toSorted();
}

async function reasons(cloudFormation: CloudFormationClient, logicalId: string) {
  const { StackEvents } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
  return (StackEvents ?? [])
    .filter(
      (event) => event.LogicalResourceId === logicalId && event.ResourceStatus?.endsWith("_FAILED"),
    )
    .map(({ ResourceStatusReason }) => ResourceStatusReason);
}

test("a nested stack lives with the stack around it", { timeout: 90_000 }, async () => {
  const { target, cloudFormation, put, settled, stacks } = await workshop();
  await put("middle", {
    Resources: { Deep: nested("inner", { Parameters: { Value: "d", List: "x,y" } }) },
  });
  await cloudFormation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: outer("inner"),
      Tags: [{ Key: "team", Value: "outer" }],
    }),
  );
  const { StackId: outerId, StackStatus } = (await settled()) ?? {};
  expect(StackStatus).toBe("CREATE_COMPLETE");
  expect(await valueOf(target, "/inner")).toBe("1-b");
  expect(await valueOf(target, "/outer")).toBe("/inner");

  const { StackResources } = await cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName, LogicalResourceId: "Inner" }),
  );
  const innerId = StackResources?.[0]?.PhysicalResourceId ?? "";
  expect(innerId).toMatch(
    /^arn:aws:cloudformation:us-east-1:000000000000:stack\/outer-Inner-\w+\//,
  );
  expect(await settled(innerId)).toMatchObject({
    StackStatus: "CREATE_COMPLETE",
    ParentId: outerId,
    RootId: outerId,
    Tags: [{ Key: "team", Value: "outer" }],
  });

  // The template behind the same URL has changed: only an update sees it.
  await put("inner", inner("/renamed"));
  await cloudFormation.send(
    new CreateChangeSetCommand({
      StackName,
      ChangeSetName: "c",
      TemplateBody: outer("inner"),
      IncludeNestedStacks: true,
    }),
  );
  const { Changes } = await cloudFormation.send(
    new DescribeChangeSetCommand({ StackName, ChangeSetName: "c" }),
  );
  expect(Changes?.[0]?.ResourceChange).toMatchObject({
    LogicalResourceId: "Inner",
    Replacement: "False",
    Details: [{ ChangeSource: "Automatic", Evaluation: "Dynamic" }],
  });
  await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody: outer("inner") }));
  expect((await settled())?.StackStatus).toBe("UPDATE_COMPLETE");
  expect(await valueOf(target, "/outer")).toBe("/renamed");
  expect(await names(target)).toEqual(["/outer", "/renamed"]);

  // A stack in a stack in a stack, instead.
  await put("inner", inner("/deep"));
  const TemplateBody = JSON.stringify({ Resources: { Middle: nested("middle") } });
  await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody }));
  expect((await settled())?.StackStatus).toBe("UPDATE_COMPLETE");
  expect(await valueOf(target, "/deep")).toBe("d-y");
  const roots = new Set((await stacks()).map(({ RootId, StackId }) => RootId ?? StackId));
  expect([...roots]).toEqual([outerId]);
  expect(await stacks()).toHaveLength(3);

  await cloudFormation.send(new DeleteStackCommand({ StackName }));
  expect((await settled(outerId))?.StackStatus).toBe("DELETE_COMPLETE");
  expect(await stacks()).toEqual([]);
  expect(await names(target)).toEqual([]);
});

test("a nested stack that fails takes the outer one back", { timeout: 90_000 }, async () => {
  const { target, cloudFormation, put, settled, stacks } = await workshop();
  const broken = {
    ...inner("/inner"),
    Resources: { ...inner("/inner").Resources, Bad: parameter("no name", "x") },
  };
  await put("broken", broken);
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: outer("broken") }));
  expect((await settled())?.StackStatus).toBe("ROLLBACK_COMPLETE");
  expect(await reasons(cloudFormation, "Inner")).toEqual([
    expect.stringMatching(
      /Embedded stack arn:\S+ was not successfully created: The following resource\(s\) failed to create: \[.*Bad.*\]\./,
    ),
  ]);
  expect(await names(target)).toEqual([]);
  await cloudFormation.send(new DeleteStackCommand({ StackName }));

  // An update that fails inside, and one that fails beside: both end as it was before.
  await expect.poll(stacks, patience).toEqual([]);
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: outer("inner") }));
  expect((await settled())?.StackStatus).toBe("CREATE_COMPLETE");
  await cloudFormation.send(
    new UpdateStackCommand({ StackName, TemplateBody: outer("broken", "2") }),
  );
  expect((await settled())?.StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await valueOf(target, "/inner")).toBe("1-b");
  const beside = { Beside: { ...parameter("no name", "x"), DependsOn: "Inner" } };
  await cloudFormation.send(
    new UpdateStackCommand({ StackName, TemplateBody: outer("inner", "3", beside) }),
  );
  expect((await settled())?.StackStatus).toBe("UPDATE_ROLLBACK_COMPLETE");
  expect(await valueOf(target, "/inner")).toBe("1-b");
  expect(await names(target)).toEqual(["/inner", "/outer"]);
});
