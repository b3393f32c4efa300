import type { Settings } from "../settings.ts";
import { type CostItem, sumOf } from "./cost-item.ts";
import { fleetsOf, minimumEnvironments } from "./fleet.ts";
import { instanceItems } from "./monthly-cost.ts";
import { networkItems } from "./network-cost.ts";
import { pollerItems } from "./poller-cost.ts";
import { hoursPerMonth, type PriceList } from "./prices.ts";

/** US dollars a day of what a month costs. */
export const daily = (monthly: number): number => (monthly / hoursPerMonth) * 24;

/** What a stack costs while none of its functions runs: the network, where it is the stack's own, and pollers. */
export function pausedItems(settings: Settings, prices: PriceList): readonly CostItem[] {
  return [...networkItems(settings, 0, prices), ...pollerItems(settings, "minimum", prices)];
}

/** US dollars a month of the instances that run when nothing is asked, as well as it can be known beforehand. */
export function minimumInstancesCost(settings: Settings, prices: PriceList): number {
  return sumOf(fleetsOf(settings, minimumEnvironments, prices).flatMap(instanceItems));
}
