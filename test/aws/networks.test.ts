import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { connectAws } from "../../src/aws/connect.ts";
import { startTestTarget } from "../helpers/local-target.ts";

function connect(endpoint: string) {
  return connectAws(
    {
      region: "us-east-1",
      profile: undefined,
      endpoint,
      credentials: { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" },
      local: true,
    },
    {},
  );
}

test("tells of a VPC's subnets where their default routes lead", async () => {
  const target = await startTestTarget();
  const ec2 = target.client(EC2Client);
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: "10.0.0.0/16",
      TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "env", Value: "dev" }] }],
    }),
  );
  await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }));
  const VpcId = Vpc?.VpcId ?? "";
  const subnet = async (CidrBlock: string, AvailabilityZone: string) =>
    (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone }))).Subnet
      ?.SubnetId ?? "";
  const [open, behindNat, closed] = [
    await subnet("10.0.0.0/24", "us-east-1a"),
    await subnet("10.0.1.0/25", "us-east-1b"),
    await subnet("10.0.2.0/24", "us-east-1c"),
  ];
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({}));
  const { NatGateway } = await ec2.send(
    new CreateNatGatewayCommand({ SubnetId: open, AllocationId }),
  );
  const routed = async (SubnetId: string, to: object) => {
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    const { RouteTableId } = RouteTable ?? {};
    await ec2.send(
      new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", ...to }),
    );
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  };
  await routed(open, { GatewayId });
  await routed(behindNat, { NatGatewayId: NatGateway?.NatGatewayId });

  const aws = connect(target.endpoint);
  const found = await aws.networks.find({ tags: { env: "dev" } });
  expect(found).toEqual([await aws.networks.find({ vpcId: VpcId }).then(([vpc]) => vpc)]);
  expect(found[0]?.vpcId).toBe(VpcId);
  const byId = new Map(found[0]?.subnets.map((one) => [one.subnetId, one]));
  expect(byId.get(open)).toMatchObject({ availabilityZone: "us-east-1a", route: "internet" });
  // EC2 keeps five addresses of each subnet.
  expect(byId.get(behindNat)).toMatchObject({ route: "nat", freeAddresses: 123 });
  expect(byId.get(closed)).toMatchObject({ route: "none" });
  expect(await aws.networks.find({ isDefault: true })).toEqual([]);
});

test("tells of ids which exist, and where", async () => {
  const target = await startTestTarget();
  const ec2 = target.client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const vpcId = Vpc?.VpcId ?? "";
  const CidrBlock = "10.0.0.0/28";
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: vpcId, CidrBlock, AvailabilityZone: "us-east-1b" }),
  );
  const subnetId = Subnet?.SubnetId ?? "";
  const { GroupId: groupId = "" } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: "own", Description: "own" }),
  );
  const { networks } = connect(target.endpoint);
  expect(await networks.subnets([subnetId, "subnet-00000000"])).toEqual([
    { subnetId, vpcId, availabilityZone: "us-east-1b", freeAddresses: 11 },
  ]);
  expect(await networks.securityGroups(["sg-00000000", groupId])).toEqual([{ groupId, vpcId }]);
  expect(await networks.ranges(["vpc-00000000"])).toEqual([]);
  expect(await networks.ranges()).toEqual([{ vpcId, ranges: ["10.0.0.0/16"] }]);
});
