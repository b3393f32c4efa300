import type { Filter, Route, RouteTable, Subnet } from "@aws-sdk/client-ec2";
import type { Connection } from "./connection.ts";
import type { Ec2 } from "./ec2-client.ts";
import { explained } from "./explain.ts";
import type {
  Networks,
  SubnetDescription,
  SubnetPlace,
  VpcAddresses,
  VpcDescription,
  VpcSelector,
} from "./ports.ts";

export function createNetworks(connection: Connection, ec2: () => Promise<Ec2>): Networks {
  return {
    find: (selector) => explained(connection.target, async () => find(selector, await ec2())),
    subnets: (ids) => explained(connection.target, async () => findSubnets(ids, await ec2())),
    securityGroups: (ids) => explained(connection.target, async () => findGroups(ids, await ec2())),
    ranges: (vpcIds) => explained(connection.target, async () => findRanges(vpcIds, await ec2())),
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

/** By filter: an id that does not exist is then just not there, instead of failing the call for all. */
const withIds = (name: string, ids: readonly string[]) => ({
  Filters: [{ Name: name, Values: [...ids] }],
});

async function findSubnets(ids: readonly string[], { sdk, client }: Ec2): Promise<SubnetPlace[]> {
  const places: SubnetPlace[] = [];
  for await (const page of sdk.paginateDescribeSubnets({ client }, withIds("subnet-id", ids)))
    places.push(
      ...(page.Subnets ?? []).map((subnet) => ({
        subnetId: subnet.SubnetId ?? "",
        vpcId: subnet.VpcId ?? "",
        availabilityZone: subnet.AvailabilityZone ?? "",
        freeAddresses: subnet.AvailableIpAddressCount ?? 0,
      })),
    );
  return places;
}

async function findGroups(ids: readonly string[], { sdk, client }: Ec2) {
  const groups: { groupId: string; vpcId: string }[] = [];
  for await (const page of sdk.paginateDescribeSecurityGroups({ client }, withIds("group-id", ids)))
    groups.push(
      ...(page.SecurityGroups ?? []).map(({ GroupId = "", VpcId = "" }) => ({
        groupId: GroupId,
        vpcId: VpcId,
      })),
    );
  return groups;
}

async function findRanges(
  vpcIds: readonly string[] | undefined,
  { sdk, client }: Ec2,
): Promise<VpcAddresses[]> {
  const vpcs: VpcAddresses[] = [];
  const wanted = vpcIds === undefined ? {} : withIds("vpc-id", vpcIds);
  for await (const page of sdk.paginateDescribeVpcs({ client }, wanted))
    vpcs.push(
      ...(page.Vpcs ?? []).map(({ VpcId = "", CidrBlock, CidrBlockAssociationSet = [] }) => ({
        vpcId: VpcId,
        ranges: [
          ...new Set([
            ...(CidrBlock === undefined ? [] : [CidrBlock]),
            ...CidrBlockAssociationSet.filter(
              ({ CidrBlockState }) => CidrBlockState?.State === "associated",
            ).flatMap((association) => association.CidrBlock ?? []),
          ]),
        ],
      })),
    );
  return vpcs;
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
