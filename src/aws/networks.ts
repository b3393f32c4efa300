import type { Filter, Route, RouteTable, Subnet } from "@aws-sdk/client-ec2";
import type { Connection } from "./connection.ts";
import type { Ec2 } from "./ec2-client.ts";
import { explained } from "./explain.ts";
import type { Networks, SubnetDescription, VpcDescription, VpcSelector } from "./ports.ts";

export function createNetworks(connection: Connection, ec2: () => Promise<Ec2>): Networks {
  return {
    find: (selector) => explained(connection.target, async () => find(selector, await ec2())),
  };
}

async function find(selector: VpcSelector, ec2: Ec2): Promise<VpcDescription[]> {
  const vpcIds: string[] = [];
  const wanted = { Filters: filtersOf(selector) };
  for await (const page of ec2.sdk.paginateDescribeVpcs({ client: ec2.client }, wanted))
    vpcIds.push(...(page.Vpcs ?? []).flatMap(({ VpcId }) => VpcId ?? []));
  return Promise.all(vpcIds.map((vpcId) => describe(vpcId, ec2)));
}

function filtersOf(selector: VpcSelector): Filter[] {
  if ("vpcId" in selector) return [{ Name: "vpc-id", Values: [selector.vpcId] }];
  if ("isDefault" in selector) return [{ Name: "is-default", Values: ["true"] }];
  return Object.entries(selector.tags).map(([key, value]) => ({
    Name: `tag:${key}`,
    Values: [value],
  }));
}

async function describe(vpcId: string, { sdk, client }: Ec2): Promise<VpcDescription> {
  const inVpc = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
  const subnets: Subnet[] = [];
  const tables: RouteTable[] = [];
  for await (const page of sdk.paginateDescribeSubnets({ client }, inVpc))
    subnets.push(...(page.Subnets ?? []));
  for await (const page of sdk.paginateDescribeRouteTables({ client }, inVpc))
    tables.push(...(page.RouteTables ?? []));
  return { vpcId, subnets: subnets.map((subnet) => describeSubnet(subnet, tables)) };
}

function describeSubnet(subnet: Subnet, tables: readonly RouteTable[]): SubnetDescription {
  return {
    subnetId: subnet.SubnetId ?? "",
    availabilityZone: subnet.AvailabilityZone ?? "",
    route: defaultRoute(subnet.SubnetId ?? "", tables),
    freeAddresses: subnet.AvailableIpAddressCount ?? 0,
  };
}

/** A subnet without a route table of its own has the VPC's main one (VPC user guide, subnet-route-tables). */
function defaultRoute(subnetId: string, tables: readonly RouteTable[]): SubnetDescription["route"] {
  const associated = (
    test: (association: NonNullable<RouteTable["Associations"]>[number]) => unknown,
  ) => tables.find(({ Associations = [] }) => Associations.some(test));
  const table =
    associated(({ SubnetId }) => SubnetId === subnetId) ?? associated(({ Main }) => Main);
  const route = table?.Routes?.find(isDefault);
  if (!route) return "none";
  return route.GatewayId?.startsWith("igw-") ? "internet" : "nat";
}

function isDefault({ DestinationCidrBlock, State }: Route): boolean {
  return DestinationCidrBlock === "0.0.0.0/0" && State !== "blackhole";
}
