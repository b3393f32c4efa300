import type { CfnResource, Stack } from "aws-cdk-lib/core";
import { Aws, CfnSecurityGroup, CfnVPCEndpoint } from "./cdk.ts";
import type { Endpoint } from "./endpoints.ts";
import type { NewVpc } from "./network.ts";

/** Endpoints of a new VPC. Interfaces stand in every zone of the instances and take HTTPS from them alone. */
export function createEndpoints(
  stack: Stack,
  network: NewVpc,
  endpoints: readonly Endpoint[],
): CfnResource[] {
  if (endpoints.length === 0) return [];
  const interfaces = endpoints.filter(({ kind }) => kind === "interface");
  const group = interfaces.length === 0 ? undefined : createSecurityGroup(stack, network);
  return endpoints.map(({ name, kind }) => {
    const common = {
      vpcId: network.vpc.ref,
      serviceName: `com.amazonaws.${Aws.REGION}.${name}`,
    };
    return kind === "gateway" || group === undefined
      ? new CfnVPCEndpoint(stack, endpointId(name), {
          ...common,
          vpcEndpointType: "Gateway",
          routeTableIds: network.routeTables.map((routes) => routes.ref),
        })
      : new CfnVPCEndpoint(stack, endpointId(name), {
          ...common,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: network.subnets.map((subnet) => subnet.ref),
          securityGroupIds: [group.attrGroupId],
        });
  });
}

/** `LogsEndpoint`, `KinesisStreamsEndpoint` */
function endpointId(name: string): string {
  const words = name.split(/[.-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Endpoint`;
}

function createSecurityGroup(stack: Stack, network: NewVpc) {
  return new CfnSecurityGroup(stack, "EndpointSecurityGroup", {
    vpcId: network.vpc.ref,
    groupDescription: `Endpoints of ${stack.stackName}: HTTPS from the instances`,
    securityGroupIngress: [
      {
        sourceSecurityGroupId: network.securityGroup.attrGroupId,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        description: "HTTPS from the instances",
      },
    ],
    tags: [{ key: "Name", value: `${stack.stackName}-endpoints` }],
  });
}
