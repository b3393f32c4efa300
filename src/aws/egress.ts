import type {
  IpPermission,
  NatGateway,
  Route,
  RouteTable,
  SecurityGroup,
  Subnet,
  VpcEndpoint,
} from "@aws-sdk/client-ec2";

import type { Connection } from "./connection.ts";
import type { Ec2 } from "./ec2-client.ts";
import { explained } from "./explain.ts";
import type { Egress, InterfaceEndpoint, PortRule, SubnetEgress } from "./ports.ts";

export function createEgress(connection: Connection, ec2: () => Promise<Ec2>): Egress {
  const { target } = connection;
  return {
    subnets: (ids) => explained(target, async () => subnetsOf(ids, await ec2())),
    endpoints: (vpcIds) => explained(target, async () => endpointsOf(vpcIds, await ec2())),
    https: (ids, direction) => explained(target, async () => https(ids, direction, await ec2())),
  };
}

/** By filter: what does not exist is then just not there. */
const only = (Name: string, values: readonly string[]) => ({
  Filters: [{ Name, Values: [...values] }],
});

async function subnetsOf(ids: readonly string[], ec2: Ec2): Promise<SubnetEgress[]> {
  const { sdk, client } = ec2;
  const subnets: Subnet[] = [];
  for await (const page of sdk.paginateDescribeSubnets({ client }, only("subnet-id", ids)))
    subnets.push(...(page.Subnets ?? []));
  const vpcIds = [...new Set(subnets.flatMap(({ VpcId }) => VpcId ?? []))];
  if (vpcIds.length === 0) return [];
  const tables: RouteTable[] = [];
  for await (const page of sdk.paginateDescribeRouteTables({ client }, only("vpc-id", vpcIds)))
    tables.push(...(page.RouteTables ?? []));
  const gateways = await gatewaysOf(tables, ec2);
  return subnets.map((subnet) => toEgress(subnet, tables, gateways));
}

/** The NAT gateways that routes name, by id. */
async function gatewaysOf(
  tables: readonly RouteTable[],
  { sdk, client }: Ec2,
): Promise<ReadonlyMap<string, NatGateway>> {
  const routes = tables.flatMap(({ Routes = [] }) => Routes);
  const ids = [...new Set(routes.flatMap(({ NatGatewayId }) => NatGatewayId ?? []))];
  const found = new Map<string, NatGateway>();
  if (ids.length === 0) return found;
  const asked = { Filter: [{ Name: "nat-gateway-id", Values: ids }] };
  for await (const { NatGateways = [] } of sdk.paginateDescribeNatGateways({ client }, asked))
    for (const gateway of NatGateways) found.set(gateway.NatGatewayId ?? "", gateway);
  return found;
}

function toEgress(
  subnet: Subnet,
  tables: readonly RouteTable[],
  gateways: ReadonlyMap<string, NatGateway>,
): SubnetEgress {
  const { route, routeBroken } = defaultRoute(subnet, tables, gateways);
  return {
    subnetId: subnet.SubnetId ?? "",
    vpcId: subnet.VpcId ?? "",
    availabilityZone: subnet.AvailabilityZone ?? "",
    cidr: subnet.CidrBlock ?? "",
    freeAddresses: subnet.AvailableIpAddressCount ?? 0,
    publicAddresses: subnet.MapPublicIpOnLaunch ?? false,
    route,
    routeBroken,
  };
}

/** A subnet without a route table of its own has the VPC's main one (VPC user guide, subnet-route-tables). */
function defaultRoute(
  { SubnetId, VpcId }: Subnet,
  tables: readonly RouteTable[],
  gateways: ReadonlyMap<string, NatGateway>,
): Pick<SubnetEgress, "route" | "routeBroken"> {
  const ofVpc = tables.filter((table) => table.VpcId === VpcId);
  const table =
    ofVpc.find(({ Associations = [] }) =>
      Associations.some((each) => each.SubnetId === SubnetId),
    ) ?? ofVpc.find(({ Associations = [] }) => Associations.some(({ Main }) => Main));
  const found = table?.Routes?.find((each) => each.DestinationCidrBlock === "0.0.0.0/0");
  if (found === undefined) return { route: undefined, routeBroken: undefined };
  const route = targetOf(found);
  if (found.State === "blackhole") return { route, routeBroken: `${route} is gone (blackhole)` };
  const state = gateways.get(route)?.State;
  const isDown = state !== undefined && state !== "available";
  return { route, routeBroken: isDown ? `${route} is ${state}` : undefined };
}

function targetOf(route: Route): string {
  const { NatGatewayId, GatewayId, TransitGatewayId, NetworkInterfaceId, InstanceId } = route;
  const known = [NatGatewayId, GatewayId, TransitGatewayId, NetworkInterfaceId, InstanceId];
  return known.find((id) => id !== undefined) ?? "another target";
}

async function endpointsOf(
  vpcIds: readonly string[],
  { sdk, client }: Ec2,
): Promise<InterfaceEndpoint[]> {
  const found: InterfaceEndpoint[] = [];
  if (vpcIds.length === 0) return found;
  const asked = only("vpc-id", vpcIds);
  for await (const { VpcEndpoints = [] } of sdk.paginateDescribeVpcEndpoints({ client }, asked)) {
    const interfaces = VpcEndpoints.filter(
      ({ VpcEndpointType }) => VpcEndpointType === "Interface",
    );
    found.push(...interfaces.map(toEndpoint));
  }
  return found;
}

function toEndpoint({ VpcEndpointId = "", VpcId = "", ...rest }: VpcEndpoint): InterfaceEndpoint {
  return {
    endpointId: VpcEndpointId,
    vpcId: VpcId,
    serviceName: rest.ServiceName ?? "",
    state: rest.State?.toLowerCase() ?? "",
    privateDns: rest.PrivateDnsEnabled ?? false,
    securityGroupIds: (rest.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  };
}

async function https(
  ids: readonly string[],
  direction: "in" | "out",
  { sdk, client }: Ec2,
): Promise<PortRule[]> {
  const rules: PortRule[] = [];
  if (ids.length === 0) return rules;
  const asked = only("group-id", ids);
  for await (const { SecurityGroups = [] } of sdk.paginateDescribeSecurityGroups({ client }, asked))
    rules.push(...SecurityGroups.map((group) => ruleOf(group, direction)));
  return rules;
}

const httpsPort = 443;

function ruleOf(group: SecurityGroup, direction: "in" | "out"): PortRule {
  const all = (direction === "in" ? group.IpPermissions : group.IpPermissionsEgress) ?? [];
  const own = all.filter(coversHttps);
  return {
    groupId: group.GroupId ?? "",
    ranges: own.flatMap(({ IpRanges = [] }) => IpRanges.flatMap(({ CidrIp }) => CidrIp ?? [])),
    groups: own.flatMap(({ UserIdGroupPairs = [] }) =>
      UserIdGroupPairs.flatMap(({ GroupId }) => GroupId ?? []),
    ),
    others: own.flatMap(({ PrefixListIds = [], Ipv6Ranges = [] }) => [
      ...PrefixListIds.flatMap(({ PrefixListId }) => PrefixListId ?? []),
      ...Ipv6Ranges.flatMap(({ CidrIpv6 }) => CidrIpv6 ?? []),
    ]),
  };
}

function coversHttps({ IpProtocol, FromPort, ToPort }: IpPermission): boolean {
  if (IpProtocol === "-1") return true;
  return IpProtocol === "tcp" && (FromPort ?? 0) <= httpsPort && httpsPort <= (ToPort ?? 65_535);
}
