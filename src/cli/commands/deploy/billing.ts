import type { DeployEvent } from "../../../deploy/deploy-event.ts";
import type { SeenInstance } from "../../../deploy/watch-activation.ts";
import { managementFee, type PriceList } from "../../../synth/cost/prices.ts";
import type { Reporter } from "../../output/reporter.ts";

/** What costs money from the moment it is there, long before anything answers. */
const costly: Readonly<Record<string, string>> = {
  "AWS::EC2::NatGateway": "NAT gateway",
  "AWS::EC2::EIP": "public address",
  "AWS::EC2::VPCEndpoint": "VPC endpoint",
};

export interface Billing {
  readonly onEvent: (event: DeployEvent) => void;
  readonly onInstances: (instances: readonly SeenInstance[] | undefined) => void;
}

/**
 * Tells what already costs money, and about how much an hour, as long as one waits. Prices are those at hand; what
 * has none is named without one.
 */
export function startBilling(reporter: Reporter, prices: PriceList, now: () => Date): Billing {
  const made = new Map<string, string>();
  let instances: readonly SeenInstance[] = [];
  let since: Date | undefined;
  const tell = () => {
    if (made.size === 0 && instances.length === 0) return;
    if (since === undefined) reporter.event("billing", { since: now() });
    since ??= now();
    const parts = [
      ...counted([...made.values()].map((type) => costly[type] ?? type)),
      ...counted(instances.map(({ type }) => type)),
    ];
    const hourly = hourlyOf([...made.values()], instances, prices);
    const about =
      hourly > 0 ? ` ≈ $${hourly < 1 ? hourly.toPrecision(2) : hourly.toFixed(2)}/h` : "";
    reporter.standing(`Billing since ${clock(since)}: ${parts.join(", ")}${about}`);
  };
  return {
    onEvent: (event) => {
      if (event.type !== "resource" || costly[event.resourceType] === undefined) return;
      const { logicalId, resourceType, status } = event;
      const isThere = made.has(logicalId);
      if (status === "CREATE_COMPLETE" && !isThere) made.set(logicalId, resourceType);
      else if (status === "DELETE_COMPLETE" && isThere) made.delete(logicalId);
      else return;
      tell();
    },
    onInstances: (seen) => {
      const fresh = (seen ?? []).filter(({ isNew }) => isNew);
      if (fresh.length === instances.length) return;
      instances = fresh;
      tell();
    },
  };
}

/** `NAT gateway`, `2 × m7i.xlarge`. */
function counted(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
}

function hourlyOf(
  made: readonly string[],
  instances: readonly SeenInstance[],
  prices: PriceList,
): number {
  const ofResources = made.map((type) => {
    if (type === "AWS::EC2::NatGateway") return prices.natGatewayHour;
    return type === "AWS::EC2::EIP" ? prices.publicAddressHour : 0;
  });
  const ofInstances = instances.map(({ type }) => {
    const known = prices.instanceTypes.find(({ name }) => name === type);
    return (known?.hourly ?? 0) * (1 + managementFee);
  });
  return [...ofResources, ...ofInstances].reduce((sum, each) => sum + each, 0);
}

/** `12:31:07 UTC`, as all lines of a deploy have it. */
function clock(time: Date): string {
  return `${time.toISOString().slice(11, 19)} UTC`;
}
