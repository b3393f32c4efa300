import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { callEc2 } from "./ec2-call.ts";
import { flag, pick, requiredText, text } from "./properties.ts";
import { hasCode, unlessMissing } from "./repeatable.ts";

interface Association {
  readonly AssociationId: string;
}

interface VpcAnswer {
  readonly Vpcs: readonly {
    readonly CidrBlockAssociationSet?: readonly (Association & { readonly CidrBlock: string })[];
    readonly Ipv6CidrBlockAssociationSet?: readonly Association[];
  }[];
}

function described(Id: string, VpcId: string, isIpv6: boolean): ProvisionedResource {
  const ipv6 = isIpv6 ? { IpSource: "amazon", Ipv6AddressAttribute: "public" } : {};
  return { physicalId: `${Id}|${VpcId}`, attributes: { Id, ...ipv6 } };
}

const isIpv6 = (properties: Properties) => flag(properties, "AmazonProvidedIpv6CidrBlock") === true;

/** What is there already is what this resource made before a restart. */
async function associationId(properties: Properties, context: ResourceContext): Promise<string> {
  try {
    const made = await callEc2<{
      Ipv6CidrBlockAssociation?: Association;
      CidrBlockAssociation?: Association;
    }>(context, "AssociateVpcCidrBlock", {
      ...pick(properties, ["VpcId", "CidrBlock"]),
      ...(isIpv6(properties) ? { AmazonProvidedIpv6CidrBlock: true } : {}),
    });
    return (made.Ipv6CidrBlockAssociation ?? made.CidrBlockAssociation)?.AssociationId ?? "";
  } catch (error) {
    if (!hasCode(error, ["CidrLimitExceeded", "InvalidVpc.Conflict"])) throw error;
    const known = await existing(properties, context);
    if (known === undefined) throw error;
    return known.AssociationId;
  }
}

async function existing(
  properties: Properties,
  context: ResourceContext,
): Promise<Association | undefined> {
  const { Vpcs } = await callEc2<VpcAnswer>(context, "DescribeVpcs", {
    VpcIds: [requiredText(properties, "VpcId")],
  });
  if (isIpv6(properties)) return Vpcs[0]?.Ipv6CidrBlockAssociationSet?.[0];
  const wanted = text(properties, "CidrBlock");
  // The first one is the VPC's own.
  return Vpcs[0]?.CidrBlockAssociationSet?.slice(1).find(({ CidrBlock }) => CidrBlock === wanted);
}

export const vpcCidrBlock: ResourceType = {
  type: "AWS::EC2::VPCCidrBlock",
  create: async (properties, context) =>
    described(
      await associationId(properties, context),
      requiredText(properties, "VpcId"),
      isIpv6(properties),
    ),
  // Every property is part of its identity.
  update: async (physicalId, properties) => {
    const [id = "", vpcId = ""] = physicalId.split("|");
    return described(id, vpcId, isIpv6(properties));
  },
  changesAttributesOf: (properties) => requiredText(properties, "VpcId"),
  async delete(physicalId, _properties, context) {
    const [AssociationId] = physicalId.split("|");
    await unlessMissing(["InvalidVpcCidrBlockAssociationID.NotFound"], () =>
      callEc2(context, "DisassociateVpcCidrBlock", { AssociationId }),
    );
  },
};
