import type {
  CreateVpcEndpointRequest,
  DeleteVpcEndpointsRequest,
  DescribeVpcEndpointsRequest,
  ModifyVpcEndpointRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { byIds, createOnce, tagsFor } from "./creating.ts";
import { select, withDates } from "./describe.ts";
import { findRouteTable, findVpc, missing } from "./find.ts";
import { createNetworkInterface } from "./network-interfaces.ts";
import type { Ec2Store, VpcEndpointDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";

const fullAccess = JSON.stringify({
  Statement: [{ Action: "*", Effect: "Allow", Resource: "*", Principal: "*" }],
});

interface Place {
  readonly region: string;
  readonly endpointId: string;
  readonly securityGroupIds: readonly string[];
}

function addInterfaces(
  target: TargetContext,
  place: Place,
  subnetIds: readonly string[],
): string[] {
  return subnetIds.map(
    (subnetId) =>
      createNetworkInterface(target, {
        region: place.region,
        subnetId,
        securityGroupIds: place.securityGroupIds,
        description: `VPC Endpoint Interface ${place.endpointId}`,
        interfaceType: "vpc_endpoint",
        requesterId: "amazon-aws",
      }).NetworkInterfaceId,
  );
}

/** The id that stands for a service's addresses in routes; the same for the same service and region. */
function prefixListId(serviceName: string): string {
  let hash = 0;
  for (const character of serviceName)
    hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2 ** 32;
  return `pl-${hash.toString(16).padStart(8, "0")}`;
}

/** A gateway endpoint is a route to the service in each of its route tables. */
function setRoutes(
  store: Ec2Store,
  region: string,
  endpoint: VpcEndpointDocument,
  tableIds: readonly string[],
): void {
  const DestinationPrefixListId = prefixListId(endpoint.ServiceName ?? "");
  for (const table of store.routeTables.list(region)) {
    const Routes = table.Routes.filter((route) => route.GatewayId !== endpoint.VpcEndpointId);
    if (tableIds.includes(table.RouteTableId)) {
      Routes.push({
        DestinationPrefixListId,
        GatewayId: endpoint.VpcEndpointId,
        Origin: "CreateRoute",
        State: "active",
      });
    } else if (Routes.length === table.Routes.length) {
      continue;
    }
    store.routeTables.put(region, table.RouteTableId, { ...table, Routes });
  }
}

function groupsOf(
  store: Ec2Store,
  region: string,
  vpcId: string,
  ids: readonly string[] | undefined,
): string[] {
  if (ids && ids.length > 0) return [...ids];
  const group = store.securityGroups
    .list(region)
    .find((candidate) => candidate.VpcId === vpcId && candidate.GroupName === "default");
  return group ? [group.GroupId] : [];
}

function namedGroups(store: Ec2Store, region: string, ids: readonly string[]) {
  return ids.map((GroupId) => ({
    GroupId,
    GroupName: store.securityGroups.get(region, GroupId)?.GroupName,
  }));
}

/** Interfaces that stay follow their endpoint's groups, so that a group that it has left can be deleted. */
function regroup(
  store: Ec2Store,
  region: string,
  interfaceIds: readonly string[],
  groupIds: readonly string[],
): void {
  const Groups = namedGroups(store, region, groupIds);
  for (const id of interfaceIds) {
    const found = store.networkInterfaces.get(region, id);
    if (found) store.networkInterfaces.put(region, id, { ...found, Groups });
  }
}

/** What an interface endpoint has and a gateway endpoint has not. */
function interfaceParts(
  target: TargetContext,
  input: CreateVpcEndpointRequest,
  region: string,
  endpointId: string,
) {
  const store = openEc2Store(target);
  const securityGroupIds = groupsOf(store, region, input.VpcId ?? "", input.SecurityGroupIds);
  const service = (input.ServiceName ?? "").split(".").at(-1) ?? "";
  return {
    Groups: namedGroups(store, region, securityGroupIds),
    NetworkInterfaceIds: addInterfaces(
      target,
      { region, endpointId, securityGroupIds },
      input.SubnetIds ?? [],
    ),
    DnsEntries: [{ DnsName: `${endpointId}.${service}.${region}.vpce.amazonaws.com` }],
    PrivateDnsEnabled: input.PrivateDnsEnabled ?? true,
  };
}

function create(
  target: TargetContext,
  input: CreateVpcEndpointRequest,
  { region }: CallContext,
): VpcEndpointDocument {
  const store = openEc2Store(target);
  const { VpcId } = findVpc(store, region, input.VpcId);
  const type = input.VpcEndpointType ?? "Gateway";
  if (type !== "Gateway" && type !== "Interface") {
    throw new ServiceError(
      "NotImplemented",
      `The local target has no VPC endpoints of type ${type}.`,
    );
  }
  for (const id of input.RouteTableIds ?? []) findRouteTable(store, region, id);
  const Tags = tagsFor("vpc-endpoint", input.TagSpecifications);
  return createOnce(target, region, store.vpcEndpoints, input, () => {
    const id = newId(target, "vpce");
    const document: VpcEndpointDocument = {
      VpcEndpointId: id,
      VpcEndpointType: type,
      VpcId,
      ServiceName: input.ServiceName,
      State: "available",
      PolicyDocument: input.PolicyDocument ?? fullAccess,
      RouteTableIds: [...(input.RouteTableIds ?? [])],
      SubnetIds: [...(input.SubnetIds ?? [])],
      RequesterManaged: false,
      CreationTimestamp: target.clock.now().toISOString(),
      OwnerId: target.accountId,
      Tags,
      ...(type === "Interface"
        ? interfaceParts(target, input, region, id)
        : { PrivateDnsEnabled: false }),
    };
    if (type === "Gateway") setRoutes(store, region, document, input.RouteTableIds ?? []);
    return { id, document };
  });
}

function remove(target: TargetContext, id: string, region: string): boolean {
  return target.state.transaction(() => {
    const store = openEc2Store(target);
    const endpoint = store.vpcEndpoints.get(region, id);
    if (!endpoint) return false;
    for (const networkInterface of endpoint.NetworkInterfaceIds ?? []) {
      store.networkInterfaces.delete(region, networkInterface);
    }
    setRoutes(store, region, endpoint, []);
    return store.vpcEndpoints.delete(region, id);
  });
}

function changeList(
  had: readonly string[],
  add: readonly string[] = [],
  remove_: readonly string[] = [],
): string[] {
  return [...new Set([...had, ...add])].filter((item) => !remove_.includes(item));
}

function modify(
  target: TargetContext,
  input: ModifyVpcEndpointRequest,
  { region }: CallContext,
): void {
  target.state.transaction(() => {
    const store = openEc2Store(target);
    const endpoint = store.vpcEndpoints.get(region, input.VpcEndpointId ?? "");
    if (!endpoint) throw missing.vpcEndpoint(input.VpcEndpointId ?? "");
    const tables = changeList(
      endpoint.RouteTableIds ?? [],
      input.AddRouteTableIds,
      input.RemoveRouteTableIds,
    );
    const groupIds = changeList(
      (endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
      input.AddSecurityGroupIds,
      input.RemoveSecurityGroupIds,
    );
    const subnets = changeList(endpoint.SubnetIds ?? [], input.AddSubnetIds, input.RemoveSubnetIds);
    const place = { region, endpointId: endpoint.VpcEndpointId, securityGroupIds: groupIds };
    const kept = (endpoint.NetworkInterfaceIds ?? []).filter((id) => {
      const subnetId = store.networkInterfaces.get(region, id)?.SubnetId ?? "";
      return subnets.includes(subnetId) || !store.networkInterfaces.delete(region, id);
    });
    regroup(store, region, kept, groupIds);
    const covered = new Set(kept.map((id) => store.networkInterfaces.get(region, id)?.SubnetId));
    const added = addInterfaces(
      target,
      place,
      subnets.filter((id) => endpoint.VpcEndpointType === "Interface" && !covered.has(id)),
    );
    if (endpoint.VpcEndpointType === "Gateway") setRoutes(store, region, endpoint, tables);
    store.vpcEndpoints.put(region, endpoint.VpcEndpointId, {
      ...endpoint,
      RouteTableIds: tables,
      SubnetIds: subnets,
      NetworkInterfaceIds: [...kept, ...added],
      Groups: namedGroups(store, region, groupIds),
      PolicyDocument: input.ResetPolicy
        ? fullAccess
        : (input.PolicyDocument ?? endpoint.PolicyDocument),
      PrivateDnsEnabled: input.PrivateDnsEnabled ?? endpoint.PrivateDnsEnabled,
    });
  });
}

export function vpcEndpointOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);
  return {
    CreateVpcEndpoint: async (input: CreateVpcEndpointRequest, context) => ({
      VpcEndpoint: withDates(create(target, input, context)),
    }),
    async DeleteVpcEndpoints(input: DeleteVpcEndpointsRequest, { region }) {
      const failed = (input.VpcEndpointIds ?? []).filter((id) => !remove(target, id, region));
      const Unsuccessful = failed.map((id) => ({
        ResourceId: id,
        Error: {
          Code: "InvalidVpcEndpoint.NotFound",
          Message: `The VpcEndpoint Id '${id}' does not exist`,
        },
      }));
      return { Unsuccessful };
    },
    async ModifyVpcEndpoint(input: ModifyVpcEndpointRequest, context) {
      modify(target, input, context);
      return { Return: true };
    },
    async DescribeVpcEndpoints(input: DescribeVpcEndpointsRequest, { region }) {
      const all = byIds(store.vpcEndpoints, region, input.VpcEndpointIds, missing.vpcEndpoint);
      const { items, ...rest } = select(all, input, {
        idOf: (endpoint) => endpoint.VpcEndpointId,
        tagsOf: (endpoint) => endpoint.Tags,
        readers: {
          "vpc-endpoint-id": (endpoint) => endpoint.VpcEndpointId,
          "vpc-endpoint-type": (endpoint) => endpoint.VpcEndpointType,
          "vpc-endpoint-state": (endpoint) => endpoint.State,
          "vpc-id": (endpoint) => endpoint.VpcId,
          "service-name": (endpoint) => endpoint.ServiceName,
        },
      });
      return { VpcEndpoints: withDates(items), ...rest };
    },
  };
}
