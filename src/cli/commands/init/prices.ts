import { type PriceList, tablePrices } from "../../../synth/cost/prices.ts";
import { namedRegion } from "../../connect-target.ts";
import type { Deps } from "../../deps.ts";
import type { StepHandle } from "../../output/reporter.ts";
import { pricesOfRegion } from "../../prices/current-prices.ts";
import { keptPrices } from "../../prices/kept-prices.ts";
import type { SharedOptions } from "../../shared-options.ts";

const handle: StepHandle = { progress: () => {}, endedAt: () => {} };

/**
 * Prices for what init says of costs. AWS's where credentials are and a person answers questions: they are asked for
 * meanwhile, and without a word, since the terminal is the questions'. Nobody else is made to wait.
 */
export async function initPrices(
  options: Pick<SharedOptions, "region" | "profile" | "local" | "yes" | "input">,
  projectDir: string,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
): Promise<PriceList> {
  const { system, reporter } = deps;
  const asks = !options.yes && options.input && system.stdinIsTerminal && system.stderrIsTerminal;
  if (!asks) return keptPrices(namedRegion(options, system), system);
  const silent = { step: reporter.step.bind(reporter) };
  silent.step = (_label, work) => work(handle);
  try {
    const { prices } = await pricesOfRegion(
      "auto",
      options,
      { region: undefined, projectDir, instanceTypes: [] },
      { ...deps, reporter: silent },
    );
    return prices;
  } catch {
    return tablePrices;
  }
}
