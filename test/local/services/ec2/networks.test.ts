import { beforeEach, describe, expect, it } from "vitest";
import { createEc2Service } from "../../../../src/local/services/ec2/service.ts";
import type { Answer, InProcessTarget } from "../in-process-target.ts";
import { inProcessTarget } from "../in-process-target.ts";

let local: InProcessTarget;
const ec2 = (operation: string, input: object = {}) => local.call("ec2", operation, input);

beforeEach(() => {
  local = inProcessTarget([createEc2Service]);
});

async function vpc(CidrBlock = "10.0.0.0/16"): Promise<string> {
  return (await ec2("CreateVpc", { CidrBlock })).Vpc.VpcId;
}

async function subnet(
  VpcId: string,
  CidrBlock = "10.0.0.0/24",
  more: object = {},
): Promise<string> {
  return (await ec2("CreateSubnet", { VpcId, CidrBlock, ...more })).Subnet.SubnetId;
}

describe("networks", () => {
  it("gives a VPC its default group and main route table, and takes them with it", async () => {
    const VpcId = await vpc();
    const groups = await ec2("DescribeSecurityGroups", {
      Filters: [{ Name: "vpc-id", Values: [VpcId] }],
    });
    expect(groups.SecurityGroups).toMatchObject([{ GroupName: "default", VpcId }]);
    const tables = await ec2("DescribeRouteTables", {
      Filters: [{ Name: "association.main", Values: ["true"] }],
    });
    expect(tables.RouteTables).toMatchObject([
      { VpcId, Routes: [{ DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" }] },
    ]);

    await ec2("DeleteVpc", { VpcId });

    expect((await ec2("DescribeSecurityGroups")).SecurityGroups).toEqual([]);
    expect((await ec2("DescribeRouteTables")).RouteTables).toEqual([]);
    await expect(ec2("DescribeVpcs", { VpcIds: [VpcId] })).rejects.toMatchObject({
      code: "InvalidVpcID.NotFound",
      message: `The vpc ID '${VpcId}' does not exist`,
    });
  });

  it.each([
    ["10.0.0.0/8", "InvalidVpc.Range"],
    ["10.0.0.0/29", "InvalidVpc.Range"],
    ["ten", "InvalidParameterValue"],
    ["10.0.0.256/24", "InvalidParameterValue"],
  ])("refuses a VPC with the block %s", async (CidrBlock, code) => {
    await expect(ec2("CreateVpc", { CidrBlock })).rejects.toMatchObject({ code });
  });

  it.each(["toString", "constructor", "nowhere"])(
    "takes no %s for a kind of place or an attribute",
    async (name) => {
      const VpcId = await vpc();
      const refused = { code: "InvalidParameterValue" };
      await expect(
        ec2("DescribeInstanceTypeOfferings", { LocationType: name }),
      ).rejects.toMatchObject(refused);
      await expect(ec2("DescribeVpcAttribute", { VpcId, Attribute: name })).rejects.toMatchObject(
        refused,
      );
    },
  );

  it("refuses subnets outside the VPC, on top of another, or in no zone", async () => {
    const VpcId = await vpc();
    await subnet(VpcId, "10.0.0.0/24");
    await expect(subnet(VpcId, "10.1.0.0/24")).rejects.toMatchObject({
      code: "InvalidSubnet.Range",
    });
    await expect(subnet(VpcId, "10.0.0.128/25")).rejects.toMatchObject({
      code: "InvalidSubnet.Conflict",
    });
    await expect(
      subnet(VpcId, "10.0.1.0/24", { AvailabilityZone: "eu-west-1z" }),
    ).rejects.toMatchObject({
      code: "InvalidParameterValue",
    });
    await expect(subnet("vpc-1")).rejects.toMatchObject({ code: "InvalidVpcID.NotFound" });
  });

  it("knows three kinds of tenancy", async () => {
    await expect(
      ec2("CreateVpc", { CidrBlock: "10.0.0.0/16", InstanceTenancy: "shared" }),
    ).rejects.toMatchObject({ code: "InvalidParameterValue" });
  });

  it("lets a group go that an endpoint has left", async () => {
    const VpcId = await vpc();
    const SubnetId = await subnet(VpcId);
    const group = async (GroupName: string) =>
      (await ec2("CreateSecurityGroup", { GroupName, Description: GroupName, VpcId })).GroupId;
    const [before, after] = [await group("before"), await group("after")];
    const { VpcEndpoint } = await ec2("CreateVpcEndpoint", {
      VpcId,
      VpcEndpointType: "Interface",
      ServiceName: "com.amazonaws.us-east-1.logs",
      SubnetIds: [SubnetId],
      SecurityGroupIds: [before],
    });
    await expect(ec2("DeleteSecurityGroup", { GroupId: before })).rejects.toThrow("dependent");
    await ec2("ModifyVpcEndpoint", {
      VpcEndpointId: VpcEndpoint.VpcEndpointId,
      AddSecurityGroupIds: [after],
      RemoveSecurityGroupIds: [before],
    });
    await ec2("DeleteSecurityGroup", { GroupId: before });
    await expect(ec2("DeleteSecurityGroup", { GroupId: after })).rejects.toThrow("dependent");
  });

  it("keeps a VPC while subnets, groups, gateways or endpoints are in it", async () => {
    const VpcId = await vpc();
    const refused = {
      code: "DependencyViolation",
      message: `The vpc '${VpcId}' has dependencies and cannot be deleted.`,
    };
    const SubnetId = await subnet(VpcId);
    await expect(ec2("DeleteVpc", { VpcId })).rejects.toMatchObject(refused);
    await ec2("DeleteSubnet", { SubnetId });
    const { GroupId } = await ec2("CreateSecurityGroup", {
      VpcId,
      GroupName: "g",
      Description: "g",
    });
    await expect(ec2("DeleteVpc", { VpcId })).rejects.toMatchObject(refused);
    await ec2("DeleteSecurityGroup", { GroupId });
    const { InternetGatewayId } = (await ec2("CreateInternetGateway")).InternetGateway;
    await ec2("AttachInternetGateway", { InternetGatewayId, VpcId });
    await expect(ec2("DeleteVpc", { VpcId })).rejects.toMatchObject(refused);
    await expect(ec2("DeleteInternetGateway", { InternetGatewayId })).rejects.toMatchObject({
      code: "DependencyViolation",
    });
    await ec2("DetachInternetGateway", { InternetGatewayId, VpcId });
    await ec2("DeleteVpc", { VpcId });
  });

  it("creates once per client token", async () => {
    const VpcId = await vpc();
    const first = await subnet(VpcId, "10.0.0.0/24", { ClientToken: "same" });
    expect(await subnet(VpcId, "10.0.0.0/24", { ClientToken: "same" })).toBe(first);
    expect((await ec2("DescribeSubnets")).Subnets).toHaveLength(1);
  });

  it("holds an address and an interface with a NAT gateway, and frees them with it", async () => {
    const VpcId = await vpc();
    const SubnetId = await subnet(VpcId);
    const { InternetGatewayId } = (await ec2("CreateInternetGateway")).InternetGateway;
    await ec2("AttachInternetGateway", { InternetGatewayId, VpcId });
    const { AllocationId } = await ec2("AllocateAddress", { Domain: "vpc" });
    const { NatGatewayId } = (await ec2("CreateNatGateway", { SubnetId, AllocationId })).NatGateway;
    const described = await ec2("DescribeNatGateways", { NatGatewayIds: [NatGatewayId] });
    expect(described.NatGateways).toMatchObject([
      { State: "available", CreateTime: expect.any(Date) },
    ]);

    await expect(ec2("ReleaseAddress", { AllocationId })).rejects.toMatchObject({
      code: "InvalidIPAddress.InUse",
    });
    await expect(ec2("DeleteSubnet", { SubnetId })).rejects.toMatchObject({
      code: "DependencyViolation",
    });
    await expect(ec2("DetachInternetGateway", { InternetGatewayId, VpcId })).rejects.toMatchObject({
      message: expect.stringContaining("mapped public address"),
    });

    await ec2("DeleteNatGateway", { NatGatewayId });
    const after = await ec2("DescribeNatGateways", { NatGatewayIds: [NatGatewayId] });
    expect(after.NatGateways).toMatchObject([{ State: "deleted" }]);
    await ec2("ReleaseAddress", { AllocationId });
    await ec2("DetachInternetGateway", { InternetGatewayId, VpcId });
    await ec2("DeleteSubnet", { SubnetId });
  });

  it("refuses a route twice in one place, and a rule twice in one group", async () => {
    const VpcId = await vpc();
    const { RouteTableId } = (await ec2("CreateRouteTable", { VpcId })).RouteTable;
    const gateways = await Promise.all(
      [1, 2].map(
        async () => (await ec2("CreateInternetGateway")).InternetGateway.InternetGatewayId,
      ),
    );
    const to = (GatewayId: string) => ({
      RouteTableId,
      DestinationCidrBlock: "0.0.0.0/0",
      GatewayId,
    });
    await ec2("CreateRoute", to(gateways[0]));
    await ec2("CreateRoute", to(gateways[0]));
    await expect(ec2("CreateRoute", to(gateways[1]))).rejects.toMatchObject({
      code: "RouteAlreadyExists",
    });
    await ec2("ReplaceRoute", to(gateways[1]));
    const { GroupId } = await ec2("CreateSecurityGroup", {
      VpcId,
      GroupName: "g",
      Description: "g",
    });
    const rule = {
      GroupId,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
      ],
    };
    await ec2("AuthorizeSecurityGroupIngress", rule);
    await expect(ec2("AuthorizeSecurityGroupIngress", rule)).rejects.toMatchObject({
      code: "InvalidPermission.Duplicate",
    });
    const { SecurityGroups } = await ec2("DescribeSecurityGroups", { GroupIds: [GroupId] });
    expect(SecurityGroups).toMatchObject([
      {
        IpPermissions: [{ IpProtocol: "tcp", FromPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
        IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
      },
    ]);
    await ec2("RevokeSecurityGroupIngress", rule);
    await expect(ec2("RevokeSecurityGroupIngress", rule)).rejects.toMatchObject({
      code: "InvalidPermission.NotFound",
    });
  });

  it("filters by tag and wildcard, and pages", async () => {
    const VpcId = await vpc();
    const tagged = {
      TagSpecifications: [{ ResourceType: "subnet", Tags: [{ Key: "Name", Value: "front.door" }] }],
    };
    const front = await subnet(VpcId, "10.0.0.0/24", tagged);
    const back = await subnet(VpcId, "10.0.1.0/24");
    const found = async (Filters: object[]) =>
      (await ec2("DescribeSubnets", { Filters })).Subnets.map(
        (one: { SubnetId: string }) => one.SubnetId,
      );
    expect(await found([{ Name: "tag:Name", Values: ["front*"] }])).toEqual([front]);
    expect(await found([{ Name: "tag:Name", Values: ["front?door"] }])).toEqual([front]);
    expect(await found([{ Name: "tag:Name", Values: ["frontXdoor"] }])).toEqual([]);
    expect(await found([{ Name: "tag-key", Values: ["Name"] }])).toEqual([front]);
    expect(await found([{ Name: "cidr-block", Values: ["10.0.1.0/24"] }])).toEqual([back]);
    await expect(found([{ Name: "colour", Values: ["red"] }])).rejects.toMatchObject({
      message: "The filter 'colour' is invalid",
    });
    const first = await ec2("DescribeSubnets", { MaxResults: 1 });
    const second = await ec2("DescribeSubnets", { MaxResults: 1, NextToken: first.NextToken });
    expect([...first.Subnets, ...second.Subnets].map((one) => one.SubnetId)).toEqual(
      [front, back].toSorted(),
    );
    expect(second.NextToken).toBeUndefined();
  });

  it("tags and untags, and keeps AWS's own prefix", async () => {
    const id = await vpc();
    await ec2("CreateTags", {
      Resources: [id],
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    });
    await ec2("DeleteTags", { Resources: [id], Tags: [{ Key: "a" }] });
    const { Tags } = await ec2("DescribeTags", {
      Filters: [{ Name: "resource-id", Values: [id] }],
    });
    expect(Tags).toEqual([{ ResourceId: id, ResourceType: "vpc", Key: "b", Value: "2" }]);
    await expect(
      ec2("CreateTags", { Resources: [id], Tags: [{ Key: "aws:x", Value: "1" }] }),
    ).rejects.toMatchObject({ code: "InvalidParameterValue" });
    await expect(ec2("CreateTags", { Resources: ["vpc-0"], Tags: [] })).rejects.toMatchObject({
      code: "InvalidID",
    });
  });

  it("knows zones with ids, regions and instance types", async () => {
    const { AvailabilityZones } = await ec2("DescribeAvailabilityZones");
    expect(AvailabilityZones.map((zone: Answer) => [zone.ZoneName, zone.ZoneId])).toEqual([
      ["eu-west-1a", "euw1-az1"],
      ["eu-west-1b", "euw1-az2"],
      ["eu-west-1c", "euw1-az3"],
    ]);
    const { InstanceTypes } = await ec2("DescribeInstanceTypes", { InstanceTypes: ["m7g.xlarge"] });
    expect(InstanceTypes).toMatchObject([
      {
        VCpuInfo: { DefaultVCpus: 4 },
        MemoryInfo: { SizeInMiB: 16_384 },
        ProcessorInfo: { SupportedArchitectures: ["arm64"] },
      },
    ]);
    await expect(
      ec2("DescribeInstanceTypes", { InstanceTypes: ["t2.micro"] }),
    ).rejects.toMatchObject({ code: "InvalidInstanceType" });
  });
});
