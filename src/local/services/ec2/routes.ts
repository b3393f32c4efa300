import type { CreateRouteRequest, DeleteRouteRequest } from "@aws-sdk/client-ec2";

import { ServiceError } from "../../service-error.ts";
import { notFound } from "./creating.ts";
import { missing } from "./find.ts";
import type { Ec2Store, RouteTableDocument } from "./store.ts";

type Route = RouteTableDocument["Routes"][number];
type Destination = Pick<
  Route,
  "DestinationCidrBlock" | "DestinationIpv6CidrBlock" | "DestinationPrefixListId"
>;
type RouteTarget = Pick<
  Route,
  "GatewayId" | "NatGatewayId" | "NetworkInterfaceId" | "EgressOnlyInternetGatewayId" | "InstanceId"
>;

/** Where a route leads from: exactly one of the three kinds of destination. */
export function destinationOf(input: DeleteRouteRequest): Destination {
  if (input.DestinationCidrBlock) return { DestinationCidrBlock: input.DestinationCidrBlock };
  if (input.DestinationIpv6CidrBlock)
    return { DestinationIpv6CidrBlock: input.DestinationIpv6CidrBlock };
  if (input.DestinationPrefixListId)
    return { DestinationPrefixListId: input.DestinationPrefixListId };
  throw new ServiceError(
    "MissingParameter",
    "The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId",
  );
}

export function sameDestination(route: Route, destination: Destination): boolean {
  return (
    (destination.DestinationCidrBlock !== undefined &&
      route.DestinationCidrBlock === destination.DestinationCidrBlock) ||
    (destination.DestinationIpv6CidrBlock !== undefined &&
      route.DestinationIpv6CidrBlock === destination.DestinationIpv6CidrBlock) ||
    (destination.DestinationPrefixListId !== undefined &&
      route.DestinationPrefixListId === destination.DestinationPrefixListId)
  );
}

/** Where a route leads to; what it names must exist. */
export function checkRouteTarget(
  store: Ec2Store,
  region: string,
  input: CreateRouteRequest,
): RouteTarget {
  const { GatewayId, NatGatewayId, EgressOnlyInternetGatewayId, NetworkInterfaceId, InstanceId } =
    input;
  if (GatewayId) {
    if (!store.internetGateways.get(region, GatewayId)) {
      throw notFound("InvalidGatewayID.NotFound", `The gateway ID '${GatewayId}' does not exist`);
    }
    return { GatewayId };
  }
  if (NatGatewayId) {
    if (!store.natGateways.get(region, NatGatewayId)) {
      throw notFound(
        "InvalidNatGatewayID.NotFound",
        `The natGateway ID '${NatGatewayId}' does not exist`,
      );
    }
    return { NatGatewayId };
  }
  if (EgressOnlyInternetGatewayId) {
    if (!store.egressOnlyGateways.get(region, EgressOnlyInternetGatewayId)) {
      throw missing.egressOnlyGateway(EgressOnlyInternetGatewayId);
    }
    return { EgressOnlyInternetGatewayId };
  }
  if (NetworkInterfaceId) {
    if (!store.networkInterfaces.get(region, NetworkInterfaceId))
      throw missing.networkInterface(NetworkInterfaceId);
    return { NetworkInterfaceId };
  }
  if (InstanceId) {
    if (!store.instances.get(region, InstanceId)) throw missing.instance(InstanceId);
    return { InstanceId };
  }
  throw new ServiceError(
    "MissingParameter",
    "The request must contain a target of the route: a gateway, NAT gateway, network interface or instance",
  );
}

export function leadsTo(route: Route, target: RouteTarget): boolean {
  return (
    route.GatewayId === target.GatewayId &&
    route.NatGatewayId === target.NatGatewayId &&
    route.NetworkInterfaceId === target.NetworkInterfaceId &&
    route.EgressOnlyInternetGatewayId === target.EgressOnlyInternetGatewayId &&
    route.InstanceId === target.InstanceId
  );
}
