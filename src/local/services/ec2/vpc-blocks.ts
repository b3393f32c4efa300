import type {
  AssociateVpcCidrBlockRequest,
  DisassociateVpcCidrBlockRequest,
} from "@aws-sdk/client-ec2";

import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { overlaps, parseBlock } from "./cidr.ts";
import { notFound } from "./creating.ts";
import { findVpc } from "./find.ts";
import { newIpv6Block } from "./ipv6-blocks.ts";
import { newId, openEc2Store, type VpcDocument } from "./store.ts";
import { checkBlock } from "./vpcs.ts";

/** Further blocks of a VPC: an IPv6 block of Amazon's, or one more IPv4 block. */
export function vpcBlockOperations(target: TargetContext): Record<string, Operation> {
  return {
    AssociateVpcCidrBlock: async (input: AssociateVpcCidrBlockRequest, context) =>
      associate(target, input, context),
    DisassociateVpcCidrBlock: async (input: DisassociateVpcCidrBlockRequest, context) =>
      disassociate(target, input, context),
  };
}

function associate(
  target: TargetContext,
  input: AssociateVpcCidrBlockRequest,
  { region }: CallContext,
) {
  const store = openEc2Store(target);
  const vpc = findVpc(store, region, input.VpcId);
  if (input.AmazonProvidedIpv6CidrBlock) {
    const { document, association } = withIpv6(target, vpc, region);
    store.vpcs.put(region, vpc.VpcId, document);
    return { VpcId: vpc.VpcId, Ipv6CidrBlockAssociation: association };
  }
  if (input.CidrBlock === undefined)
    throw new ServiceError(
      "NotImplemented",
      "The local target associates IPv4 blocks and IPv6 blocks that Amazon provides, none of pools.",
      { status: 501 },
    );
  const CidrBlock = checkBlock(input.CidrBlock, "InvalidVpc.Range");
  const blocks = vpc.CidrBlockAssociationSet ?? [];
  const taken = blocks.find((own) =>
    overlaps(parseBlock(own.CidrBlock ?? vpc.CidrBlock), parseBlock(CidrBlock)),
  );
  if (taken)
    throw new ServiceError(
      "InvalidVpc.Conflict",
      `The CIDR '${CidrBlock}' conflicts with another CIDR of the VPC: ${taken.CidrBlock}`,
    );
  const association = {
    AssociationId: newId(target, "vpc-cidr-assoc"),
    CidrBlock,
    CidrBlockState: { State: "associated" as const },
  };
  store.vpcs.put(region, vpc.VpcId, {
    ...vpc,
    CidrBlockAssociationSet: [...blocks, association],
  });
  return { VpcId: vpc.VpcId, CidrBlockAssociation: association };
}

/** One of Amazon's for each VPC, since the local target has one network border group (VPC user guide, vpc-cidr-blocks). */
function withIpv6(target: TargetContext, vpc: VpcDocument, region: string) {
  const before = vpc.Ipv6CidrBlockAssociationSet ?? [];
  if (before.length > 0)
    throw new ServiceError(
      "CidrLimitExceeded",
      `The VPC ${vpc.VpcId} has an IPv6 CIDR block that Amazon provides already: ${before[0]?.Ipv6CidrBlock}`,
    );
  const association = {
    AssociationId: newId(target, "vpc-cidr-assoc"),
    Ipv6CidrBlock: newIpv6Block(target),
    Ipv6CidrBlockState: { State: "associated" as const },
    NetworkBorderGroup: region,
    Ipv6Pool: "Amazon",
    Ipv6AddressAttribute: "public" as const,
    IpSource: "amazon" as const,
  };
  return { document: { ...vpc, Ipv6CidrBlockAssociationSet: [association] }, association };
}

function disassociate(
  target: TargetContext,
  { AssociationId = "" }: DisassociateVpcCidrBlockRequest,
  { region }: CallContext,
) {
  const store = openEc2Store(target);
  const vpc = store.vpcs
    .list(region)
    .find(
      ({ CidrBlockAssociationSet = [], Ipv6CidrBlockAssociationSet = [] }) =>
        CidrBlockAssociationSet.slice(1).some((own) => own.AssociationId === AssociationId) ||
        Ipv6CidrBlockAssociationSet.some((own) => own.AssociationId === AssociationId),
    );
  if (!vpc)
    throw notFound(
      "InvalidVpcCidrBlockAssociationID.NotFound",
      `The vpc CIDR block association ID '${AssociationId}' does not exist`,
    );
  refuseUsed(target, vpc, AssociationId, region);
  const { CidrBlockAssociationSet = [], Ipv6CidrBlockAssociationSet = [] } = vpc;
  const kept = (own: { AssociationId?: string }) => own.AssociationId !== AssociationId;
  store.vpcs.put(region, vpc.VpcId, {
    ...vpc,
    CidrBlockAssociationSet: CidrBlockAssociationSet.filter(kept),
    Ipv6CidrBlockAssociationSet: Ipv6CidrBlockAssociationSet.filter(kept),
  });
  const ipv4 = CidrBlockAssociationSet.find((own) => !kept(own));
  const ipv6 = Ipv6CidrBlockAssociationSet.find((own) => !kept(own));
  return {
    VpcId: vpc.VpcId,
    ...(ipv4
      ? { CidrBlockAssociation: { ...ipv4, CidrBlockState: { State: "disassociating" as const } } }
      : {}),
    ...(ipv6
      ? {
          Ipv6CidrBlockAssociation: {
            ...ipv6,
            Ipv6CidrBlockState: { State: "disassociating" as const },
          },
        }
      : {}),
  };
}

/** A block stays while subnets have parts of it. */
function refuseUsed(
  target: TargetContext,
  vpc: VpcDocument,
  associationId: string,
  region: string,
): void {
  const ipv4 = vpc.CidrBlockAssociationSet?.find((own) => own.AssociationId === associationId);
  const subnets = openEc2Store(target)
    .subnets.list(region)
    .filter(({ VpcId }) => VpcId === vpc.VpcId);
  const isUsed = subnets.some((subnet) =>
    ipv4?.CidrBlock === undefined
      ? (subnet.Ipv6CidrBlockAssociationSet ?? []).length > 0
      : overlaps(parseBlock(ipv4.CidrBlock), parseBlock(subnet.CidrBlock)),
  );
  if (isUsed)
    throw new ServiceError(
      "InvalidCidrBlock.InUse",
      `The vpc CIDR block with association ID ${associationId} may not be disassociated. It contains one or more subnets.`,
    );
}
