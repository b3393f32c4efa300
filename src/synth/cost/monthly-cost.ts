import type { Settings } from "../settings.ts";
import { type CostItem, sumOf } from "./cost-item.ts";
import { type Fleet, fleetsOf, minimumEnvironments, monthlyOf } from "./fleet.ts";
import { networkItems } from "./network-cost.ts";
import { prices } from "./prices.ts";

export interface MonthlyCost {
  /** US dollars a month when nothing is asked of the functions. */
  readonly minimum: number;
  /** The same when every provider is at its `maxVCpu`. */
  readonly cap: number;
  /** vCPUs of all providers together at that cap. */
  readonly capVCpus: number;
  /** What the minimum is made of. */
  readonly items: readonly CostItem[];
  /** Sentences to read beside the numbers. */
  readonly notes: readonly string[];
}

/**
 * What a project costs a month, as well as it can be known beforehand: Lambda chooses the instances; the cheapest that
 * fit are assumed. Without volumes, logs, requests and traffic.
 */
export function monthlyCost(settings: Settings): MonthlyCost {
  const fleets = fleetsOf(settings, minimumEnvironments);
  const network = networkItems(settings, instancesOf(fleets));
  const items = [...fleets.map(instanceItem), ...network];
  const capped = fleets.map((fleet) => Math.max(instanceItem(fleet).monthly, atCap(fleet)));
  return {
    minimum: sumOf(items),
    cap: capped.reduce((sum, one) => sum + one, sumOf(network)),
    capVCpus: fleets.reduce((sum, { maxVCpu }) => sum + maxVCpu, 0),
    items,
    notes: notes(
      settings,
      fleets.some(({ guessed }) => guessed),
    ),
  };
}

export function instancesOf(fleets: readonly Fleet[]): number {
  return fleets.reduce((sum, { count }) => sum + count, 0);
}

export function instanceItem({ name, count, type }: Fleet): CostItem {
  return {
    kind: "instances",
    label: `${count} × ${type.name} incl. 15 % fee${name === undefined ? "" : ` (${name})`}`,
    monthly: count * monthlyOf(type.hourly),
  };
}

function atCap({ maxVCpu, type }: Fleet): number {
  return maxVCpu * monthlyOf(type.hourly / type.vCpus);
}

/** Rounded to what is known: `≈ $102`, `≈ $1,070`. */
export function approximately(dollars: number): string {
  const step = dollars >= 1000 ? 10 : 1;
  return `≈ $${(Math.round(dollars / step) * step).toLocaleString("en-US")}`;
}

function notes(settings: Settings, guessed: boolean): string[] {
  const elsewhere = settings.region !== undefined && settings.region !== prices.region;
  return [
    `Prices of ${prices.region}, ${prices.date}${elsewhere ? `; ${settings.region} may differ` : ""}; without volumes, logs, requests and traffic.`,
    ...(guessed
      ? [
          "No price is known of an allowed instance type that fits; the cheapest of all that fit is assumed.",
        ]
      : []),
  ];
}
