import { type PriceList, tablePrices } from "../../synth/cost/prices.ts";
import type { System } from "../system.ts";
import { isFresh, readPriceCache } from "./price-cache.ts";

/** Prices that an earlier `lmi cost` has asked for; asks nobody. */
export function keptPrices(
  region: string | undefined,
  system: Pick<System, "env" | "home" | "program" | "now">,
): PriceList {
  const kept = region === undefined ? undefined : readPriceCache(region, system);
  return kept?.prices !== undefined && isFresh(kept, system.now()) ? kept.prices : tablePrices;
}
