import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, ListTagsLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { startTestTarget } from "../../../helpers/local-target.ts";

const StackName = "tagged";
const body = (more: object = {}) =>
  JSON.stringify({
    Resources: {
      Group: {
        Type: "AWS::Logs::LogGroup",
        Properties: { LogGroupName: "/tagged", Tags: [{ Key: "own", Value: "1" }] },
      },
      Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
      ...more,
    },
  });

const pairs = (of: Record<string, string>) =>
  Object.entries(of).map(([Key, Value]) => ({ Key, Value }));

test(
  "stack tags come, change and go with updates, and come back with rollbacks",
  { timeout: 90_000 },
  async () => {
    const target = await startTestTarget();
    const cloudFormation = target.client(CloudFormationClient);
    const settled = async () => {
      let status: string | undefined;
      await expect
        .poll(
          async () => {
            const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
            status = Stacks?.[0]?.StackStatus;
            return status;
          },
          { timeout: 60_000, interval: 50 },
        )
        .not.toMatch(/_IN_PROGRESS$/);
      return status;
    };
    const tags = async () => {
      const { tags: ofGroup } = await target
        .client(CloudWatchLogsClient)
        .send(new ListTagsLogGroupCommand({ logGroupName: "/tagged" }));
      const { Vpcs } = await target.client(EC2Client).send(new DescribeVpcsCommand({}));
      const ofVpc = Object.fromEntries(
        (Vpcs?.[0]?.Tags ?? []).map(({ Key, Value }) => [Key, Value]),
      );
      return [ofGroup ?? {}, ofVpc].map((all) =>
        Object.entries(all)
          .filter(([key]) => !key.startsWith("aws:"))
          .map(([key, value]) => `${key}=${String(value)}`)
          .toSorted()
          .join(" "),
      );
    };
    await cloudFormation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: body(),
        Tags: pairs({ team: "a", cost: "1" }),
      }),
    );
    expect(await settled()).toBe("CREATE_COMPLETE");
    expect(await tags()).toEqual(["cost=1 own=1 team=a", "cost=1 team=a"]);
    await cloudFormation.send(
      new UpdateStackCommand({
        StackName,
        TemplateBody: body(),
        Tags: pairs({ team: "b", new: "1" }),
      }),
    );
    expect(await settled()).toBe("UPDATE_COMPLETE");
    expect(await tags()).toEqual(["new=1 own=1 team=b", "new=1 team=b"]);
    const Bad = {
      Type: "AWS::SSM::Parameter",
      DependsOn: ["Group", "Vpc"],
      Properties: { Name: "no name", Type: "String", Value: "v" },
    };
    await cloudFormation.send(
      new UpdateStackCommand({
        StackName,
        TemplateBody: body({ Bad }),
        Tags: pairs({ other: "1" }),
      }),
    );
    expect(await settled()).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect(await tags()).toEqual(["new=1 own=1 team=b", "new=1 team=b"]);
  },
);
