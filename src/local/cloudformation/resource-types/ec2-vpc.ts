import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { callEc2, creation, updateTags } from "./ec2-call.ts";
import { changed, flag, object, pick, requiredText, text } from "./properties.ts";
import { unlessMissing } from "./repeatable.ts";

async function describeVpc(VpcId: string, context: ResourceContext): Promise<ProvisionedResource> {
  const { Vpcs } = await callEc2<{
    Vpcs: {
      CidrBlock: string;
      CidrBlockAssociationSet?: { AssociationId: string }[];
      Ipv6CidrBlockAssociationSet?: { Ipv6CidrBlock: string }[];
    }[];
  }>(context, "DescribeVpcs", { VpcIds: [VpcId] });
  const { SecurityGroups } = await callEc2<{ SecurityGroups: { GroupId: string }[] }>(
    context,
    "DescribeSecurityGroups",
    {
      Filters: [
        { Name: "vpc-id", Values: [VpcId] },
        { Name: "group-name", Values: ["default"] },
      ],
    },
  );
  return {
    physicalId: VpcId,
    attributes: {
      VpcId,
      CidrBlock: Vpcs[0]?.CidrBlock,
      CidrBlockAssociations: (Vpcs[0]?.CidrBlockAssociationSet ?? []).map(
        ({ AssociationId }) => AssociationId,
      ),
      DefaultSecurityGroup: SecurityGroups[0]?.GroupId,
      // The local target has no network ACLs; this is only an id.
      DefaultNetworkAcl: VpcId.replace(/^vpc-/, "acl-"),
      Ipv6CidrBlocks: (Vpcs[0]?.Ipv6CidrBlockAssociationSet ?? []).map(
        ({ Ipv6CidrBlock }) => Ipv6CidrBlock,
      ),
    },
  };
}

async function putVpcAttributes(VpcId: string, properties: Properties, context: ResourceContext) {
  const support = flag(properties, "EnableDnsSupport") ?? true;
  const hostnames = flag(properties, "EnableDnsHostnames") ?? false;
  // One attribute a request, as on AWS.
  await callEc2(context, "ModifyVpcAttribute", { VpcId, EnableDnsSupport: { Value: support } });
  await callEc2(context, "ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: hostnames } });
}

export const vpc: ResourceType = {
  type: "AWS::EC2::VPC",
  // Template reference, AWS::EC2::VPC InstanceTenancy: only from dedicated to default is in place.
  replaces: (previous, properties) =>
    text(properties, "InstanceTenancy") === "dedicated" &&
    text(previous, "InstanceTenancy") !== "dedicated",
  async create(properties, context) {
    const { Vpc } = await callEc2<{ Vpc: { VpcId: string } }>(context, "CreateVpc", {
      ...pick(properties, ["CidrBlock", "InstanceTenancy"]),
      ...creation("vpc", properties, context),
    });
    context.initiated?.(Vpc.VpcId);
    await putVpcAttributes(Vpc.VpcId, properties, context);
    return describeVpc(Vpc.VpcId, context);
  },
  async update(physicalId, properties, previous, context) {
    if (changed(properties, previous, ["EnableDnsSupport", "EnableDnsHostnames"])) {
      await putVpcAttributes(physicalId, properties, context);
    }
    await updateTags(physicalId, properties, previous, context);
    return describeVpc(physicalId, context);
  },
  describe: describeVpc,
  async delete(physicalId, _properties, context) {
    await unlessMissing(["InvalidVpcID.NotFound"], () =>
      callEc2(context, "DeleteVpc", { VpcId: physicalId }),
    );
  },
};

const flags = ["MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64"];

async function putSubnetAttributes(
  SubnetId: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  for (const name of flags.filter((candidate) => changed(properties, previous, [candidate]))) {
    // One attribute a request, as on AWS.
    await callEc2(context, "ModifySubnetAttribute", {
      SubnetId,
      [name]: { Value: flag(properties, name) ?? false },
    });
  }
  if (!changed(properties, previous, ["PrivateDnsNameOptionsOnLaunch"])) return;
  const names = object(properties, "PrivateDnsNameOptionsOnLaunch");
  await callEc2(context, "ModifySubnetAttribute", {
    SubnetId,
    PrivateDnsHostnameTypeOnLaunch: text(names, "HostnameType") ?? "ip-name",
    EnableResourceNameDnsARecordOnLaunch: {
      Value: flag(names, "EnableResourceNameDnsARecord") ?? false,
    },
    EnableResourceNameDnsAAAARecordOnLaunch: {
      Value: flag(names, "EnableResourceNameDnsAAAARecord") ?? false,
    },
  });
}

async function describeSubnet(
  SubnetId: string,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const { Subnets } = await callEc2<{ Subnets: Properties[] }>(context, "DescribeSubnets", {
    SubnetIds: [SubnetId],
  });
  return {
    physicalId: SubnetId,
    attributes: {
      ...pick(Subnets[0] ?? {}, [
        "VpcId",
        "AvailabilityZone",
        "AvailabilityZoneId",
        "CidrBlock",
        "SubnetId",
      ]),
      NetworkAclAssociationId: SubnetId.replace(/^subnet-/, "aclassoc-"),
      Ipv6CidrBlocks: ipv6BlocksOf(Subnets[0] ?? {}),
    },
  };
}

function ipv6BlocksOf({ Ipv6CidrBlockAssociationSet: set }: Properties): string[] {
  const blocks = Array.isArray(set) ? (set as readonly Properties[]) : [];
  return blocks.flatMap((block) => text(block, "Ipv6CidrBlock") ?? []);
}

export const subnet: ResourceType = {
  type: "AWS::EC2::Subnet",
  async create(properties, context) {
    const { Subnet } = await callEc2<{ Subnet: { SubnetId: string } }>(context, "CreateSubnet", {
      ...pick(properties, [
        "VpcId",
        "CidrBlock",
        "Ipv6CidrBlock",
        "AvailabilityZone",
        "AvailabilityZoneId",
      ]),
      ...creation("subnet", properties, context),
    });
    context.initiated?.(Subnet.SubnetId);
    await putSubnetAttributes(Subnet.SubnetId, properties, {}, context);
    return describeSubnet(Subnet.SubnetId, context);
  },
  async update(physicalId, properties, previous, context) {
    await putSubnetAttributes(physicalId, properties, previous, context);
    await updateTags(physicalId, properties, previous, context);
    return describeSubnet(physicalId, context);
  },
  async delete(physicalId, _properties, context) {
    await unlessMissing(["InvalidSubnetID.NotFound"], () =>
      callEc2(context, "DeleteSubnet", { SubnetId: physicalId }),
    );
  },
};

export const routeTable: ResourceType = {
  type: "AWS::EC2::RouteTable",
  async create(properties, context) {
    const { RouteTable } = await callEc2<{ RouteTable: { RouteTableId: string } }>(
      context,
      "CreateRouteTable",
      {
        VpcId: requiredText(properties, "VpcId"),
        ...creation("route-table", properties, context),
      },
    );
    return {
      physicalId: RouteTable.RouteTableId,
      attributes: { RouteTableId: RouteTable.RouteTableId },
    };
  },
  async update(physicalId, properties, previous, context) {
    await updateTags(physicalId, properties, previous, context);
    return { physicalId, attributes: { RouteTableId: physicalId } };
  },
  async delete(physicalId, _properties, context) {
    await unlessMissing(["InvalidRouteTableID.NotFound"], () =>
      callEc2(context, "DeleteRouteTable", { RouteTableId: physicalId }),
    );
  },
};

export const subnetRouteTableAssociation: ResourceType = {
  type: "AWS::EC2::SubnetRouteTableAssociation",
  async create(properties, context) {
    const { AssociationId } = await callEc2<{ AssociationId: string }>(
      context,
      "AssociateRouteTable",
      pick(properties, ["RouteTableId", "SubnetId"]),
    );
    return { physicalId: AssociationId, attributes: { Id: AssociationId } };
  },
  // Both properties are part of its identity.
  update: async (physicalId) => ({ physicalId, attributes: { Id: physicalId } }),
  async delete(physicalId, _properties, context) {
    await unlessMissing(["InvalidAssociationID.NotFound"], () =>
      callEc2(context, "DisassociateRouteTable", { AssociationId: physicalId }),
    );
  },
};
