import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { ListTagsForResourceCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { startTestTarget } from "../../../helpers/local-target.ts";

const StackName = "in-place";
const body = (InstanceTenancy: string, Tags: object) =>
  JSON.stringify({
    Resources: {
      Vpc: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16", InstanceTenancy } },
      Parameter: {
        Type: "AWS::SSM::Parameter",
        Properties: { Name: "/in-place", Type: "String", Value: "v", Tags },
      },
    },
  });

// Template reference, AWS::EC2::VPC, InstanceTenancy: "some interruptions", AWS's data say "maybe".
test(
  "the tenancy of a VPC decides whether it is replaced; tags of parameters change",
  { timeout: 90_000 },
  async () => {
    const target = await startTestTarget();
    const cloudFormation = target.client(CloudFormationClient);
    const settled = async (status: string) => {
      await expect
        .poll(
          async () => {
            const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
            return Stacks?.[0]?.StackStatus;
          },
          { timeout: 60_000, interval: 50 },
        )
        .toBe(status);
      const { Vpcs } = await target.client(EC2Client).send(new DescribeVpcsCommand({}));
      return Vpcs?.map(({ VpcId }) => VpcId);
    };
    const tags = async () => {
      const { TagList } = await target
        .client(SSMClient)
        .send(
          new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: "/in-place" }),
        );
      return TagList?.filter(({ Key }) => !Key?.startsWith("aws:"));
    };
    const update = (TemplateBody: string) =>
      cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody }));

    await cloudFormation.send(
      new CreateStackCommand({ StackName, TemplateBody: body("default", { a: "1", b: "1" }) }),
    );
    const first = await settled("CREATE_COMPLETE");
    await update(body("dedicated", { a: "2", c: "1" }));
    const second = await settled("UPDATE_COMPLETE");
    expect(second).toHaveLength(1);
    expect(second).not.toEqual(first);
    expect(await tags()).toEqual([
      { Key: "a", Value: "2" },
      { Key: "c", Value: "1" },
    ]);
    await update(body("default", { a: "2" }));
    await expect.poll(tags, { timeout: 60_000 }).toEqual([{ Key: "a", Value: "2" }]);
    expect(await settled("UPDATE_COMPLETE")).toEqual(second);
  },
);
