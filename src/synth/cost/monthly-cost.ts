import type { Settings } from "../settings.ts";
import { type CostItem, sumOf } from "./cost-item.ts";
import { type Fleet, fleetsOf, minimumEnvironments, monthlyOf } from "./fleet.ts";
import { networkItems } from "./network-cost.ts";
import {
  type CostBasis,
  hoursPerMonth,
  managementFee,
  type PriceList,
  tableBasis,
} from "./prices.ts";
import { type PollerCount, pollerItems } from "./poller-cost.ts";
import { unpriced } from "./unpriced.ts";

export interface MonthlyCost {
  /** US dollars a month when nothing is asked of the functions. */
  readonly minimum: number;
  /** The most: every provider at its `maxVCpu`, with instances of the usual type whose vCPUs cost most; all pollers busy. */
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
 * fit are assumed for the minimum, the dearest for the cap. Without logs, requests and traffic, which grow with the load.
 */
export function monthlyCost(settings: Settings, basis: CostBasis = tableBasis): MonthlyCost {
  const fleets = fleetsOf(settings, minimumEnvironments, basis.prices);
  const capped = fleets.map(atCap);
  const items = itemsOf(settings, fleets, basis, "minimum");
  return {
    minimum: sumOf(items),
    cap: sumOf(itemsOf(settings, capped, basis, "maximum")),
    capVCpus: fleets.reduce((sum, { maxVCpu }) => sum + maxVCpu, 0),
    items,
    notes: notes(settings, basis, fleets),
  };
}

function itemsOf(
  settings: Settings,
  fleets: readonly Fleet[],
  basis: CostBasis,
  pollers: PollerCount,
): CostItem[] {
  return [
    ...fleets.flatMap(instanceItems),
    ...volumeItems(fleets, basis),
    ...networkItems(settings, instancesOf(fleets), basis.prices),
    ...pollerItems(settings, pollers, basis.prices),
  ];
}

export function instancesOf(fleets: readonly Fleet[]): number {
  return fleets.reduce((sum, { count }) => sum + count, 0);
}

/** The instances, and what Lambda takes for managing them. */
export function instanceItems({ name, count, type }: Fleet): CostItem[] {
  const provider = name === undefined ? "" : ` (${name})`;
  const monthly = count * type.hourly * hoursPerMonth;
  return [
    { kind: "instances", label: `${count} × ${type.name}${provider}`, monthly },
    {
      kind: "fee",
      label: `Lambda's management fee, 15 %${provider}`,
      monthly: monthly * managementFee,
    },
  ];
}

/** EBS volumes of the instances, where their size is given. */
export function volumeItems(
  fleets: readonly Fleet[],
  { prices, volumeGigabytes }: CostBasis,
): CostItem[] {
  if (volumeGigabytes === undefined) return [];
  const count = instancesOf(fleets);
  return [
    {
      kind: "volumes",
      label: `${count} × ${volumeGigabytes} GB of EBS (gp3)`,
      monthly: count * volumeGigabytes * prices.volumeGigabyteMonth,
    },
  ];
}

/** As many instances of the dearest type as the cap lets run; as a part of one where it is no multiple. */
function atCap(fleet: Fleet): Fleet {
  const { dearest, maxVCpu, type, count } = fleet;
  const least = (count * type.vCpus) / dearest.vCpus;
  return { ...fleet, type: dearest, count: Math.max(least, maxVCpu / dearest.vCpus) };
}

/** Rounded to what is known: `≈ $102`, `≈ $1,070`. */
export function approximately(dollars: number): string {
  const step = dollars >= 1000 ? 10 : 1;
  return `≈ $${(Math.round(dollars / step) * step).toLocaleString("en-US")}`;
}

function notes(
  settings: Settings,
  { prices, volumeGigabytes }: CostBasis,
  fleets: readonly Fleet[],
): string[] {
  const volumes = volumeGigabytes === undefined ? "volumes, " : "";
  return [
    `${sourceOf(prices, settings.region)}; without ${volumes}logs, requests and traffic.`,
    ...fleets.flatMap(usualNote),
    ...(fleets.some(({ guessed }) => guessed)
      ? [
          "No price is known of an allowed instance type that fits; the cheapest of all that fit is assumed.",
        ]
      : []),
    ...unpriced(settings),
  ];
}

/** What AWS says Lambda goes by costs more than the cheapest that it may take. */
export function usualNote({ name, usual }: Fleet): string[] {
  if (usual === undefined) return [];
  const provider = name === undefined ? "" : ` for ${name}`;
  const monthly = approximately(usual.count * monthlyOf(usual.type.hourly));
  return [
    `The cheapest instances are assumed; by memoryPerVCpu Lambda would rather take ${usual.count} × ${usual.type.name}${provider}: ${monthly} with the fee.`,
  ];
}

/** Whose prices these are, and of when. */
function sourceOf({ source, region, date }: PriceList, wanted: string | undefined): string {
  if (source === "aws")
    return `Prices of ${region} from AWS, ${date}; fee and data transfer as in lmi's table`;
  const elsewhere = wanted !== undefined && wanted !== region;
  return `Prices of ${region}, ${date}${elsewhere ? `; ${wanted} may differ` : ""}`;
}
