import { ServiceError } from "../../service-error.ts";
import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { callEc2, creation, updateTags } from "./ec2-call.ts";
import { pick, requiredText, text } from "./properties.ts";
import { hasCode, unlessMissing } from "./repeatable.ts";
import { waitFor } from "./waiting.ts";

function named(attribute: string, id: string): ProvisionedResource {
  return { physicalId: id, attributes: { [attribute]: id } };
}

export const internetGateway: ResourceType = {
  type: "AWS::EC2::InternetGateway",
  async create(properties, context) {
    const { InternetGateway } = await callEc2<{ InternetGateway: { InternetGatewayId: string } }>(
      context,
      "CreateInternetGateway",
      creation("internet-gateway", properties, context),
    );
    return named("InternetGatewayId", InternetGateway.InternetGatewayId);
  },
  async update(physicalId, properties, previous, context) {
    await updateTags(physicalId, properties, previous, context);
    return named("InternetGatewayId", physicalId);
  },
  async delete(physicalId, _properties, context) {
    await unlessMissing(["InvalidInternetGatewayID.NotFound"], () =>
      callEc2(context, "DeleteInternetGateway", { InternetGatewayId: physicalId }),
    );
  },
};

export const egressOnlyInternetGateway: ResourceType = {
  type: "AWS::EC2::EgressOnlyInternetGateway",
  async create(properties, context) {
    const answer = await callEc2<{
      EgressOnlyInternetGateway: { EgressOnlyInternetGatewayId: string };
    }>(context, "CreateEgressOnlyInternetGateway", {
      VpcId: requiredText(properties, "VpcId"),
      ...creation("egress-only-internet-gateway", properties, context),
    });
    return named("Id", answer.EgressOnlyInternetGateway.EgressOnlyInternetGatewayId);
  },
  async update(physicalId, properties, previous, context) {
    await updateTags(physicalId, properties, previous, context);
    return named("Id", physicalId);
  },
  async delete(physicalId, _properties, context) {
    await unlessMissing(["InvalidGatewayID.NotFound"], () =>
      callEc2(context, "DeleteEgressOnlyInternetGateway", {
        EgressOnlyInternetGatewayId: physicalId,
      }),
    );
  },
};

/** An attachment that is there already is the one that this resource made before a restart, or stands for. */
async function attach(
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const VpcId = requiredText(properties, "VpcId");
  const InternetGatewayId = text(properties, "InternetGatewayId");
  if (InternetGatewayId === undefined) {
    throw new ServiceError("NotImplemented", "The local target has no VPN gateways.");
  }
  try {
    await callEc2(context, "AttachInternetGateway", { InternetGatewayId, VpcId });
  } catch (error) {
    if (!hasCode(error, ["Resource.AlreadyAssociated"])) throw error;
    const { InternetGateways } = await callEc2<{
      InternetGateways: { Attachments: { VpcId: string }[] }[];
    }>(context, "DescribeInternetGateways", { InternetGatewayIds: [InternetGatewayId] });
    if (InternetGateways[0]?.Attachments[0]?.VpcId !== VpcId) throw error;
  }
  return { physicalId: `IGW|${VpcId}`, attributes: { AttachmentType: "IGW" } };
}

async function detach(properties: Properties, context: ResourceContext): Promise<void> {
  await unlessMissing(["Gateway.NotAttached", "InvalidInternetGatewayID.NotFound"], () =>
    callEc2(context, "DetachInternetGateway", pick(properties, ["InternetGatewayId", "VpcId"])),
  );
}

export const vpcGatewayAttachment: ResourceType = {
  type: "AWS::EC2::VPCGatewayAttachment",
  create: attach,
  async update(_physicalId, properties, previous, context) {
    if (text(properties, "InternetGatewayId") !== text(previous, "InternetGatewayId"))
      await detach(previous, context);
    return attach(properties, context);
  },
  delete: (_physicalId, properties, context) => detach(properties, context),
};

async function allocationOf(
  PublicIp: string,
  context: ResourceContext,
): Promise<string | undefined> {
  const answer = await unlessMissing(["InvalidAddress.NotFound"], () =>
    callEc2<{ Addresses: { AllocationId: string }[] }>(context, "DescribeAddresses", {
      PublicIps: [PublicIp],
    }),
  );
  return answer?.Addresses[0]?.AllocationId;
}

export const eip: ResourceType = {
  type: "AWS::EC2::EIP",
  async create(properties, context) {
    const { AllocationId, PublicIp } = await callEc2<{ AllocationId: string; PublicIp: string }>(
      context,
      "AllocateAddress",
      { Domain: "vpc", ...creation("elastic-ip", properties, context) },
    );
    return { physicalId: PublicIp, attributes: { AllocationId, PublicIp } };
  },
  async update(physicalId, properties, previous, context) {
    const AllocationId = await allocationOf(physicalId, context);
    if (AllocationId) await updateTags(AllocationId, properties, previous, context);
    return { physicalId, attributes: { AllocationId, PublicIp: physicalId } };
  },
  async delete(physicalId, _properties, context) {
    const AllocationId = await allocationOf(physicalId, context);
    if (AllocationId) await callEc2(context, "ReleaseAddress", { AllocationId });
  },
};

interface NatAnswer {
  readonly NatGateways: readonly {
    readonly State: string;
    readonly FailureMessage?: string;
    readonly NatGatewayAddresses?: readonly { readonly NetworkInterfaceId?: string }[];
  }[];
}

function natUntil(wanted: string, NatGatewayId: string, context: ResourceContext) {
  return waitFor(context, `NAT gateway ${NatGatewayId}`, async () => {
    const { NatGateways } = await callEc2<NatAnswer>(context, "DescribeNatGateways", {
      NatGatewayIds: [NatGatewayId],
    });
    const gateway = NatGateways[0];
    if (gateway?.State === "failed") {
      throw new ServiceError(
        "NotStabilized",
        `NatGateway ${NatGatewayId} is in state failed and hence failed to stabilize. Detailed failure message: ${gateway.FailureMessage}`,
      );
    }
    return gateway?.State === wanted ? gateway : undefined;
  });
}

async function describeNat(
  NatGatewayId: string,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const gateway = await natUntil("available", NatGatewayId, context);
  const EniId = gateway.NatGatewayAddresses?.[0]?.NetworkInterfaceId;
  return { physicalId: NatGatewayId, attributes: { NatGatewayId, EniId } };
}

export const natGateway: ResourceType = {
  type: "AWS::EC2::NatGateway",
  async create(properties, context) {
    const { NatGateway } = await callEc2<{ NatGateway: { NatGatewayId: string } }>(
      context,
      "CreateNatGateway",
      {
        ...pick(properties, ["SubnetId", "AllocationId", "ConnectivityType", "PrivateIpAddress"]),
        ...creation("natgateway", properties, context),
      },
    );
    context.initiated?.(NatGateway.NatGatewayId);
    return describeNat(NatGateway.NatGatewayId, context);
  },
  async update(physicalId, properties, previous, context) {
    await updateTags(physicalId, properties, previous, context);
    return describeNat(physicalId, context);
  },
  async delete(physicalId, _properties, context) {
    await unlessMissing(["NatGatewayNotFound"], async () => {
      await callEc2(context, "DeleteNatGateway", { NatGatewayId: physicalId });
      await natUntil("deleted", physicalId, context);
    });
  },
};
