import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import { callEc2 } from "./ec2-call.ts";
import { pick, requiredText, text } from "./properties.ts";
import { unlessMissing } from "./repeatable.ts";

const destinations = [
  "DestinationCidrBlock",
  "DestinationIpv6CidrBlock",
  "DestinationPrefixListId",
];
const targets = [
  "GatewayId",
  "NatGatewayId",
  "EgressOnlyInternetGatewayId",
  "NetworkInterfaceId",
  "InstanceId",
];

function destination(properties: Properties): string {
  return (
    destinations.map((name) => text(properties, name)).find((value) => value !== undefined) ?? ""
  );
}

function describe(properties: Properties): ProvisionedResource {
  const CidrBlock = destination(properties);
  return {
    physicalId: `${requiredText(properties, "RouteTableId")}|${CidrBlock}`,
    attributes: { CidrBlock },
  };
}

async function put(
  operation: string,
  properties: Properties,
  context: ResourceContext,
): Promise<ProvisionedResource> {
  await callEc2(
    context,
    operation,
    pick(properties, ["RouteTableId", ...destinations, ...targets]),
  );
  return describe(properties);
}

export const route: ResourceType = {
  type: "AWS::EC2::Route",
  create: (properties, context) => put("CreateRoute", properties, context),
  update: (_physicalId, properties, _previous, context) => put("ReplaceRoute", properties, context),
  async delete(_physicalId, properties, context) {
    await unlessMissing(["InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"], () =>
      callEc2(context, "DeleteRoute", pick(properties, ["RouteTableId", ...destinations])),
    );
  },
};
