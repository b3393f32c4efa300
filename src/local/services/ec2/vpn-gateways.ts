import type { DescribeVpnGatewaysRequest } from "@aws-sdk/client-ec2";
import type { Service } from "../../service.ts";
import { missing } from "./find.ts";

/** Nothing here makes a VPN gateway, so there are none: lookups of networks, as the CDK's, ask for them. */
export const vpnGatewayOperations: Service["operations"] = {
  async DescribeVpnGateways(input: DescribeVpnGatewaysRequest) {
    const [id] = input.VpnGatewayIds ?? [];
    if (id !== undefined) throw missing.vpnGateway(id);
    return { VpnGateways: [] };
  },
};
