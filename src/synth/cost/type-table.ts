import { providersOf } from "../providers.ts";
import type { Settings } from "../settings.ts";
import { fleetsBy, minimumEnvironments, monthlyOf, typesOf } from "./fleet.ts";
import { type PriceList, savingsPlans, tablePrices } from "./prices.ts";

/** What the minimum costs a month on one instance type, network apart. */
export interface TypeCost {
  readonly provider: string | undefined;
  readonly type: string;
  readonly instances: number;
  /** US dollars a month with Lambda's fee, by Savings Plan. */
  readonly monthly: Readonly<Record<(typeof savingsPlans)[number]["name"], number>>;
}

/** Every type that settings allow and whose price is known, the cheapest first. */
export function typeCosts(settings: Settings, prices: PriceList = tablePrices): TypeCost[] {
  return providersOf(settings).flatMap((provider) =>
    fleetsBy(
      typesOf(provider, prices).allowed,
      provider,
      settings.network,
      minimumEnvironments,
    ).map(({ type, count }) => ({
      provider: provider.name,
      type: type.name,
      instances: count,
      monthly: Object.fromEntries(
        savingsPlans.map(({ name, ec2Discount }) => [
          name,
          count * monthlyOf(type.hourly, ec2Discount),
        ]),
      ) as TypeCost["monthly"],
    })),
  );
}
