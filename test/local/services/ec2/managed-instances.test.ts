import { beforeEach, expect, it } from "vitest";
import {
  launchManagedInstance,
  managedInstances,
  runManagedInstance,
  terminateManagedInstance,
} from "../../../../src/local/services/ec2/managed-instances.ts";
import { createEc2Service } from "../../../../src/local/services/ec2/service.ts";
import type { InProcessTarget } from "../in-process-target.ts";
import { inProcessTarget } from "../in-process-target.ts";

const region = "eu-west-1";
const capacityProviderArn = "arn:aws:lambda:eu-west-1:000000000000:capacity-provider:p";
let now = 0;
let local: InProcessTarget;
let subnetId = "";
let groupId = "";
const ec2 = (operation: string, input: object = {}) => local.call("ec2", operation, input);

beforeEach(async () => {
  now = Date.parse("2026-11-23T12:00:00Z");
  local = inProcessTarget([createEc2Service], {
    clock: { now: () => new Date(now), sleep: async () => {} },
  });
  const { VpcId } = (await ec2("CreateVpc", { CidrBlock: "10.0.0.0/16" })).Vpc;
  subnetId = (await ec2("CreateSubnet", { VpcId, CidrBlock: "10.0.0.0/28" })).Subnet.SubnetId;
  groupId = (await ec2("CreateSecurityGroup", { VpcId, GroupName: "g", Description: "g" })).GroupId;
});

function launch(instanceType = "c7g.large") {
  return launchManagedInstance(local.target, {
    region,
    capacityProviderArn,
    subnetId,
    securityGroupIds: [groupId],
    instanceType,
    tags: { team: "a" },
  });
}

it("shows an instance with Lambda as its operator, by the tag of its provider", async () => {
  const launched = launch();
  const { InstanceId } = launched;
  expect(launched.State?.Name).toBe("pending");
  runManagedInstance(local.target, region, launched);
  const answer = await ec2("DescribeInstances", {
    Filters: [
      { Name: "tag:aws:lambda:capacity-provider", Values: [capacityProviderArn] },
      { Name: "instance-state-name", Values: ["running"] },
    ],
  });
  expect(answer.Reservations[0].Instances).toMatchObject([
    {
      InstanceId,
      Architecture: "arm64",
      LaunchTime: new Date(now),
      Operator: { Managed: true, Principal: "scaler.lambda.amazonaws.com" },
      SubnetId: subnetId,
      SecurityGroups: [{ GroupId: groupId, GroupName: "g" }],
      PrivateIpAddress: "10.0.0.4",
    },
  ]);
  const interfaces = await ec2("DescribeNetworkInterfaces", {
    Filters: [{ Name: "attachment.instance-id", Values: [InstanceId] }],
  });
  expect(interfaces.NetworkInterfaces).toMatchObject([
    { SubnetId: subnetId, RequesterManaged: true },
  ]);
});

it("lets nobody but Lambda end it", async () => {
  const { InstanceId } = launch();
  await expect(ec2("TerminateInstances", { InstanceIds: [InstanceId] })).rejects.toMatchObject({
    code: "OperationNotPermitted",
    message: expect.stringContaining("scaler.lambda.amazonaws.com"),
  });
});

it("keeps subnet and group while it runs, and lets go of them when it is terminated", async () => {
  const { InstanceId } = launch();
  await expect(ec2("DeleteSubnet", { SubnetId: subnetId })).rejects.toMatchObject({
    code: "DependencyViolation",
  });
  await expect(ec2("DeleteSecurityGroup", { GroupId: groupId })).rejects.toMatchObject({
    code: "DependencyViolation",
    message: `resource ${groupId} has a dependent object`,
  });

  terminateManagedInstance(local.target, region, InstanceId);
  terminateManagedInstance(local.target, region, InstanceId);

  expect(managedInstances(local.target, region, capacityProviderArn)).toEqual([]);
  const answer = await ec2("DescribeInstances", { InstanceIds: [InstanceId] });
  expect(answer.Reservations[0].Instances[0].State).toEqual({ Code: 48, Name: "terminated" });
  now += 2 * 60 * 60 * 1000;
  expect((await ec2("DescribeInstances")).Reservations).toEqual([]);
  await ec2("DeleteSubnet", { SubnetId: subnetId });
  await ec2("DeleteSecurityGroup", { GroupId: groupId });
});

it("runs out of addresses in a small subnet, and launches only what exists", () => {
  for (let count = 0; count < 11; count += 1) launch();
  expect(() => launch()).toThrow("enough free addresses");
  expect(managedInstances(local.target, region, capacityProviderArn)).toHaveLength(11);
  expect(() => launch("t2.micro")).toThrow("do not exist: [t2.micro]");
});
