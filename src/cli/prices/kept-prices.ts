import { type PriceList, tablePrices } from "../../synth/cost/prices.ts";
import type { System } from "../system.ts";
import { freshPrices, readPriceCache } from "./price-cache.ts";

/** Prices that an earlier `lmi cost` has asked for; asks nobody. */
export function keptPrices(
  region: string | undefined,
  system: Pick<System, "env" | "home" | "program" | "now">,
): PriceList {
  if (region === undefined) return tablePrices;
  return freshPrices(readPriceCache(region, system), system.now())?.prices ?? tablePrices;
}
