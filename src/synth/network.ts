import type { CfnResource, Stack } from "aws-cdk-lib/core";
import {
  Aws,
  CfnEIP,
  CfnInternetGateway,
  CfnNatGateway,
  CfnRoute,
  CfnRouteTable,
  CfnSecurityGroup,
  CfnSubnet,
  CfnSubnetRouteTableAssociation,
  CfnVPC,
  CfnVPCEndpoint,
  CfnVPCGatewayAttachment,
  Fn,
} from "./cdk.ts";
import type { NetworkSettings } from "./settings.ts";
import { subnetRanges } from "./subnet-ranges.ts";

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
export function createNetwork(stack: Stack, settings: NetworkSettings): Network {
  const { vpcId, subnetIds, securityGroupIds } = settings;
  if (vpcId !== undefined && subnetIds && securityGroupIds) {
    return { vpcId, subnetIds, securityGroupIds, connections: [] };
  }
  return newNetwork(stack, settings);
}

function newNetwork(stack: Stack, settings: NetworkSettings): Network {
  const ranges = subnetRanges(settings.cidr);
  const vpc = new CfnVPC(stack, "Vpc", {
    cidrBlock: settings.cidr,
    enableDnsHostnames: true,
    enableDnsSupport: true,
    tags: named(stack, "vpc"),
  });
  // The same logical ids for every kind of egress: changing it updates routes in place and keeps the subnets.
  const subnets = ranges.instances.slice(0, settings.azs).map(
    (cidrBlock, zone) =>
      new CfnSubnet(stack, `Subnet${zone + 1}`, {
        vpcId: vpc.ref,
        cidrBlock,
        availabilityZone: Fn.select(zone, Fn.getAzs()),
        mapPublicIpOnLaunch: settings.egress === "public",
        tags: named(stack, `instances-${zone + 1}`),
      }),
  );
  const routes = new CfnRouteTable(stack, "RouteTable", {
    vpcId: vpc.ref,
    tags: named(stack, "instances"),
  });
  const associations = subnets.map(
    (subnet, zone) =>
      new CfnSubnetRouteTableAssociation(stack, `Subnet${zone + 1}RouteTableAssociation`, {
        subnetId: subnet.ref,
        routeTableId: routes.ref,
      }),
  );
  const securityGroup = new CfnSecurityGroup(stack, "SecurityGroup", {
    vpcId: vpc.ref,
    groupDescription: `Instances of ${stack.stackName}: nothing in, everything out`,
    securityGroupEgress: [{ cidrIp: "0.0.0.0/0", ipProtocol: "-1", description: "Everything out" }],
    tags: named(stack, "instances"),
  });
  const egress = egressKinds[settings.egress](stack, {
    vpc,
    subnets,
    routes,
    securityGroup,
    natRange: ranges.nat,
  });
  return {
    vpcId: vpc.ref,
    subnetIds: subnets.map((subnet) => subnet.ref),
    securityGroupIds: [securityGroup.attrGroupId],
    connections: [...associations, ...egress],
  };
}

interface NewVpc {
  readonly vpc: InstanceType<typeof CfnVPC>;
  readonly subnets: readonly InstanceType<typeof CfnSubnet>[];
  readonly routes: InstanceType<typeof CfnRouteTable>;
  readonly securityGroup: InstanceType<typeof CfnSecurityGroup>;
  readonly natRange: string;
}

const egressKinds: Readonly<
  Record<NetworkSettings["egress"], (stack: Stack, network: NewVpc) => readonly CfnResource[]>
> = { nat: natEgress, public: publicEgress, endpoints: endpointEgress, none: () => [] };

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

/** One NAT gateway, in the first zone, for all subnets: a second one costs as much again. */
function natEgress(stack: Stack, network: NewVpc): CfnResource[] {
  const { gateway, attachment } = internetGateway(stack, network);
  const subnet = new CfnSubnet(stack, "NatSubnet", {
    vpcId: network.vpc.ref,
    cidrBlock: network.natRange,
    availabilityZone: Fn.select(0, Fn.getAzs()),
    tags: named(stack, "nat"),
  });
  const routes = new CfnRouteTable(stack, "NatRouteTable", {
    vpcId: network.vpc.ref,
    tags: named(stack, "nat"),
  });
  const association = new CfnSubnetRouteTableAssociation(stack, "NatSubnetRouteTableAssociation", {
    subnetId: subnet.ref,
    routeTableId: routes.ref,
  });
  const outward = new CfnRoute(stack, "NatDefaultRoute", {
    routeTableId: routes.ref,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.ref,
  });
  outward.addResourceDependency(attachment);
  const address = new CfnEIP(stack, "NatAddress", { domain: "vpc", tags: named(stack, "nat") });
  address.addResourceDependency(attachment);
  const nat = new CfnNatGateway(stack, "NatGateway", {
    allocationId: address.attrAllocationId,
    subnetId: subnet.ref,
    tags: named(stack, "nat"),
  });
  // While it is deleted the gateway still needs its way out.
  nat.addResourceDependency(outward);
  nat.addResourceDependency(association);
  return [
    new CfnRoute(stack, "DefaultRoute", {
      routeTableId: network.routes.ref,
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: nat.ref,
    }),
  ];
}

function publicEgress(stack: Stack, network: NewVpc): CfnResource[] {
  const { gateway, attachment } = internetGateway(stack, network);
  const route = new CfnRoute(stack, "DefaultRoute", {
    routeTableId: network.routes.ref,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.ref,
  });
  route.addResourceDependency(attachment);
  // A gateway cannot be detached while instances hold public addresses.
  return [route, attachment];
}

/** No way out but to CloudWatch Logs and S3: enough for functions that call nothing else. */
function endpointEgress(stack: Stack, network: NewVpc): CfnResource[] {
  const securityGroup = new CfnSecurityGroup(stack, "EndpointSecurityGroup", {
    vpcId: network.vpc.ref,
    groupDescription: `Endpoints of ${stack.stackName}: HTTPS from the instances`,
    securityGroupIngress: [
      {
        sourceSecurityGroupId: network.securityGroup.attrGroupId,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "HTTPS from the instances",
      },
    ],
    tags: named(stack, "endpoints"),
  });
  return [
    new CfnVPCEndpoint(stack, "LogsEndpoint", {
      vpcId: network.vpc.ref,
      vpcEndpointType: "Interface",
      serviceName: `com.amazonaws.${Aws.REGION}.logs`,
      privateDnsEnabled: true,
      subnetIds: network.subnets.map((subnet) => subnet.ref),
      securityGroupIds: [securityGroup.attrGroupId],
    }),
    new CfnVPCEndpoint(stack, "S3Endpoint", {
      vpcId: network.vpc.ref,
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${Aws.REGION}.s3`,
      routeTableIds: [network.routes.ref],
    }),
  ];
}

function named(stack: Stack, part: string) {
  return [{ key: "Name", value: `${stack.stackName}-${part}` }];
}
