import type { CfnResource, Stack } from "aws-cdk-lib/core";
import {
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCGatewayAttachment,
  Fn,
} from "./cdk.ts";
import { endpointsOf } from "./endpoints.ts";
import { existingVpc } from "./existing-vpc.ts";
import { createIpv6Range, egressOnlyRoutes, ipv6Route } from "./ipv6.ts";
import type { NetworkSettings, Settings } from "./settings.ts";
import { subnetRanges } from "./subnet-ranges.ts";
import { createEndpoints } from "./vpc-endpoints.ts";

export interface Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** What must be there before instances start, and stay until they are gone. */
  readonly connections: readonly CfnResource[];
}

/**
 * The network of the instances: a given one, or a new VPC. Requests do not enter through it; only what the
 * functions send, their logs included, leaves by it (Lambda developer guide, lambda-managed-instances-networking).
 */
export function createNetwork(stack: Stack, settings: Settings): Network {
  const { network } = settings;
  if (existingVpc(network) === undefined) return newNetwork(stack, settings);
  const { vpcId, subnetIds } = network;
  if (vpcId === undefined || subnetIds === undefined)
    throw new TypeError("the VPC that exists was not looked up");
  const securityGroupIds = network.securityGroupIds ?? [
    createSecurityGroup(stack, vpcId, false).attrGroupId,
  ];
  return { vpcId, subnetIds, securityGroupIds, connections: [] };
}

function newNetwork(stack: Stack, settings: Settings): Network {
  const { network } = settings;
  const ranges = subnetRanges(network.cidr);
  const vpc = new CfnVPC(stack, "Vpc", {
    cidrBlock: network.cidr,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: named(stack, "vpc"),
  });
  const ipv6 = network.ipv6 ? createIpv6Range(stack, vpc) : undefined;
  // The same logical ids for every kind of egress: changing it updates routes in place and keeps the subnets.
  const subnets = ranges.instances.slice(0, network.azs).map(
    (cidrBlock, zone) =>
      new CfnSubnet(stack, `Subnet${zone + 1}`, {
        vpcId: vpc.ref,
        cidrBlock,
        availabilityZone: Fn.select(zone, Fn.getAzs()),
        mapPublicIpOnLaunch: network.egress === "public",
        ...ipv6?.properties(zone),
        tags: named(stack, `instances-${zone + 1}`),
      }),
  );
  if (ipv6) for (const subnet of subnets) subnet.addResourceDependency(ipv6.block);
  const zones = network.egress === "nat" && network.natGateways === "each" ? subnets.length : 1;
  const routeTables = Array.from({ length: zones }, (_, zone) => routeTable(stack, vpc, zone));
  const associations = subnets.map(
    (subnet, zone) =>
      new CfnSubnetRouteTableAssociation(stack, `Subnet${zone + 1}RouteTableAssociation`, {
        subnetId: subnet.ref,
        routeTableId: (routeTables[zone] ?? routeTables[0])?.ref ?? "",
      }),
  );
  const securityGroup = createSecurityGroup(stack, vpc.ref, network.ipv6);
  const parts = {
    vpc,
    subnets,
    routeTables,
    securityGroup,
    natRanges: ranges.nat,
    ipv6: network.ipv6,
  };
  const egress = egressKinds[network.egress](stack, parts);
  const endpoints = createEndpoints(stack, parts, endpointsOf(settings));
  return {
    vpcId: vpc.ref,
    subnetIds: subnets.map((subnet) => subnet.ref),
    securityGroupIds: [securityGroup.attrGroupId],
    connections: [
      ...associations,
      ...egress,
      // The internet gateway of public subnets takes IPv6, too.
      ...(ipv6 && network.egress !== "public" ? egressOnlyRoutes(stack, parts) : []),
      ...endpoints,
    ],
  };
}

function createSecurityGroup(stack: Stack, vpcId: string, ipv6: boolean) {
  const out = { ipProtocol: "-1", description: "Everything out" };
  return new CfnSecurityGroup(stack, "SecurityGroup", {
    vpcId,
    groupDescription: `Instances of ${stack.stackName}: nothing in, everything out`,
    securityGroupEgress: [
      { cidrIp: "0.0.0.0/0", ...out },
      ...(ipv6 ? [{ cidrIpv6: "::/0", ...out }] : []),
    ],
    tags: named(stack, "instances"),
  });
}

/** The first one has no number: with one NAT gateway it serves all zones. */
function routeTable(stack: Stack, vpc: InstanceType<typeof CfnVPC>, zone: number) {
  const suffix = zone === 0 ? "" : `-${zone + 1}`;
  return new CfnRouteTable(stack, `RouteTable${zone === 0 ? "" : zone + 1}`, {
    vpcId: vpc.ref,
    tags: named(stack, `instances${suffix}`),
  });
}

/** A VPC that is being made. */
export interface NewVpc {
  readonly vpc: InstanceType<typeof CfnVPC>;
  readonly subnets: readonly InstanceType<typeof CfnSubnet>[];
  /** One for all subnets, or one for each. */
  readonly routeTables: readonly InstanceType<typeof CfnRouteTable>[];
  readonly securityGroup: InstanceType<typeof CfnSecurityGroup>;
  readonly natRanges: readonly string[];
  readonly ipv6: boolean;
}

const egressKinds: Readonly<
  Record<NetworkSettings["egress"], (stack: Stack, network: NewVpc) => readonly CfnResource[]>
> = { nat: natEgress, public: publicEgress, endpoints: () => [], none: () => [] };

function internetGateway(stack: Stack, network: NewVpc) {
  const gateway = new CfnInternetGateway(stack, "InternetGateway", {
    tags: named(stack, "internet"),
  });
  const attachment = new CfnVPCGatewayAttachment(stack, "InternetGatewayAttachment", {
    vpcId: network.vpc.ref,
    internetGatewayId: gateway.ref,
  });
  return { gateway, attachment };
}

/** One NAT gateway for each route table: a second one costs as much again. */
function natEgress(stack: Stack, network: NewVpc): CfnResource[] {
  const internet = internetGateway(stack, network);
  return network.routeTables.map((routes, zone) => {
    const number = zone === 0 ? "" : String(zone + 1);
    const nat = natGateway(stack, network, internet, zone);
    return new CfnRoute(stack, `DefaultRoute${number}`, {
      routeTableId: routes.ref,
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: nat.ref,
    });
  });
}

function natGateway(
  stack: Stack,
  network: NewVpc,
  { gateway, attachment }: ReturnType<typeof internetGateway>,
  zone: number,
) {
  const number = zone === 0 ? "" : String(zone + 1);
  const tags = named(stack, zone === 0 ? "nat" : `nat-${number}`);
  const subnet = new CfnSubnet(stack, `NatSubnet${number}`, {
    vpcId: network.vpc.ref,
    cidrBlock: network.natRanges[zone] ?? "",
    availabilityZone: Fn.select(zone, Fn.getAzs()),
    tags,
  });
  const routes = new CfnRouteTable(stack, `NatRouteTable${number}`, {
    vpcId: network.vpc.ref,
    tags,
  });
  const association = new CfnSubnetRouteTableAssociation(
    stack,
    `NatSubnet${number}RouteTableAssociation`,
    { subnetId: subnet.ref, routeTableId: routes.ref },
  );
  const outward = new CfnRoute(stack, `NatDefaultRoute${number}`, {
    routeTableId: routes.ref,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.ref,
  });
  outward.addResourceDependency(attachment);
  const address = new CfnEIP(stack, `NatAddress${number}`, { domain: "vpc", tags });
  address.addResourceDependency(attachment);
  const nat = new CfnNatGateway(stack, `NatGateway${number}`, {
    allocationId: address.attrAllocationId,
    subnetId: subnet.ref,
    tags,
  });
  // While it is deleted the gateway still needs its way out.
  nat.addResourceDependency(outward);
  nat.addResourceDependency(association);
  return nat;
}

function publicEgress(stack: Stack, network: NewVpc): CfnResource[] {
  const { gateway, attachment } = internetGateway(stack, network);
  const route = new CfnRoute(stack, "DefaultRoute", {
    routeTableId: network.routeTables[0]?.ref ?? "",
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.ref,
  });
  route.addResourceDependency(attachment);
  // A gateway cannot be detached while instances hold public addresses.
  if (!network.ipv6) return [route, attachment];
  const routes = ipv6Route(stack, network.routeTables[0]?.ref ?? "", 0, { gatewayId: gateway.ref });
  routes.addResourceDependency(attachment);
  return [route, routes, attachment];
}

function named(stack: Stack, part: string) {
  return [{ key: "Name", value: `${stack.stackName}-${part}` }];
}
