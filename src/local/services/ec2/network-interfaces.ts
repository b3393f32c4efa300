import type { TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { addressAt, blockSize, parseBlock } from "./cidr.ts";
import type { NetworkInterfaceDocument, SubnetDocument, TagDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";

export interface NewNetworkInterface {
  readonly region: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  readonly description: string;
  readonly interfaceType: NonNullable<NetworkInterfaceDocument["InterfaceType"]>;
  readonly requesterId: string;
  readonly tags?: readonly TagDocument[];
  readonly attachment?: NetworkInterfaceDocument["Attachment"];
  readonly operator?: NetworkInterfaceDocument["Operator"];
}

/** EC2 keeps the first four addresses and the last one of every subnet for itself (VPC user guide, "Subnet CIDR blocks"). */
const reservedAtStart = 4;
const reservedAddresses = 5;

/** Puts an interface that belongs to another service into a subnet, with the lowest free address. */
export function createNetworkInterface(
  target: TargetContext,
  request: NewNetworkInterface,
): NetworkInterfaceDocument {
  const store = openEc2Store(target);
  const subnet = store.subnets.get(request.region, request.subnetId);
  if (!subnet) {
    throw new ServiceError(
      "InvalidSubnetID.NotFound",
      `The subnet ID '${request.subnetId}' does not exist`,
    );
  }
  const groups = request.securityGroupIds.map((GroupId) => {
    const group = store.securityGroups.get(request.region, GroupId);
    if (!group)
      throw new ServiceError(
        "InvalidGroup.NotFound",
        `The security group '${GroupId}' does not exist`,
      );
    return { GroupId, GroupName: group.GroupName };
  });
  const address = freeAddress(subnet, interfacesIn(target, request.region, subnet.SubnetId));
  const document: NetworkInterfaceDocument = {
    NetworkInterfaceId: newId(target, "eni"),
    SubnetId: subnet.SubnetId,
    VpcId: subnet.VpcId,
    AvailabilityZone: subnet.AvailabilityZone,
    Description: request.description,
    Groups: groups,
    InterfaceType: request.interfaceType,
    MacAddress: macAddress(target),
    OwnerId: target.accountId,
    PrivateIpAddress: address,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: address }],
    RequesterId: request.requesterId,
    RequesterManaged: true,
    SourceDestCheck: true,
    Status: "in-use",
    TagSet: [...(request.tags ?? [])],
    ...(request.attachment ? { Attachment: request.attachment } : {}),
    ...(request.operator ? { Operator: request.operator } : {}),
  };
  store.networkInterfaces.put(request.region, document.NetworkInterfaceId, document);
  return document;
}

export function interfacesIn(
  target: TargetContext,
  region: string,
  subnetId: string,
): NetworkInterfaceDocument[] {
  return openEc2Store(target)
    .networkInterfaces.list(region)
    .filter((candidate) => candidate.SubnetId === subnetId);
}

/** How many more interfaces fit into a subnet. */
export function availableAddresses(
  target: TargetContext,
  region: string,
  subnet: SubnetDocument,
): number {
  const used = interfacesIn(target, region, subnet.SubnetId).length;
  return blockSize(parseBlock(subnet.CidrBlock)) - reservedAddresses - used;
}

function freeAddress(subnet: SubnetDocument, taken: readonly NetworkInterfaceDocument[]): string {
  const block = parseBlock(subnet.CidrBlock);
  const used = new Set(taken.map((candidate) => candidate.PrivateIpAddress));
  for (let offset = reservedAtStart; offset < blockSize(block) - 1; offset += 1) {
    const address = addressAt(block, offset);
    if (!used.has(address)) return address;
  }
  throw new ServiceError(
    "InsufficientFreeAddressesInSubnet",
    `The specified subnet does not have enough free addresses to satisfy the request.`,
  );
}

function macAddress(target: TargetContext): string {
  const bytes = Array.from({ length: 5 }, () => Math.floor(target.random() * 256));
  return ["02", ...bytes.map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}
