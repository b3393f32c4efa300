import {
  AssociateVpcCidrBlockCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeVpcsCommand,
  DisassociateVpcCidrBlockCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { containsIpv6, readIpv6Block } from "../../../../src/local/services/ec2/ipv6-blocks.ts";
import { startTestTarget } from "../../../helpers/local-target.ts";

async function vpcWithIpv6() {
  const ec2 = (await startTestTarget()).client(EC2Client);
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  const VpcId = Vpc?.VpcId ?? "";
  const asking = new AssociateVpcCidrBlockCommand({ VpcId, AmazonProvidedIpv6CidrBlock: true });
  const { Ipv6CidrBlockAssociation } = await ec2.send(asking);
  const block = Ipv6CidrBlockAssociation?.Ipv6CidrBlock ?? "";
  const subnet = (CidrBlock: string, Ipv6CidrBlock: string) =>
    ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, Ipv6CidrBlock }));
  const disassociate = () =>
    ec2.send(
      new DisassociateVpcCidrBlockCommand({
        AssociationId: Ipv6CidrBlockAssociation?.AssociationId,
      }),
    );
  return { ec2, VpcId, asking, block, subnet, disassociate };
}

test("a VPC has one range of Amazon's, and subnets get /64 of it that nobody else has", async () => {
  const { ec2, VpcId, asking, block, subnet, disassociate } = await vpcWithIpv6();
  expect(block).toMatch(/^2001:db8:[0-9a-f]+:[0-9a-f]+00::\/56$/);
  await expect(ec2.send(asking)).rejects.toMatchObject({ name: "CidrLimitExceeded" });
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
  expect(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6CidrBlock: block }]);

  const first = block.replace("/56", "/64");
  const { Subnet } = await subnet("10.0.0.0/24", first);
  expect(Subnet?.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6CidrBlock: first }]);
  await expect(subnet("10.0.1.0/24", first)).rejects.toMatchObject({
    name: "InvalidSubnet.Conflict",
  });
  for (const wrong of ["2001:db8:ffff:ffff::/64", block, "nonsense"])
    await expect(subnet("10.0.1.0/24", wrong)).rejects.toMatchObject({
      name: "InvalidSubnet.Range",
    });
  await expect(disassociate()).rejects.toMatchObject({ name: "InvalidCidrBlock.InUse" });
});

test("a range goes when no subnet has a part of it", async () => {
  const { ec2, VpcId, disassociate } = await vpcWithIpv6();
  await disassociate();
  await expect(disassociate()).rejects.toMatchObject({
    name: "InvalidVpcCidrBlockAssociationID.NotFound",
  });
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
  expect(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet).toEqual([]);
});

test("a second IPv4 block takes subnets, and none that overlaps", async () => {
  const { ec2, VpcId } = await vpcWithIpv6();
  const associate = (CidrBlock: string) =>
    ec2.send(new AssociateVpcCidrBlockCommand({ VpcId, CidrBlock }));
  await expect(associate("10.0.128.0/17")).rejects.toMatchObject({ name: "InvalidVpc.Conflict" });
  await associate("10.1.0.0/16");
  await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.1.0.0/24" }));
  await expect(
    ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.2.0.0/24" })),
  ).rejects.toMatchObject({ name: "InvalidSubnet.Range" });
});

test.each<[string, string, boolean]>([
  ["2001:db8:1:100::/56", "2001:db8:1:1ff::/64", true],
  ["2001:db8:1:100::/56", "2001:db8:1:200::/64", false],
  ["2001:db8:1:100::/56", "2001:db8:1::/48", false],
  ["2001:db8:1:100::/56", "2001:db8:1:100:0:0:0:0/64", true],
])("%s contains %s: %s", (outer, inner, expected) => {
  const [one, other] = [readIpv6Block(outer), readIpv6Block(inner)];
  expect(one && other && containsIpv6(one, other)).toBe(expected);
});
