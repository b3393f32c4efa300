import type { Aws } from "../../aws/ports.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import { familyOf, type PriceList, tablePrices } from "../../synth/cost/prices.ts";
import { providersOf } from "../../synth/providers.ts";
import type { Settings } from "../../synth/settings.ts";
import type { LoadedSettings } from "../config/load-settings.ts";
import type { Deps } from "../deps.ts";
import { type SharedOptions, targetOptions } from "../shared-options.ts";
import { credentialsAtHand } from "./credentials-at-hand.ts";
import {
  freshFailure,
  freshPrices,
  type KeptPrices,
  readPriceCache,
  writePriceCache,
} from "./price-cache.ts";
import { priceListOf, priceQueries } from "./price-list-of.ts";
import type { PriceSource } from "./price-source.ts";

export interface CurrentPrices {
  readonly prices: PriceList;
  /** Why these are not AWS's, where somebody may have expected them. */
  readonly note?: string;
}

const fromTable = (note?: string): CurrentPrices => ({
  prices: tablePrices,
  ...(note === undefined ? {} : { note }),
});

/** Prices to reckon with. Never fails: where AWS gives none, those of the table in lmi. */
export async function currentPrices(
  source: PriceSource,
  options: Pick<SharedOptions, "region" | "profile" | "local">,
  { settings, projectDir }: Pick<LoadedSettings, "settings" | "projectDir">,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
): Promise<CurrentPrices> {
  if (source === "table") return fromTable();
  if (options.local)
    return fromTable(source === "aws" ? "The local target has no prices." : undefined);
  const isAtHand = credentialsAtHand(options.profile, deps.system);
  try {
    const aws = await deps.aws(targetOptions(options, { region: settings.region, projectDir }));
    return await pricesOf(source, isAtHand, aws, settings, deps);
  } catch (error) {
    return fromTable(source === "aws" || isAtHand ? noPrices(reasonOf(error)) : undefined);
  }
}

async function pricesOf(
  source: "auto" | "aws",
  isAtHand: boolean,
  aws: Aws,
  settings: Settings,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<CurrentPrices> {
  const { region } = aws.target;
  const kept = readPriceCache(region, system);
  const known = freshPrices(kept, system.now());
  const wanted = familiesOf(settings);
  if (source === "auto") {
    if (known !== undefined && wanted.every((family) => known.families.includes(family)))
      return { prices: known.prices };
    const failure = freshFailure(kept, system.now());
    if (failure !== undefined) return without(failure.why, known);
    if (!isAtHand) return known === undefined ? fromTable() : { prices: known.prices };
  }
  // Also those of other projects: each would take the other's away.
  const families = [...new Set([...wanted, ...(known?.families ?? [])])];
  const at = system.now().getTime();
  try {
    const prices = await reporter.step(`prices of ${region} from AWS`, () =>
      ask(aws, families, system.now()),
    );
    writePriceCache(region, { known: { prices, families, at } }, system);
    return { prices };
  } catch (error) {
    const why = reasonOf(error);
    if (!isOfCaller(error)) writePriceCache(region, { known, failure: { why, at } }, system);
    return without(why, known);
  }
}

/** What another profile may be told is no reason to ask nothing for it. */
function isOfCaller(error: unknown): boolean {
  return error instanceof LmiError && error.exitCode === ExitCode.credentials;
}

/** Prices where AWS has just given none: those that it gave lately, or the table. */
function without(why: string, known: KeptPrices | undefined): CurrentPrices {
  if (known === undefined) return fromTable(noPrices(why));
  const { prices } = known;
  return { prices, note: noPrices(why, `Those of ${prices.date} are used`) };
}

async function ask(aws: Aws, families: readonly string[], now: Date): Promise<PriceList> {
  const { region } = aws.target;
  const products = await aws.priceLists.products(priceQueries(region, families));
  return priceListOf(products, region, now.toISOString().slice(0, 10));
}

/** Those of the table, and those that settings name. */
function familiesOf(settings: Settings): string[] {
  const named = providersOf(settings).flatMap(
    ({ capacity }) => capacity.instanceTypes?.allow ?? [],
  );
  const known = tablePrices.instanceTypes.map(({ name }) => name);
  return [...new Set([...known, ...named].map(familyOf))].filter((family) => family !== "");
}

function noPrices(why: string, instead = "The table in lmi is used"): string {
  return `AWS's current prices are not to be had: ${why} ${instead}; --prices aws asks again.`;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
