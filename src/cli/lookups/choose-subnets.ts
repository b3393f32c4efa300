import type { SubnetDescription, VpcDescription } from "../../aws/ports.ts";
import { leastAddresses } from "../../synth/given-network.ts";
import type { NetworkSettings } from "../../synth/settings.ts";

/** Routes that each kind of egress can use, the best first. */
const wantedRoutes: Readonly<
  Record<NetworkSettings["egress"], readonly SubnetDescription["route"][]>
> = {
  nat: ["nat", "internet"],
  public: ["internet"],
  endpoints: ["none", "nat"],
  none: ["none", "nat"],
};

export function hasRoom({ freeAddresses }: SubnetDescription): boolean {
  return freeAddresses >= leastAddresses;
}

/**
 * Subnets for the instances: one in each of `azs` zones, by the route that egress asks for, the roomiest of a zone
 * first, none without room for an instance and its replacement. Fewer than `azs` where the VPC has no more such zones; empty where it has none.
 */
export function chooseSubnets(
  { subnets }: VpcDescription,
  { egress, azs }: Pick<NetworkSettings, "egress" | "azs">,
): SubnetDescription[] {
  const chosen = new Map<string, SubnetDescription>();
  for (const route of wantedRoutes[egress]) {
    const fitting = subnets
      .filter((subnet) => subnet.route === route && hasRoom(subnet))
      .toSorted(
        (one, other) =>
          other.freeAddresses - one.freeAddresses || one.subnetId.localeCompare(other.subnetId),
      );
    for (const subnet of fitting) {
      if (!chosen.has(subnet.availabilityZone)) chosen.set(subnet.availabilityZone, subnet);
    }
    // Zones of a worse route do not mix with those of a better one.
    if (chosen.size > 0) break;
  }
  return [...chosen.values()]
    .toSorted((one, other) => one.availabilityZone.localeCompare(other.availabilityZone))
    .slice(0, azs);
}
