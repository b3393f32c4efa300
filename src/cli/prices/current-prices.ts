import type { Aws } from "../../aws/ports.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import { familyOf, type PriceList, tablePrices } from "../../synth/cost/prices.ts";
import { providersOf } from "../../synth/providers.ts";
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

export interface PricedProject {
  readonly region: string | undefined;
  readonly projectDir: string;
  /** Those that it names, besides those of the table. */
  readonly instanceTypes: readonly string[];
}

type PriceDeps = Pick<Deps, "system" | "aws"> & {
  readonly reporter: Pick<Deps["reporter"], "step">;
};

const fromTable = (note?: string): CurrentPrices => ({
  prices: tablePrices,
  ...(note === undefined ? {} : { note }),
});

/**
 * Prices to reckon with. Where AWS gives none, those of the table in lmi, with a note that says why; but whoever asked for
 * AWS's alone gets no others: LMI_PRICES_UNAVAILABLE.
 */
export async function currentPrices(
  source: PriceSource,
  options: Pick<SharedOptions, "region" | "profile" | "local">,
  { settings, projectDir }: Pick<LoadedSettings, "settings" | "projectDir">,
  deps: PriceDeps,
): Promise<CurrentPrices> {
  const instanceTypes = providersOf(settings).flatMap(
    ({ capacity }) => capacity.instanceTypes?.allow ?? [],
  );
  const project = { region: settings.region, projectDir, instanceTypes };
  return pricesOfRegion(source, options, project, deps);
}

/** The same where there are no settings yet. */
export async function pricesOfRegion(
  source: PriceSource,
  options: Pick<SharedOptions, "region" | "profile" | "local">,
  project: PricedProject,
  deps: PriceDeps,
): Promise<CurrentPrices> {
  if (source === "table" || (options.local && source === "auto")) return fromTable();
  if (options.local) throw unavailable("The local target has no prices.", ExitCode.usage);
  const isAtHand = credentialsAtHand(options.profile, deps.system);
  try {
    const aws = await deps.aws(targetOptions(options, project));
    return await pricesOf(source, isAtHand, aws, project, deps);
  } catch (error) {
    if (source === "aws") throw unavailable(reasonOf(error), exitCodeOf(error), error);
    return fromTable(isAtHand ? noPrices(reasonOf(error)) : undefined);
  }
}

async function pricesOf(
  source: "auto" | "aws",
  isAtHand: boolean,
  aws: Aws,
  { instanceTypes }: PricedProject,
  { system, reporter }: PriceDeps,
): Promise<CurrentPrices> {
  const { region } = aws.target;
  const kept = readPriceCache(region, system);
  const known = freshPrices(kept, system.now());
  const wanted = familiesOf(instanceTypes);
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
    return without(why, known, source === "aws" ? error : undefined);
  }
}

function unavailable(why: string, exitCode: ExitCode, cause?: unknown): LmiError {
  return new LmiError("LMI_PRICES_UNAVAILABLE", "AWS's current prices are not to be had.", {
    why,
    next: "Take those of the table in lmi: --prices table",
    exitCode,
    cause,
  });
}

const exitCodeOf = (error: unknown): ExitCode =>
  error instanceof LmiError ? error.exitCode : ExitCode.failure;

/** What another profile may be told is no reason to ask nothing for it. */
function isOfCaller(error: unknown): boolean {
  return error instanceof LmiError && error.exitCode === ExitCode.credentials;
}

/** Prices where AWS has just given none: those that it gave lately, or else the table or the failure. */
function without(why: string, known: KeptPrices | undefined, failure?: unknown): CurrentPrices {
  if (known === undefined && failure !== undefined) throw failure;
  if (known === undefined) return fromTable(noPrices(why));
  const { prices } = known;
  return { prices, note: noPrices(why, `Those of ${prices.date} are used`) };
}

async function ask(aws: Aws, families: readonly string[], now: Date): Promise<PriceList> {
  const { region } = aws.target;
  const products = await aws.priceLists.products(priceQueries(region, families));
  return priceListOf(products, region, now.toISOString().slice(0, 10));
}

/** Those of the table, and of the types that settings name. */
function familiesOf(named: readonly string[]): string[] {
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
