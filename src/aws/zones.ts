import type { Connection } from "./connection.ts";
import type { Ec2 } from "./ec2-client.ts";
import { explained } from "./explain.ts";
import type { Zones } from "./ports.ts";

export function createZones(connection: Connection, ec2: () => Promise<Ec2>): Zones {
  const { target } = connection;
  return {
    names: () => explained(target, async () => names(await ec2())),
    offered: (types) => explained(target, async () => offered(types, await ec2())),
  };
}

async function names({ sdk, client }: Ec2): Promise<string[]> {
  const command = new sdk.DescribeAvailabilityZonesCommand({
    Filters: [
      { Name: "state", Values: ["available"] },
      // No local zones and no wavelength zones: Fn::GetAZs gives none.
      { Name: "opt-in-status", Values: ["opt-in-not-required"] },
    ],
  });
  const { AvailabilityZones = [] } = await client.send(command);
  return AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).toSorted();
}

/** A filter takes at most 200 values (EC2 API reference, "Filter"). */
const valuesAtOnce = 200;

async function offered(
  types: readonly string[],
  ec2: Ec2,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const byZone = new Map<string, string[]>();
  for (let start = 0; start < types.length; start += valuesAtOnce) {
    const asked = {
      LocationType: "availability-zone" as const,
      Filters: [{ Name: "instance-type", Values: types.slice(start, start + valuesAtOnce) }],
    };
    const pages = ec2.sdk.paginateDescribeInstanceTypeOfferings({ client: ec2.client }, asked);
    for await (const { InstanceTypeOfferings = [] } of pages)
      for (const { Location = "", InstanceType = "" } of InstanceTypeOfferings)
        byZone.set(Location, [...(byZone.get(Location) ?? []), InstanceType]);
  }
  return byZone;
}
