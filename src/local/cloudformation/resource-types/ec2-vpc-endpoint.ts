import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { callEc2, creation, updateTags } from "./ec2-call.ts";
import {
  changed,
  documentText,
  dropped,
  flag,
  pick,
  requiredText,
  text,
  texts,
} from "./properties.ts";

interface EndpointAnswer {
  readonly VpcEndpoints: readonly {
    readonly CreationTimestamp?: Date;
    readonly NetworkInterfaceIds?: readonly string[];
    readonly DnsEntries?: readonly { readonly DnsName?: string; readonly HostedZoneId?: string }[];
  }[];
}

async function describe(
  VpcEndpointId: string,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  const { VpcEndpoints } = await callEc2<EndpointAnswer>(context, "DescribeVpcEndpoints", {
    VpcEndpointIds: [VpcEndpointId],
  });
  const endpoint = VpcEndpoints[0];
  return {
    physicalId: VpcEndpointId,
    attributes: {
      Id: VpcEndpointId,
      CreationTimestamp: endpoint?.CreationTimestamp?.toISOString(),
      NetworkInterfaceIds: endpoint?.NetworkInterfaceIds ?? [],
      DnsEntries: (endpoint?.DnsEntries ?? []).map(
        ({ DnsName, HostedZoneId = "" }) => `${HostedZoneId}:${DnsName}`,
      ),
    },
  };
}

function settings(properties: Properties) {
  const PolicyDocument = documentText(properties, "PolicyDocument");
  const privateDns = flag(properties, "PrivateDnsEnabled");
  return {
    ...(PolicyDocument === undefined ? {} : { PolicyDocument }),
    ...(privateDns === undefined ? {} : { PrivateDnsEnabled: privateDns }),
  };
}

/** What a new endpoint has of these (EC2 API reference, CreateVpcEndpoint); gateways have no private names at all. */
function whenAbsent(properties: Properties) {
  return {
    PolicyDocument: { ResetPolicy: true },
    ...(text(properties, "VpcEndpointType") === "Interface"
      ? { PrivateDnsEnabled: { PrivateDnsEnabled: true } }
      : {}),
  };
}

function listChange(name: string, properties: Properties, previous: Properties) {
  const [wanted, had] = [texts(properties, name), texts(previous, name)];
  return {
    [`Add${name}`]: wanted.filter((id) => !had.includes(id)),
    [`Remove${name}`]: had.filter((id) => !wanted.includes(id)),
  };
}

export const vpcEndpoint: ResourceType = {
  type: "AWS::EC2::VPCEndpoint",
  async create(properties, context) {
    const { VpcEndpoint } = await callEc2<{ VpcEndpoint: { VpcEndpointId: string } }>(
      context,
      "CreateVpcEndpoint",
      {
        VpcId: requiredText(properties, "VpcId"),
        ...pick(properties, [
          "ServiceName",
          "VpcEndpointType",
          "RouteTableIds",
          "SubnetIds",
          "SecurityGroupIds",
          "IpAddressType",
        ]),
        ...settings(properties),
        ...creation("vpc-endpoint", properties, context),
      },
    );
    context.initiated?.(VpcEndpoint.VpcEndpointId);
    return describe(VpcEndpoint.VpcEndpointId, context);
  },
  async update(physicalId, properties, previous, context) {
    const lists = ["RouteTableIds", "SubnetIds", "SecurityGroupIds"];
    if (changed(properties, previous, [...lists, "PolicyDocument", "PrivateDnsEnabled"])) {
      await callEc2(context, "ModifyVpcEndpoint", {
        VpcEndpointId: physicalId,
        ...Object.assign({}, ...lists.map((name) => listChange(name, properties, previous))),
        ...settings(properties),
        ...Object.assign(
          {},
          ...Object.values(dropped(properties, previous, whenAbsent(properties))),
        ),
      });
    }
    await updateTags(physicalId, properties, previous, context);
    return describe(physicalId, context);
  },
  async delete(physicalId, _properties, context) {
    // One that is gone is only named in the answer.
    await callEc2(context, "DeleteVpcEndpoints", { VpcEndpointIds: [physicalId] });
  },
};
