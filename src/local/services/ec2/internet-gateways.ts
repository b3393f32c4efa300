import type {
  AttachInternetGatewayRequest,
  CreateEgressOnlyInternetGatewayRequest,
  CreateInternetGatewayRequest,
  DeleteEgressOnlyInternetGatewayRequest,
  DeleteInternetGatewayRequest,
  DescribeEgressOnlyInternetGatewaysRequest,
  DescribeInternetGatewaysRequest,
  DetachInternetGatewayRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { byIds, createOnce, dependencyViolation, tagsFor } from "./creating.ts";
import { select } from "./describe.ts";
import { findVpc, missing } from "./find.ts";
import type { Ec2Store, InternetGatewayDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";

function find(store: Ec2Store, region: string, id: string | undefined): InternetGatewayDocument {
  const gateway = store.internetGateways.get(region, id ?? "");
  if (!gateway) throw missing.internetGateway(id ?? "");
  return gateway;
}

function create(
  target: TargetContext,
  input: CreateInternetGatewayRequest,
  { region }: CallContext,
) {
  const Tags = tagsFor("internet-gateway", input.TagSpecifications);
  return createOnce(target, region, openEc2Store(target).internetGateways, input, () => {
    const id = newId(target, "igw");
    return {
      id,
      document: { InternetGatewayId: id, Attachments: [], OwnerId: target.accountId, Tags },
    };
  });
}

function attach(store: Ec2Store, input: AttachInternetGatewayRequest, region: string): void {
  const gateway = find(store, region, input.InternetGatewayId);
  const { VpcId } = findVpc(store, region, input.VpcId);
  if (gateway.Attachments.length > 0) {
    throw new ServiceError(
      "Resource.AlreadyAssociated",
      `resource ${gateway.InternetGatewayId} is already attached to network ${gateway.Attachments[0]?.VpcId}`,
    );
  }
  const other = store.internetGateways
    .list(region)
    .find((one) => one.Attachments.some((at) => at.VpcId === VpcId));
  if (other) {
    throw new ServiceError(
      "InvalidParameterValue",
      `Network ${VpcId} already has an internet gateway attached`,
    );
  }
  const Attachments = [{ VpcId, State: "available" as const }];
  store.internetGateways.put(region, gateway.InternetGatewayId, { ...gateway, Attachments });
}

/** A gateway stays while something in its VPC has a public address through it. */
function detach(store: Ec2Store, input: DetachInternetGatewayRequest, region: string): void {
  const gateway = find(store, region, input.InternetGatewayId);
  if (!gateway.Attachments.some((attachment) => attachment.VpcId === input.VpcId)) {
    throw new ServiceError(
      "Gateway.NotAttached",
      `resource ${gateway.InternetGatewayId} is not attached to network ${input.VpcId}`,
    );
  }
  const inVpc = new Set(
    store.networkInterfaces
      .list(region)
      .filter((candidate) => candidate.VpcId === input.VpcId)
      .map((candidate) => candidate.NetworkInterfaceId),
  );
  if (store.addresses.list(region).some((address) => inVpc.has(address.NetworkInterfaceId ?? ""))) {
    throw dependencyViolation(
      `Network ${input.VpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    );
  }
  store.internetGateways.put(region, gateway.InternetGatewayId, { ...gateway, Attachments: [] });
}

function remove(store: Ec2Store, input: DeleteInternetGatewayRequest, region: string): void {
  const gateway = find(store, region, input.InternetGatewayId);
  if (gateway.Attachments.length > 0) {
    throw dependencyViolation(
      `The internetGateway '${gateway.InternetGatewayId}' has dependencies and cannot be deleted.`,
    );
  }
  store.internetGateways.delete(region, gateway.InternetGatewayId);
}

function egressOnlyOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);
  return {
    async CreateEgressOnlyInternetGateway(
      input: CreateEgressOnlyInternetGatewayRequest,
      { region },
    ) {
      const { VpcId } = findVpc(store, region, input.VpcId);
      const Tags = tagsFor("egress-only-internet-gateway", input.TagSpecifications);
      const EgressOnlyInternetGateway = createOnce(
        target,
        region,
        store.egressOnlyGateways,
        input,
        () => {
          const id = newId(target, "eigw");
          const Attachments = [{ VpcId, State: "attached" as const }];
          return { id, document: { EgressOnlyInternetGatewayId: id, Attachments, Tags } };
        },
      );
      return { EgressOnlyInternetGateway };
    },
    async DeleteEgressOnlyInternetGateway(
      input: DeleteEgressOnlyInternetGatewayRequest,
      { region },
    ) {
      const id = input.EgressOnlyInternetGatewayId ?? "";
      if (!store.egressOnlyGateways.delete(region, id)) throw missing.egressOnlyGateway(id);
      return { ReturnCode: true };
    },
    async DescribeEgressOnlyInternetGateways(
      input: DescribeEgressOnlyInternetGatewaysRequest,
      { region },
    ) {
      const ids = input.EgressOnlyInternetGatewayIds;
      const all = byIds(store.egressOnlyGateways, region, ids, missing.egressOnlyGateway);
      const { items, ...rest } = select(all, input, {
        idOf: (gateway) => gateway.EgressOnlyInternetGatewayId,
        tagsOf: (gateway) => gateway.Tags,
        readers: {
          "attachment.vpc-id": (gateway) => gateway.Attachments.map(({ VpcId }) => VpcId),
        },
      });
      return { EgressOnlyInternetGateways: items, ...rest };
    },
  };
}

export function internetGatewayOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);
  return {
    ...egressOnlyOperations(target),
    CreateInternetGateway: async (input: CreateInternetGatewayRequest, context) => ({
      InternetGateway: create(target, input, context),
    }),
    async AttachInternetGateway(input: AttachInternetGatewayRequest, { region }) {
      attach(store, input, region);
      return {};
    },
    async DetachInternetGateway(input: DetachInternetGatewayRequest, { region }) {
      detach(store, input, region);
      return {};
    },
    async DeleteInternetGateway(input: DeleteInternetGatewayRequest, { region }) {
      remove(store, input, region);
      return {};
    },
    async DescribeInternetGateways(input: DescribeInternetGatewaysRequest, { region }) {
      const all = byIds(
        store.internetGateways,
        region,
        input.InternetGatewayIds,
        missing.internetGateway,
      );
      const { items, ...rest } = select(all, input, {
        idOf: (gateway) => gateway.InternetGatewayId,
        tagsOf: (gateway) => gateway.Tags,
        readers: {
          "internet-gateway-id": (gateway) => gateway.InternetGatewayId,
          "attachment.vpc-id": (gateway) => gateway.Attachments.map(({ VpcId }) => VpcId),
          "attachment.state": (gateway) => gateway.Attachments.map(({ State }) => State),
          "owner-id": (gateway) => gateway.OwnerId,
        },
      });
      return { InternetGateways: items, ...rest };
    },
  };
}
