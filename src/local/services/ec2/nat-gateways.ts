import type {
  AllocateAddressRequest,
  CreateNatGatewayRequest,
  DeleteNatGatewayRequest,
  DescribeAddressesRequest,
  DescribeNatGatewaysRequest,
  ReleaseAddressRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { byIds, createOnce, notFound, tagsFor } from "./creating.ts";
import { select, withDates } from "./describe.ts";
import { findSubnet, missing } from "./find.ts";
import { createNetworkInterface } from "./network-interfaces.ts";
import type { AddressDocument, Ec2Store, NatGatewayDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";

/** How long a NAT gateway takes to come up and to go on AWS, about; and how long a deleted one is shown. */
const comesUpMilliseconds = 90_000;
const goesMilliseconds = 45_000;
const shownMilliseconds = 60 * 60 * 1000;

function findAddress(store: Ec2Store, region: string, id: string): AddressDocument {
  const address = store.addresses.get(region, id);
  if (!address) throw missing.address(id);
  return address;
}

function allocate(
  target: TargetContext,
  input: AllocateAddressRequest,
  { region }: CallContext,
): AddressDocument {
  const Tags = tagsFor("elastic-ip", input.TagSpecifications);
  return createOnce(target, region, openEc2Store(target).addresses, input, () => {
    const id = newId(target, "eipalloc");
    return {
      id,
      document: {
        AllocationId: id,
        // 203.0.113.0/24 is for documentation (RFC 5737): it can never be somebody's real address.
        PublicIp: `203.0.113.${1 + Math.floor(target.random() * 254)}`,
        Domain: "vpc",
        NetworkBorderGroup: region,
        PublicIpv4Pool: "amazon",
        Tags,
      },
    };
  });
}

function release(store: Ec2Store, input: ReleaseAddressRequest, region: string): void {
  const address = findAddress(store, region, input.AllocationId ?? "");
  if (address.AssociationId) {
    throw new ServiceError("InvalidIPAddress.InUse", `Address ${address.PublicIp} is in use.`);
  }
  store.addresses.delete(region, address.AllocationId);
}

function addressFor(
  store: Ec2Store,
  input: CreateNatGatewayRequest,
  region: string,
): AddressDocument | undefined {
  if (input.ConnectivityType === "private") return undefined;
  if (!input.AllocationId) {
    throw new ServiceError(
      "MissingParameter",
      "The request must include the AllocationId parameter. Add the required parameter and retry the request.",
    );
  }
  const address = findAddress(store, region, input.AllocationId);
  if (address.AssociationId) {
    throw new ServiceError(
      "Resource.AlreadyAssociated",
      `Elastic IP address [${address.AllocationId}] is already associated`,
    );
  }
  return address;
}

function createNat(
  target: TargetContext,
  input: CreateNatGatewayRequest,
  { region }: CallContext,
): NatGatewayDocument {
  const store = openEc2Store(target);
  const subnet = findSubnet(store, region, input.SubnetId);
  const Tags = tagsFor("natgateway", input.TagSpecifications);
  return createOnce(target, region, store.natGateways, input, () => {
    const address = addressFor(store, input, region);
    const NatGatewayId = newId(target, "nat");
    const networkInterface = createNetworkInterface(target, {
      region,
      subnetId: subnet.SubnetId,
      securityGroupIds: [],
      description: `Interface for NAT Gateway ${NatGatewayId}`,
      interfaceType: "natGateway",
      requesterId: "amazon-aws",
    });
    const { NetworkInterfaceId, PrivateIpAddress } = networkInterface;
    if (address) {
      const AssociationId = newId(target, "eipassoc");
      store.addresses.put(region, address.AllocationId, {
        ...address,
        AssociationId,
        NetworkInterfaceId,
        PrivateIpAddress,
      });
    }
    const document: NatGatewayDocument = {
      NatGatewayId,
      SubnetId: subnet.SubnetId,
      VpcId: subnet.VpcId,
      ConnectivityType: input.ConnectivityType ?? "public",
      CreateTime: target.clock.now().toISOString(),
      NatGatewayAddresses: [
        {
          NetworkInterfaceId,
          PrivateIp: PrivateIpAddress,
          IsPrimary: true,
          Status: "succeeded",
          ...(address ? { AllocationId: address.AllocationId, PublicIp: address.PublicIp } : {}),
        },
      ],
      State: "pending",
      Tags,
    };
    return { id: NatGatewayId, document };
  });
}

/** Interface and address are free at once; the gateway itself is shown as deleted for a while. */
function deleteNat(
  target: TargetContext,
  input: DeleteNatGatewayRequest,
  { region }: CallContext,
): string {
  const store = openEc2Store(target);
  const gateway = store.natGateways.get(region, input.NatGatewayId ?? "");
  if (!gateway) throw missing.natGateway(input.NatGatewayId ?? "");
  if (gateway.DeleteTime === undefined) {
    target.state.transaction(() => {
      for (const used of gateway.NatGatewayAddresses ?? []) {
        store.networkInterfaces.delete(region, used.NetworkInterfaceId ?? "");
        const address = store.addresses.get(region, used.AllocationId ?? "");
        if (!address) continue;
        const {
          AssociationId: _1,
          NetworkInterfaceId: _2,
          PrivateIpAddress: _3,
          ...free
        } = address;
        store.addresses.put(region, address.AllocationId, free);
      }
      const DeleteTime = target.clock.now().toISOString();
      store.natGateways.put(region, gateway.NatGatewayId, {
        ...gateway,
        State: "deleting",
        DeleteTime,
      });
    });
  }
  return gateway.NatGatewayId;
}

/** The state of a gateway follows from the time since it was created or deleted; undefined when it is no longer shown. */
function withState(
  target: TargetContext,
  gateway: NatGatewayDocument,
): NatGatewayDocument | undefined {
  const now = target.clock.now().getTime();
  const fast = target.timing === "fast";
  const hurry = target.clock.hurry ?? 1;
  if (gateway.DeleteTime !== undefined) {
    const since = now - Date.parse(gateway.DeleteTime);
    if (since > shownMilliseconds) return undefined;
    return {
      ...gateway,
      State: fast || since >= goesMilliseconds / hurry ? "deleted" : "deleting",
    };
  }
  const since = now - Date.parse(gateway.CreateTime ?? "");
  return {
    ...gateway,
    State: fast || since >= comesUpMilliseconds / hurry ? "available" : "pending",
  };
}

function describeNats(
  target: TargetContext,
  input: DescribeNatGatewaysRequest,
  { region }: CallContext,
) {
  const store = openEc2Store(target);
  const all = byIds(store.natGateways, region, input.NatGatewayIds, missing.natGateway).flatMap(
    (gateway) => {
      const current = withState(target, gateway);
      if (!current) store.natGateways.delete(region, gateway.NatGatewayId);
      return current ? [current] : [];
    },
  );
  const { items, ...rest } = select(
    all,
    { ...input, Filters: input.Filter },
    {
      idOf: (gateway) => gateway.NatGatewayId,
      tagsOf: (gateway) => gateway.Tags,
      readers: {
        "nat-gateway-id": (gateway) => gateway.NatGatewayId,
        "subnet-id": (gateway) => gateway.SubnetId,
        "vpc-id": (gateway) => gateway.VpcId,
        state: (gateway) => gateway.State,
      },
    },
  );
  return { NatGateways: withDates(items), ...rest };
}

function describeAddresses(
  store: Ec2Store,
  input: DescribeAddressesRequest,
  { region }: CallContext,
) {
  const ips = input.PublicIps ?? [];
  const all = byIds(store.addresses, region, input.AllocationIds, missing.address);
  const unknown = ips.find((ip) => !all.some((address) => address.PublicIp === ip));
  if (unknown) throw notFound("InvalidAddress.NotFound", `Address '${unknown}' not found.`);
  const { items } = select(
    all.filter((address) => ips.length === 0 || ips.includes(address.PublicIp)),
    { Filters: input.Filters },
    {
      idOf: (address) => address.AllocationId,
      tagsOf: (address) => address.Tags,
      readers: {
        "allocation-id": (address) => address.AllocationId,
        "association-id": (address) => address.AssociationId,
        "public-ip": (address) => address.PublicIp,
        "network-interface-id": (address) => address.NetworkInterfaceId,
        domain: (address) => address.Domain,
      },
    },
  );
  return { Addresses: items };
}

export function natGatewayOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);
  return {
    AllocateAddress: async (input: AllocateAddressRequest, context) =>
      allocate(target, input, context),
    async ReleaseAddress(input: ReleaseAddressRequest, { region }) {
      release(store, input, region);
      return {};
    },
    DescribeAddresses: async (input: DescribeAddressesRequest, context) =>
      describeAddresses(store, input, context),
    CreateNatGateway: async (input: CreateNatGatewayRequest, context) => ({
      NatGateway: withDates(createNat(target, input, context)),
    }),
    DeleteNatGateway: async (input: DeleteNatGatewayRequest, context) => ({
      NatGatewayId: deleteNat(target, input, context),
    }),
    DescribeNatGateways: async (input: DescribeNatGatewaysRequest, context) =>
      describeNats(target, input, context),
  };
}
