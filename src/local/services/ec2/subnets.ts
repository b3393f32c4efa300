import type {
  CreateSubnetRequest,
  DeleteSubnetRequest,
  DescribeSubnetsRequest,
  ModifySubnetAttributeRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { contains, overlaps, parseBlock } from "./cidr.ts";
import { byIds, createOnce, dependencyViolation, tagsFor } from "./creating.ts";
import { select } from "./describe.ts";
import { findSubnet, findVpc, missing } from "./find.ts";
import { availableAddresses, interfacesIn } from "./network-interfaces.ts";
import type { Zone } from "./places.ts";
import { zonesOf } from "./places.ts";
import { containsIpv6, readIpv6Block } from "./ipv6-blocks.ts";
import type { SubnetDocument, VpcDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";
import { checkBlock } from "./vpcs.ts";

function zoneFor(input: CreateSubnetRequest, region: string): Zone {
  const zones = zonesOf(region);
  const asked = input.AvailabilityZone ?? input.AvailabilityZoneId;
  const zone =
    asked === undefined ? zones[0] : zones.find(({ name, id }) => name === asked || id === asked);
  if (zone) return zone;
  throw new ServiceError(
    "InvalidParameterValue",
    `Value (${asked}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${zones.map(({ name }) => name).join(", ")}.`,
  );
}

function createSubnet(
  target: TargetContext,
  input: CreateSubnetRequest,
  { region }: CallContext,
): SubnetDocument {
  const store = openEc2Store(target);
  const vpc = findVpc(store, region, input.VpcId);
  const CidrBlock = checkBlock(input.CidrBlock, "InvalidSubnet.Range");
  const zone = zoneFor(input, region);
  const tags = tagsFor("subnet", input.TagSpecifications);
  return createOnce(target, region, store.subnets, input, () => {
    const block = parseBlock(CidrBlock);
    const blocks = vpc.CidrBlockAssociationSet ?? [];
    if (!blocks.some((own) => contains(parseBlock(own.CidrBlock ?? vpc.CidrBlock), block))) {
      throw new ServiceError("InvalidSubnet.Range", `The CIDR '${CidrBlock}' is invalid.`);
    }
    const others = store.subnets.list(region).filter((subnet) => subnet.VpcId === vpc.VpcId);
    if (others.some((subnet) => overlaps(parseBlock(subnet.CidrBlock), block))) {
      throw new ServiceError(
        "InvalidSubnet.Conflict",
        `The CIDR '${CidrBlock}' conflicts with another subnet`,
      );
    }
    const SubnetId = newId(target, "subnet");
    const document: SubnetDocument = {
      SubnetId,
      SubnetArn: `arn:aws:ec2:${region}:${target.accountId}:subnet/${SubnetId}`,
      VpcId: vpc.VpcId,
      CidrBlock,
      AvailabilityZone: zone.name,
      AvailabilityZoneId: zone.id,
      AssignIpv6AddressOnCreation: false,
      DefaultForAz: false,
      EnableDns64: false,
      Ipv6CidrBlockAssociationSet: ipv6Blocks(target, vpc, others, input.Ipv6CidrBlock),
      Ipv6Native: false,
      MapPublicIpOnLaunch: false,
      OwnerId: target.accountId,
      PrivateDnsNameOptionsOnLaunch: {
        HostnameType: "ip-name",
        EnableResourceNameDnsARecord: false,
        EnableResourceNameDnsAAAARecord: false,
      },
      State: "available",
      Tags: tags,
    };
    return { id: SubnetId, document };
  });
}

/** A subnet takes a /64 of its VPC's range that no other subnet has (VPC user guide, subnet-sizing). */
function ipv6Blocks(
  target: TargetContext,
  vpc: VpcDocument,
  others: readonly SubnetDocument[],
  text: string | undefined,
): NonNullable<SubnetDocument["Ipv6CidrBlockAssociationSet"]> {
  if (text === undefined) return [];
  const block = readIpv6Block(text);
  const own = (vpc.Ipv6CidrBlockAssociationSet ?? []).flatMap(
    ({ Ipv6CidrBlock = "" }) => readIpv6Block(Ipv6CidrBlock) ?? [],
  );
  if (block?.prefix !== 64 || !own.some((range) => containsIpv6(range, block)))
    throw new ServiceError("InvalidSubnet.Range", `The CIDR '${text}' is invalid.`);
  const isTaken = others
    .flatMap(({ Ipv6CidrBlockAssociationSet = [] }) => Ipv6CidrBlockAssociationSet)
    .some(({ Ipv6CidrBlock = "" }) => {
      const other = readIpv6Block(Ipv6CidrBlock);
      return other !== undefined && containsIpv6(other, block);
    });
  if (isTaken)
    throw new ServiceError(
      "InvalidSubnet.Conflict",
      `The CIDR '${text}' conflicts with another subnet`,
    );
  return [
    {
      AssociationId: newId(target, "subnet-cidr-assoc"),
      Ipv6CidrBlock: text,
      Ipv6CidrBlockState: { State: "associated" },
    },
  ];
}

function deleteSubnet(
  target: TargetContext,
  input: DeleteSubnetRequest,
  { region }: CallContext,
): void {
  target.state.transaction(() => {
    const store = openEc2Store(target);
    const { SubnetId } = findSubnet(store, region, input.SubnetId);
    if (interfacesIn(target, region, SubnetId).length > 0) {
      throw dependencyViolation(`The subnet '${SubnetId}' has dependencies and cannot be deleted.`);
    }
    for (const table of store.routeTables.list(region)) {
      const Associations = table.Associations.filter(
        (association) => association.SubnetId !== SubnetId,
      );
      if (Associations.length < table.Associations.length) {
        store.routeTables.put(region, table.RouteTableId, { ...table, Associations });
      }
    }
    store.subnets.delete(region, SubnetId);
  });
}

function modifyAttribute(
  target: TargetContext,
  input: ModifySubnetAttributeRequest,
  { region }: CallContext,
): void {
  const store = openEc2Store(target);
  const subnet = findSubnet(store, region, input.SubnetId);
  store.subnets.put(region, subnet.SubnetId, {
    ...subnet,
    AssignIpv6AddressOnCreation:
      input.AssignIpv6AddressOnCreation?.Value ?? subnet.AssignIpv6AddressOnCreation,
    EnableDns64: input.EnableDns64?.Value ?? subnet.EnableDns64,
    MapPublicIpOnLaunch: input.MapPublicIpOnLaunch?.Value ?? subnet.MapPublicIpOnLaunch,
    PrivateDnsNameOptionsOnLaunch: privateNames(subnet, input),
  });
}

function privateNames(subnet: SubnetDocument, input: ModifySubnetAttributeRequest) {
  const had = subnet.PrivateDnsNameOptionsOnLaunch;
  return {
    HostnameType: input.PrivateDnsHostnameTypeOnLaunch ?? had?.HostnameType,
    EnableResourceNameDnsARecord:
      input.EnableResourceNameDnsARecordOnLaunch?.Value ?? had?.EnableResourceNameDnsARecord,
    EnableResourceNameDnsAAAARecord:
      input.EnableResourceNameDnsAAAARecordOnLaunch?.Value ?? had?.EnableResourceNameDnsAAAARecord,
  };
}

export function subnetOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);

  function shape(region: string, subnet: SubnetDocument) {
    return { ...subnet, AvailableIpAddressCount: availableAddresses(target, region, subnet) };
  }

  return {
    async CreateSubnet(input: CreateSubnetRequest, context) {
      return { Subnet: shape(context.region, createSubnet(target, input, context)) };
    },
    async DeleteSubnet(input: DeleteSubnetRequest, context) {
      deleteSubnet(target, input, context);
      return {};
    },
    async DescribeSubnets(input: DescribeSubnetsRequest, { region }) {
      const { items, ...rest } = select(
        byIds(store.subnets, region, input.SubnetIds, missing.subnet),
        input,
        {
          idOf: (subnet) => subnet.SubnetId,
          tagsOf: (subnet) => subnet.Tags,
          readers: {
            "subnet-id": (subnet) => subnet.SubnetId,
            "subnet-arn": (subnet) => subnet.SubnetArn,
            "vpc-id": (subnet) => subnet.VpcId,
            "availability-zone": (subnet) => subnet.AvailabilityZone,
            "availability-zone-id": (subnet) => subnet.AvailabilityZoneId,
            cidr: (subnet) => subnet.CidrBlock,
            "cidr-block": (subnet) => subnet.CidrBlock,
            "default-for-az": (subnet) => subnet.DefaultForAz,
            "map-public-ip-on-launch": (subnet) => subnet.MapPublicIpOnLaunch,
            "owner-id": (subnet) => subnet.OwnerId,
            state: (subnet) => subnet.State,
          },
        },
      );
      return { Subnets: items.map((subnet) => shape(region, subnet)), ...rest };
    },
    async ModifySubnetAttribute(input: ModifySubnetAttributeRequest, context) {
      modifyAttribute(target, input, context);
      return {};
    },
  };
}
