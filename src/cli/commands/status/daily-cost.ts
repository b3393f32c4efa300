import type { ManagedInstance } from "../../../aws/ports.ts";
import { networkItems } from "../../../synth/cost/network-cost.ts";
import {
  familyOf,
  hoursPerMonth,
  managementFee,
  type PriceList,
} from "../../../synth/cost/prices.ts";
import { settingsOfTemplate } from "../../../synth/cost/template-settings.ts";
import { vCpusOf } from "./vcpus.ts";

export interface DailyCost {
  /** US dollars a day of what runs now, Lambda's fee included; a part where a price is not known. */
  readonly perDay: number;
  readonly items: readonly DailyItem[];
  /** Instance types without any price; they are not in the sum. */
  readonly unpriced: readonly string[];
  /** Types whose price is that of a similar type. */
  readonly estimated: readonly string[];
  /** Whose prices these are, and of when. */
  readonly prices: Pick<PriceList, "source" | "region" | "date">;
}

export interface DailyItem {
  readonly kind: "instances" | "fee" | "network";
  /** `2 × m7i.xlarge`. */
  readonly label: string;
  readonly perDay: number;
}

/** Instances, fee, and what the network of the stack costs; without requests, logs, volumes and traffic. */
export function dailyCost(
  instances: readonly Pick<ManagedInstance, "instanceType" | "state">[],
  template: string | undefined,
  prices: PriceList,
): DailyCost {
  const own = instanceCost(instances, prices);
  const network = networkCost(template, own.billed, prices);
  const items = [...own.items, ...network];
  return {
    perDay: items.reduce((sum, { perDay }) => sum + perDay, 0),
    items,
    unpriced: own.unpriced,
    estimated: own.estimated,
    prices: { source: prices.source, region: prices.region, date: prices.date },
  };
}

/** EC2 bills while an instance runs (EC2 user guide, "Instance lifecycle": pending, stopped and later are free). */
const billed = new Set(["running"]);

interface InstanceCost {
  readonly billed: number;
  readonly items: readonly DailyItem[];
  readonly unpriced: readonly string[];
  readonly estimated: readonly string[];
}

function instanceCost(
  instances: readonly Pick<ManagedInstance, "instanceType" | "state">[],
  prices: PriceList,
): InstanceCost {
  const running = instances.filter(({ state }) => billed.has(state));
  const byType = [...Map.groupBy(running, ({ instanceType }) => instanceType)].map(
    ([type, { length: count }]) => ({ type, count, price: priceOf(type, prices) }),
  );
  const items = byType.flatMap(({ type, count, price }): DailyItem[] =>
    price === undefined
      ? []
      : [{ kind: "instances", label: `${count} × ${type}`, perDay: count * price.hourly * 24 }],
  );
  const ec2 = items.reduce((sum, { perDay }) => sum + perDay, 0);
  return {
    billed: running.length,
    items: [
      ...items,
      ...(ec2 === 0
        ? []
        : [{ kind: "fee" as const, label: "Lambda's fee, 15 %", perDay: ec2 * managementFee }]),
    ],
    unpriced: byType.flatMap(({ type, price }) => (price === undefined ? [type] : [])),
    estimated: byType.flatMap(({ type, price }) => (price?.estimated ? [type] : [])),
  };
}

/** Its price, or that of the newest generation known of the same kind and architecture, by vCPU. */
function priceOf(
  type: string,
  { instanceTypes }: PriceList,
): { readonly hourly: number; readonly estimated: boolean } | undefined {
  const known = instanceTypes.find(({ name }) => name === type);
  if (known) return { hourly: known.hourly, estimated: false };
  const vCpus = vCpusOf(type);
  const like = instanceTypes
    .filter(({ name }) => kindOf(name) === kindOf(type))
    .toSorted((one, other) => familyOf(other.name).localeCompare(familyOf(one.name), "en"))[0];
  if (vCpus === undefined || like === undefined) return undefined;
  return { hourly: (like.hourly / like.vCpus) * vCpus, estimated: true };
}

/** `c g` of `c9gd.large`: what the instance is for, and whose processor it has. */
function kindOf(type: string): string {
  const [, letter = "", processor = ""] = /^([a-z]+)\d+([a-z]*)/.exec(type) ?? [];
  return `${letter} ${processor.charAt(0) === "g" ? "g" : "x86"}`;
}

function networkCost(
  template: string | undefined,
  instances: number,
  prices: PriceList,
): DailyItem[] {
  const parsed = parse(template);
  const settings = parsed && settingsOfTemplate(parsed, prices.region);
  if (settings === undefined) return [];
  return networkItems(settings, instances, prices).map(({ label, monthly }) => ({
    kind: "network",
    label,
    perDay: (monthly / hoursPerMonth) * 24,
  }));
}

function parse(template: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    return template === undefined
      ? undefined
      : (JSON.parse(template) as Readonly<Record<string, unknown>>);
  } catch {
    // YAML: somebody else's.
    return undefined;
  }
}
