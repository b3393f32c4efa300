import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";

/** The machine may be busy. */
const patience = { timeout: 60_000, interval: 50 };

const body = (Type: string) =>
  JSON.stringify({
    Parameters: { P: { Type } },
    Resources: { A: { Type: "AWS::CDK::Metadata", Properties: { Analytics: "x" } } },
    Outputs: { O: { Value: type(Type) } },
  });

function type(Type: string): unknown {
  return Type.includes("List") ? { "Fn::Join": ["+", { Ref: "P" }] } : { Ref: "P" };
}

test("values of AWS's parameter types must exist", { timeout: 90_000 }, async () => {
  const target = await startTestTarget();
  const ec2 = target.client(EC2Client);
  const ssm = target.client(SSMClient);
  const cloudFormation = target.client(CloudFormationClient);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const vpc = Vpc?.VpcId ?? "";
  const subnets = await Promise.all(
    ["10.0.0.0/24", "10.0.1.0/24"].map(async (CidrBlock) => {
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock }));
      return Subnet?.SubnetId ?? "";
    }),
  );
  const { GroupId = "" } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: "g", Description: "g" }),
  );
  await ssm.send(new PutParameterCommand({ Name: "/subnet", Value: subnets[0], Type: "String" }));
  await ssm.send(new PutParameterCommand({ Name: "/list", Value: "a,b", Type: "StringList" }));

  let count = 0;
  const output = async (Type: string, ParameterValue: string): Promise<string | undefined> => {
    const StackName = `s${(count += 1)}`;
    await cloudFormation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: body(Type),
        Parameters: [{ ParameterKey: "P", ParameterValue }],
      }),
    );
    let value: string | undefined;
    await expect
      .poll(async () => {
        const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
        value = Stacks?.[0]?.Outputs?.[0]?.OutputValue;
        return Stacks?.[0]?.StackStatus;
      }, patience)
      .toBe("CREATE_COMPLETE");
    return value;
  };
  expect(await output("AWS::EC2::VPC::Id", vpc)).toBe(vpc);
  expect(await output("List<AWS::EC2::Subnet::Id>", subnets.join(", "))).toBe(subnets.join("+"));
  expect(await output("List<AWS::EC2::SecurityGroup::Id>", GroupId)).toBe(GroupId);
  expect(await output("AWS::EC2::AvailabilityZone::Name", "us-east-1b")).toBe("us-east-1b");
  expect(await output("AWS::SSM::Parameter::Name", "/subnet")).toBe("/subnet");
  expect(await output("AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>", "/subnet")).toBe(
    subnets[0],
  );
  expect(await output("AWS::SSM::Parameter::Value<List<String>>", "/list")).toBe("a+b");

  for (const [Type, value, bad] of [
    ["AWS::EC2::VPC::Id", "vpc-0123456789abcdef0", "vpc-0123456789abcdef0"],
    ["List<AWS::EC2::Subnet::Id>", `${subnets[0]},subnet-1`, "subnet-1"],
    ["AWS::EC2::SecurityGroup::Id", "sg-0123456789abcdef0", "sg-0123456789abcdef0"],
    ["AWS::EC2::AvailabilityZone::Name", "us-east-1z", "us-east-1z"],
    ["AWS::SSM::Parameter::Name", "/none", "/none"],
  ] as const) {
    await expect(output(Type, value)).rejects.toMatchObject({
      name: "ValidationError",
      message: `Parameter validation failed: parameter value ${bad} for parameter name P does not exist`,
    });
  }
  await expect(output("AWS::SSM::Parameter::Value<String>", "/none")).rejects.toThrow(
    "Unable to fetch parameters [/none] from parameter store for this account.",
  );
});
