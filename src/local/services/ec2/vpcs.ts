import type {
  Tenancy,
  CreateVpcRequest,
  DeleteVpcRequest,
  DescribeVpcAttributeRequest,
  DescribeVpcsRequest,
  ModifyVpcAttributeRequest,
} from "@aws-sdk/client-ec2";

import { own } from "../../own.ts";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { blockText, readBlock } from "./cidr.ts";
import { byIds, createOnce, dependencyViolation, tagsFor } from "./creating.ts";
import { select } from "./describe.ts";
import { findVpc, missing } from "./find.ts";
import { mainRouteTable } from "./route-tables.ts";
import { defaultSecurityGroup } from "./security-groups.ts";
import type { Ec2Store, VpcDocument } from "./store.ts";
import { newId, openEc2Store } from "./store.ts";

/** A VPC's block is between /16 and /28 (VPC user guide, "VPC CIDR blocks"). */
export function checkBlock(text: string | undefined, code: string): string {
  const block = readBlock(text ?? "");
  if (!block) {
    throw new ServiceError(
      "InvalidParameterValue",
      `Value (${text ?? ""}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    );
  }
  if (block.prefix < 16 || block.prefix > 28)
    throw new ServiceError(code, `The CIDR '${text}' is invalid.`);
  return blockText(block);
}

/** EC2 API reference, CreateVpc. */
function tenancyOf({ InstanceTenancy = "default" }: CreateVpcRequest): Tenancy {
  if (["default", "dedicated", "host"].includes(InstanceTenancy)) return InstanceTenancy;
  throw new ServiceError(
    "InvalidParameterValue",
    `Value (${InstanceTenancy}) for parameter instanceTenancy is invalid.`,
  );
}

function createVpc(
  target: TargetContext,
  input: CreateVpcRequest,
  { region }: CallContext,
): VpcDocument {
  const store = openEc2Store(target);
  const CidrBlock = checkBlock(input.CidrBlock, "InvalidVpc.Range");
  const tags = tagsFor("vpc", input.TagSpecifications);
  return createOnce(target, region, store.vpcs, input, () => {
    const VpcId = newId(target, "vpc");
    const group = defaultSecurityGroup(target, VpcId);
    const table = mainRouteTable(target, VpcId, CidrBlock);
    store.securityGroups.put(region, group.GroupId, group);
    store.routeTables.put(region, table.RouteTableId, table);
    const document: VpcDocument = {
      VpcId,
      CidrBlock,
      CidrBlockAssociationSet: [
        {
          AssociationId: newId(target, "vpc-cidr-assoc"),
          CidrBlock,
          CidrBlockState: { State: "associated" },
        },
      ],
      DhcpOptionsId: "default",
      EnableDnsHostnames: false,
      EnableDnsSupport: true,
      InstanceTenancy: tenancyOf(input),
      IsDefault: false,
      OwnerId: target.accountId,
      State: "available",
      Tags: tags,
    };
    return { id: VpcId, document };
  });
}

/** What keeps a VPC from being deleted; its default group and main route table go with it. */
function hasDependents(store: Ec2Store, region: string, vpcId: string): boolean {
  const inVpc = (document: { VpcId?: string | undefined }) => document.VpcId === vpcId;
  return (
    store.subnets.list(region).some(inVpc) ||
    store.networkInterfaces.list(region).some(inVpc) ||
    store.vpcEndpoints.list(region).some((endpoint) => inVpc(endpoint)) ||
    store.internetGateways.list(region).some((gateway) => gateway.Attachments.some(inVpc)) ||
    store.egressOnlyGateways.list(region).some((gateway) => gateway.Attachments.some(inVpc)) ||
    store.securityGroups
      .list(region)
      .some((group) => inVpc(group) && group.GroupName !== "default") ||
    store.routeTables
      .list(region)
      .some((table) => inVpc(table) && !table.Associations.some(({ Main }) => Main))
  );
}

function deleteVpc(target: TargetContext, input: DeleteVpcRequest, { region }: CallContext): void {
  target.state.transaction(() => {
    const store = openEc2Store(target);
    const { VpcId } = findVpc(store, region, input.VpcId);
    if (hasDependents(store, region, VpcId)) {
      throw dependencyViolation(`The vpc '${VpcId}' has dependencies and cannot be deleted.`);
    }
    for (const group of store.securityGroups
      .list(region)
      .filter((candidate) => candidate.VpcId === VpcId)) {
      store.securityGroups.delete(region, group.GroupId);
    }
    for (const table of store.routeTables
      .list(region)
      .filter((candidate) => candidate.VpcId === VpcId)) {
      store.routeTables.delete(region, table.RouteTableId);
    }
    store.vpcs.delete(region, VpcId);
  });
}

function modifyAttribute(
  target: TargetContext,
  input: ModifyVpcAttributeRequest,
  { region }: CallContext,
): void {
  const store = openEc2Store(target);
  const vpc = findVpc(store, region, input.VpcId);
  store.vpcs.put(region, vpc.VpcId, {
    ...vpc,
    EnableDnsHostnames: input.EnableDnsHostnames?.Value ?? vpc.EnableDnsHostnames,
    EnableDnsSupport: input.EnableDnsSupport?.Value ?? vpc.EnableDnsSupport,
  });
}

export function vpcOperations(target: TargetContext): Record<string, Operation> {
  const store = openEc2Store(target);
  return {
    CreateVpc: async (input: CreateVpcRequest, context) => ({
      Vpc: createVpc(target, input, context),
    }),
    async DeleteVpc(input: DeleteVpcRequest, context) {
      deleteVpc(target, input, context);
      return {};
    },
    async DescribeVpcs(input: DescribeVpcsRequest, { region }) {
      const { items, ...rest } = select(
        byIds(store.vpcs, region, input.VpcIds, missing.vpc),
        input,
        {
          idOf: (vpc) => vpc.VpcId,
          tagsOf: (vpc) => vpc.Tags,
          readers: {
            "vpc-id": (vpc) => vpc.VpcId,
            cidr: (vpc) => vpc.CidrBlock,
            "cidr-block-association.cidr-block": (vpc) => vpc.CidrBlock,
            "is-default": (vpc) => vpc.IsDefault,
            "owner-id": (vpc) => vpc.OwnerId,
            state: (vpc) => vpc.State,
          },
        },
      );
      return { Vpcs: items, ...rest };
    },
    async ModifyVpcAttribute(input: ModifyVpcAttributeRequest, context) {
      modifyAttribute(target, input, context);
      return {};
    },
    async DescribeVpcAttribute(input: DescribeVpcAttributeRequest, { region }) {
      const vpc = findVpc(store, region, input.VpcId);
      const values: Readonly<Record<string, object>> = {
        enableDnsSupport: { EnableDnsSupport: { Value: vpc.EnableDnsSupport } },
        enableDnsHostnames: { EnableDnsHostnames: { Value: vpc.EnableDnsHostnames } },
        enableNetworkAddressUsageMetrics: { EnableNetworkAddressUsageMetrics: { Value: false } },
      };
      const { Attribute = "" } = input;
      const value = own(values, Attribute);
      if (!value)
        throw new ServiceError(
          "InvalidParameterValue",
          `Invalid value '${Attribute}' for Attribute.`,
        );
      return { VpcId: vpc.VpcId, ...value };
    },
  };
}
