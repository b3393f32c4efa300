import type { Service, TargetContext } from "../../service.ts";
import { instanceOperations } from "./instances.ts";
import { internetGatewayOperations } from "./internet-gateways.ts";
import { natGatewayOperations } from "./nat-gateways.ts";
import { placeOperations } from "./places.ts";
import { routeTableOperations } from "./route-tables.ts";
import { securityGroupOperations } from "./security-groups.ts";
import { subnetOperations } from "./subnets.ts";
import { tagOperations } from "./tags.ts";
import { vpcBlockOperations } from "./vpc-blocks.ts";
import { vpcEndpointOperations } from "./vpc-endpoints.ts";
import { vpcOperations } from "./vpcs.ts";
import { vpnGatewayOperations } from "./vpn-gateways.ts";

/** EC2: the network that capacity providers live in, and the instances that Lambda launches there. No packets flow. */
export function createEc2Service(target: TargetContext): Service {
  return {
    name: "ec2",
    operations: {
      ...placeOperations,
      ...vpcOperations(target),
      ...vpcBlockOperations(target),
      ...subnetOperations(target),
      ...securityGroupOperations(target),
      ...routeTableOperations(target),
      ...internetGatewayOperations(target),
      ...natGatewayOperations(target),
      ...vpcEndpointOperations(target),
      ...vpnGatewayOperations,
      ...instanceOperations(target),
      ...tagOperations(target),
    },
  };
}
