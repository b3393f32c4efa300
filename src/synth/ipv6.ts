import type { CfnResource, Stack } from "aws-cdk-lib/core";
import {
  CfnEgressOnlyInternetGateway,
  CfnRoute,
  type CfnSubnet,
  type CfnVPC,
  CfnVPCCidrBlock,
  Fn,
} from "./cdk.ts";
import type { NewVpc } from "./network.ts";

/** A VPC's /56 has 256 of a subnet's /64 (Amazon VPC user guide, vpc-cidr-blocks and subnet-sizing). */
const subnetBits = "64";
const mostZones = 3;

/** The range that Amazon gives the VPC, and how its subnets get a part of it. */
export interface Ipv6Range {
  /** What the subnet is made with. */
  properties(
    zone: number,
  ): Pick<
    ConstructorParameters<typeof CfnSubnet>[2],
    "ipv6CidrBlock" | "assignIpv6AddressOnCreation"
  >;
  readonly block: CfnResource;
}

export function createIpv6Range(stack: Stack, vpc: InstanceType<typeof CfnVPC>): Ipv6Range {
  const block = new CfnVPCCidrBlock(stack, "Ipv6Block", {
    vpcId: vpc.ref,
    amazonProvidedIpv6CidrBlock: true,
  });
  const ranges = Fn.cidr(Fn.select(0, vpc.attrIpv6CidrBlocks), mostZones, subnetBits);
  return {
    properties: (zone) => ({
      ipv6CidrBlock: Fn.select(zone, ranges),
      assignIpv6AddressOnCreation: true,
    }),
    block,
  };
}

/**
 * The way out for IPv6 from private subnets: nothing comes in by it, and neither it nor its traffic costs what a NAT
 * gateway does (Amazon VPC user guide, egress-only-internet-gateway).
 */
export function egressOnlyRoutes(stack: Stack, network: NewVpc): CfnResource[] {
  const gateway = new CfnEgressOnlyInternetGateway(stack, "EgressOnlyInternetGateway", {
    vpcId: network.vpc.ref,
  });
  return network.routeTables.map((routes, zone) =>
    ipv6Route(stack, routes.ref, zone, { egressOnlyInternetGatewayId: gateway.attrId }),
  );
}

export function ipv6Route(
  stack: Stack,
  routeTableId: string,
  zone: number,
  target: Pick<
    ConstructorParameters<typeof CfnRoute>[2],
    "egressOnlyInternetGatewayId" | "gatewayId"
  >,
): InstanceType<typeof CfnRoute> {
  return new CfnRoute(stack, `Ipv6DefaultRoute${zone === 0 ? "" : zone + 1}`, {
    routeTableId,
    destinationIpv6CidrBlock: "::/0",
    ...target,
  });
}
