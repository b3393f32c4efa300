import type { ChangedResource, Exposure } from "./exposure.ts";

/**
 * Ways that open or close between the network and the outside: routes and endpoints. No security group says so, and what
 * runs there reaches more, or less, than before.
 */
export function networkWays(changes: Readonly<Record<string, ChangedResource>>): Exposure[] {
  return Object.entries(changes).flatMap(([logicalId, change]) => {
    const before = wayOf(change.oldResourceType, change.oldProperties);
    const after = wayOf(change.newResourceType, change.newProperties);
    if (before === after) return [];
    const closed: Exposure[] =
      before === undefined ? [] : [{ logicalId, sign: "-", words: before }];
    return after === undefined ? closed : [...closed, { logicalId, sign: "+", words: after }];
  });
}

/** Target of a route (AWS::EC2::Route) in words. */
const targets: Readonly<Record<string, string>> = {
  NatGatewayId: "a NAT gateway",
  GatewayId: "an internet gateway",
  EgressOnlyInternetGatewayId: "an egress-only internet gateway",
  VpcPeeringConnectionId: "a peered VPC",
  TransitGatewayId: "a transit gateway",
  VpcEndpointId: "an endpoint",
  NetworkInterfaceId: "a network interface",
  InstanceId: "an instance",
};

function wayOf(
  type: string | undefined,
  properties: Readonly<Record<string, unknown>> = {},
): string | undefined {
  if (type === "AWS::EC2::Route") {
    const to = properties["DestinationCidrBlock"] ?? properties["DestinationIpv6CidrBlock"];
    const through = Object.keys(targets).find((name) => name in properties);
    const target = (through && targets[through]) ?? "another target";
    return `reaches ${typeof to === "string" ? to : "what a prefix list names"} through ${target}`;
  }
  return type === "AWS::EC2::VPCEndpoint"
    ? `reaches ${serviceOf(properties["ServiceName"])}`
    : undefined;
}

/** `com.amazonaws.us-east-1.logs`, as text or with the region as a reference. */
function serviceOf(name: unknown): string {
  const text = typeof name === "string" ? name : JSON.stringify(name);
  const service = /(?:-\d+|")\.([a-z][a-z0-9.-]*)"?\W*$/.exec(text)?.[1];
  return `${service ?? "a service"} through an endpoint`;
}
