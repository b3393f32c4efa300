import type {
  AssociateRouteTableRequest,
  CreateRouteRequest,
  CreateRouteTableRequest,
  DeleteRouteRequest,
  DeleteRouteTableRequest,
  DescribeRouteTablesRequest,
  DisassociateRouteTableRequest,
  ReplaceRouteRequest,
  ReplaceRouteTableAssociationRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { byIds, createOnce, dependencyViolation, notFound, tagsFor } from "./creating.ts";
import { select } from "./describe.ts";
import { findRouteTable, findSubnet, findVpc, missing } from "./find.ts";
import { checkRouteTarget, destinationOf, leadsTo, sameDestination } from "./routes.ts";
import type { Ec2Store, RouteTableDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";

function emptyTable(target: TargetContext, VpcId: string, cidrBlock: string): RouteTableDocument {
  return {
    RouteTableId: newId(target, "rtb"),
    VpcId,
    OwnerId: target.accountId,
    Associations: [],
    PropagatingVgws: [],
    Routes: [
      {
        DestinationCidrBlock: cidrBlock,
        GatewayId: "local",
        Origin: "CreateRouteTable",
        State: "active",
      },
    ],
    Tags: [],
  };
}

/** The route table that every VPC has from the start, for subnets without one of their own. */
export function mainRouteTable(
  target: TargetContext,
  VpcId: string,
  cidrBlock: string,
): RouteTableDocument {
  const table = emptyTable(target, VpcId, cidrBlock);
  const main = {
    RouteTableAssociationId: newId(target, "rtbassoc"),
    RouteTableId: table.RouteTableId,
    Main: true,
    AssociationState: { State: "associated" as const },
  };
  return { ...table, Associations: [main] };
}

function createTable(
  target: TargetContext,
  input: CreateRouteTableRequest,
  { region }: CallContext,
): RouteTableDocument {
  const store = openEc2Store(target);
  const vpc = findVpc(store, region, input.VpcId);
  const Tags = tagsFor("route-table", input.TagSpecifications);
  return createOnce(target, region, store.routeTables, input, () => {
    const document = { ...emptyTable(target, vpc.VpcId, vpc.CidrBlock), Tags };
    return { id: document.RouteTableId, document };
  });
}

function deleteTable(
  store: Ec2Store,
  input: DeleteRouteTableRequest,
  { region }: CallContext,
): void {
  const table = findRouteTable(store, region, input.RouteTableId);
  if (table.Associations.length > 0) {
    throw dependencyViolation(
      `The routeTable '${table.RouteTableId}' has dependencies and cannot be deleted.`,
    );
  }
  store.routeTables.delete(region, table.RouteTableId);
}

/** A subnet has at most one route table: associating it with the same one again answers the same association. */
function associate(
  target: TargetContext,
  input: AssociateRouteTableRequest,
  { region }: CallContext,
): string {
  const store = openEc2Store(target);
  const table = findRouteTable(store, region, input.RouteTableId);
  const { SubnetId } = findSubnet(store, region, input.SubnetId);
  for (const other of store.routeTables.list(region)) {
    const existing = other.Associations.find((association) => association.SubnetId === SubnetId);
    if (!existing) continue;
    if (other.RouteTableId === table.RouteTableId) return existing.RouteTableAssociationId ?? "";
    throw new ServiceError(
      "Resource.AlreadyAssociated",
      `the specified association for route table ${table.RouteTableId} conflicts with an existing association`,
    );
  }
  const RouteTableAssociationId = newId(target, "rtbassoc");
  const association = {
    RouteTableAssociationId,
    RouteTableId: table.RouteTableId,
    SubnetId,
    Main: false,
    AssociationState: { State: "associated" as const },
  };
  const Associations = [...table.Associations, association];
  store.routeTables.put(region, table.RouteTableId, { ...table, Associations });
  return RouteTableAssociationId;
}

/** Takes an association out of its table, and answers the subnet that it was for. */
function disassociate(store: Ec2Store, associationId: string | undefined, region: string): string {
  const table = store.routeTables
    .list(region)
    .find((candidate) =>
      candidate.Associations.some((one) => one.RouteTableAssociationId === associationId),
    );
  const association = table?.Associations.find(
    (one) => one.RouteTableAssociationId === associationId,
  );
  if (!table || !association) {
    throw notFound(
      "InvalidAssociationID.NotFound",
      `The association ID '${associationId}' does not exist`,
    );
  }
  if (association.Main) {
    throw new ServiceError(
      "InvalidParameterValue",
      `cannot disassociate the main route table association ${associationId}`,
    );
  }
  const Associations = table.Associations.filter((one) => one !== association);
  store.routeTables.put(region, table.RouteTableId, { ...table, Associations });
  return association.SubnetId ?? "";
}

function createRoute(store: Ec2Store, input: CreateRouteRequest, { region }: CallContext): void {
  const table = findRouteTable(store, region, input.RouteTableId);
  const destination = destinationOf(input);
  const routeTarget = checkRouteTarget(store, region, input);
  const existing = table.Routes.find((route) => sameDestination(route, destination));
  if (existing) {
    // The same route again is answered like the first time, another one in its place is refused.
    if (leadsTo(existing, routeTarget)) return;
    throw new ServiceError(
      "RouteAlreadyExists",
      `The route identified by ${Object.values(destination)[0]} already exists.`,
    );
  }
  const route = {
    ...destination,
    ...routeTarget,
    Origin: "CreateRoute" as const,
    State: "active" as const,
  };
  store.routeTables.put(region, table.RouteTableId, { ...table, Routes: [...table.Routes, route] });
}

function noRouteToDelete(name: string, value: string, tableId: string): ServiceError {
  const attribute =
    name === "DestinationCidrBlock" ? "destination-cidr-block" : "destination-ipv6-cidr-block";
  return notFound(
    "InvalidRoute.NotFound",
    `no route with ${attribute} ${value} in route table ${tableId}`,
  );
}

function noRouteToReplace(_name: string, value: string): ServiceError {
  return new ServiceError(
    "InvalidParameterValue",
    `There is no route defined for '${value}' in the route table. Use CreateRoute instead.`,
  );
}

function removeRoute(
  store: Ec2Store,
  input: DeleteRouteRequest | ReplaceRouteRequest,
  { region }: CallContext,
  noRoute: (name: string, value: string, tableId: string) => ServiceError,
) {
  const table = findRouteTable(store, region, input.RouteTableId);
  const destination = destinationOf(input);
  const Routes = table.Routes.filter((route) => !sameDestination(route, destination));
  if (Routes.length === table.Routes.length) {
    const [name = "", value = ""] = Object.entries(destination)[0] ?? [];
    throw noRoute(name, value, table.RouteTableId);
  }
  store.routeTables.put(region, table.RouteTableId, { ...table, Routes });
}

function describe(store: Ec2Store, input: DescribeRouteTablesRequest, { region }: CallContext) {
  const { items, ...rest } = select(
    byIds(store.routeTables, region, input.RouteTableIds, missing.routeTable),
    input,
    {
      idOf: (table) => table.RouteTableId,
      tagsOf: (table) => table.Tags,
      readers: {
        "route-table-id": (table) => table.RouteTableId,
        "vpc-id": (table) => table.VpcId,
        "owner-id": (table) => table.OwnerId,
        "association.main": (table) => table.Associations.map(({ Main }) => Main),
        "association.subnet-id": (table) => table.Associations.map(({ SubnetId }) => SubnetId),
        "association.route-table-id": (table) =>
          table.Associations.map(({ RouteTableId }) => RouteTableId),
        "association.route-table-association-id": (table) =>
          table.Associations.map(({ RouteTableAssociationId }) => RouteTableAssociationId),
        "route.destination-cidr-block": (table) =>
          table.Routes.map((route) => route.DestinationCidrBlock),
        "route.gateway-id": (table) => table.Routes.map((route) => route.GatewayId),
        "route.nat-gateway-id": (table) => table.Routes.map((route) => route.NatGatewayId),
        "route.state": (table) => table.Routes.map((route) => route.State),
      },
    },
  );
  return { RouteTables: items, ...rest };
}

function routeOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);
  return {
    async CreateRoute(input: CreateRouteRequest, context) {
      createRoute(store, input, context);
      return { Return: true };
    },
    async ReplaceRoute(input: ReplaceRouteRequest, context) {
      target.state.transaction(() => {
        removeRoute(store, input, context, noRouteToReplace);
        createRoute(store, input, context);
      });
      return {};
    },
    async DeleteRoute(input: DeleteRouteRequest, context) {
      removeRoute(store, input, context, noRouteToDelete);
      return {};
    },
  };
}

export function routeTableOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);
  return {
    ...routeOperations(target),
    CreateRouteTable: async (input: CreateRouteTableRequest, context) => ({
      RouteTable: createTable(target, input, context),
    }),
    async DeleteRouteTable(input: DeleteRouteTableRequest, context) {
      deleteTable(store, input, context);
      return {};
    },
    DescribeRouteTables: async (input: DescribeRouteTablesRequest, context) =>
      describe(store, input, context),
    AssociateRouteTable: async (input: AssociateRouteTableRequest, context) => ({
      AssociationId: associate(target, input, context),
      AssociationState: { State: "associated" },
    }),
    async DisassociateRouteTable(input: DisassociateRouteTableRequest, { region }) {
      disassociate(store, input.AssociationId, region);
      return {};
    },
    async ReplaceRouteTableAssociation(input: ReplaceRouteTableAssociationRequest, context) {
      const NewAssociationId = target.state.transaction(() => {
        findRouteTable(store, context.region, input.RouteTableId);
        const SubnetId = disassociate(store, input.AssociationId, context.region);
        return associate(target, { RouteTableId: input.RouteTableId, SubnetId }, context);
      });
      return { NewAssociationId, AssociationState: { State: "associated" } };
    },
  };
}
