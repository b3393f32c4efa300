import { notFound } from "./creating.ts";
import type {
  Ec2Store,
  RouteTableDocument,
  SecurityGroupDocument,
  SubnetDocument,
  VpcDocument,
} from "./store.ts";

/** Errors for ids that do not exist (EC2 API reference, "Error codes"). */
export const missing = {
  vpc: (id: string) => notFound("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`),
  subnet: (id: string) =>
    notFound("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`),
  securityGroup: (id: string) =>
    notFound("InvalidGroup.NotFound", `The security group '${id}' does not exist`),
  securityGroupRule: (id: string) =>
    notFound(
      "InvalidSecurityGroupRuleId.NotFound",
      `The security group rule ID '${id}' does not exist`,
    ),
  routeTable: (id: string) =>
    notFound("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`),
  internetGateway: (id: string) =>
    notFound("InvalidInternetGatewayID.NotFound", `The internetGateway ID '${id}' does not exist`),
  egressOnlyGateway: (id: string) =>
    notFound("InvalidGatewayID.NotFound", `The eigw ID '${id}' does not exist`),
  natGateway: (id: string) => notFound("NatGatewayNotFound", `NatGateway ${id} was not found`),
  address: (id: string) =>
    notFound("InvalidAllocationID.NotFound", `The allocation ID '${id}' does not exist`),
  networkInterface: (id: string) =>
    notFound(
      "InvalidNetworkInterfaceID.NotFound",
      `The networkInterface ID '${id}' does not exist`,
    ),
  instance: (id: string) =>
    notFound("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`),
  vpnGateway: (id: string) =>
    notFound("InvalidVpnGatewayID.NotFound", `The vpnGateway ID '${id}' does not exist`),
  vpcEndpoint: (id: string) =>
    notFound("InvalidVpcEndpointId.NotFound", `The Vpc Endpoint Id '${id}' does not exist`),
} as const;

export function findVpc(store: Ec2Store, region: string, id: string | undefined): VpcDocument {
  const vpc = store.vpcs.get(region, id ?? "");
  if (!vpc) throw missing.vpc(id ?? "");
  return vpc;
}

export function findSubnet(
  store: Ec2Store,
  region: string,
  id: string | undefined,
): SubnetDocument {
  const subnet = store.subnets.get(region, id ?? "");
  if (!subnet) throw missing.subnet(id ?? "");
  return subnet;
}

export function findSecurityGroup(
  store: Ec2Store,
  region: string,
  id: string | undefined,
): SecurityGroupDocument {
  const group = store.securityGroups.get(region, id ?? "");
  if (!group) throw missing.securityGroup(id ?? "");
  return group;
}

export function findRouteTable(
  store: Ec2Store,
  region: string,
  id: string | undefined,
): RouteTableDocument {
  const table = store.routeTables.get(region, id ?? "");
  if (!table) throw missing.routeTable(id ?? "");
  return table;
}
