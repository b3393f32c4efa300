import { Command } from "commander";

import type { Aws } from "../../aws/ports.ts";
import type { DeployContext } from "../../deploy/deploy-context.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import type { Deps, TargetOptions } from "../deps.ts";
import { examples, sharedOptions, targetOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { projectOf } from "../project-of.ts";
import type { Listing, RegionListing } from "./list/model.ts";
import type { Pulse } from "./list/regions.ts";

export interface ListOptions extends SharedOptions {
  readonly allRegions: boolean;
}

export type ListDeps = Pick<Deps, "system" | "reporter" | "aws">;

export function listCommand(deps: Deps, run: typeof runList = runList): Command {
  return new Command("list")
    .description("List every stack and capacity provider of the account")
    .option("--all-regions", "look in all regions that have Managed Instances")
    .addHelpText(
      "after",
      examples([
        ["lmi list", "the region of the project, also what other tools made"],
        ["lmi list --all-regions", "everywhere, with what it costs a day"],
        ["lmi list --json", "for machines"],
      ]),
    )
    .action((flags: { readonly allRegions?: boolean }, command: Command) =>
      run({ ...sharedOptions(command, deps.system), allRegions: flags.allRegions ?? false }, deps),
    );
}

export async function runList(options: ListOptions, deps: ListDeps): Promise<void> {
  if (options.allRegions && options.region !== undefined) throw contradiction(options.region);
  const { system, reporter } = deps;
  const project = await projectOf(options, system);
  const target = targetOptions(options, project);
  const home = await deps.aws(target);
  const { local } = home.target;
  const listing = await reporter.step(
    options.allRegions ? "Looking in all regions" : `Looking in ${home.target.region}`,
    () => readListing(options, { home, target }, deps),
  );
  const { renderListing } = await import("./list/render.ts");
  reporter.result(listing, (given) => renderListing(given, local));
}

interface Place {
  readonly home: Aws;
  readonly target: TargetOptions;
}

async function readListing(
  { allRegions }: ListOptions,
  { home, target }: Place,
  deps: ListDeps,
): Promise<Listing> {
  // First, since credentials that are no good at all are no trouble of a region.
  const [caller, { regionsOfLmi }, { readRegions, endlessPulse }] = await Promise.all([
    home.identity.caller(),
    import("../region-check.ts"),
    import("./list/regions.ts"),
  ]);
  const regions = allRegions ? regionsOfLmi : [home.target.region];
  const read = async (region: string, pulse: Pulse) => {
    const isHome = region === home.target.region;
    return readOne(isHome ? home : await deps.aws({ ...target, region }), pulse, deps);
  };
  // One region alone has nobody to tell of when it fails.
  const found = allRegions
    ? await readRegions(regions, read)
    : { regions: [await read(home.target.region, endlessPulse())], failures: [] };
  return {
    account: caller.accountId,
    ...found,
    perDay: perDayOf(found.regions),
    isLeast: isLeast(found),
  };
}

async function readOne(
  aws: Aws,
  { answered, signal }: Pulse,
  { system }: ListDeps,
): Promise<RegionListing> {
  const [{ readRegion }, { keptPrices }] = await Promise.all([
    import("./list/read-region.ts"),
    import("../prices/kept-prices.ts"),
  ]);
  const prices = keptPrices(aws.target.region, system);
  return readRegion(contextOf(aws, system, signal), prices, answered);
}

function contextOf(aws: Aws, system: Deps["system"], signal: AbortSignal): DeployContext {
  return {
    aws,
    now: system.now,
    sleep: system.sleep,
    // The first signal of the system ends the command: nothing is left half done.
    signal,
    onEvent: () => {},
    environment: system.env,
  };
}

function perDayOf(regions: readonly RegionListing[]): number {
  const costs = regions.flatMap(({ providers, stacks }) => [
    ...providers.map(({ perDay }) => perDay ?? 0),
    ...stacks.map(({ networkPerDay }) => networkPerDay ?? 0),
  ]);
  return costs.reduce((sum, cost) => sum + cost, 0);
}

/** What may cost something, and is not in the sum. */
const ofCost = new Set(["capacity providers", "stacks", "templates"]);

/** Whether the sum leaves out what could not be looked at. */
function isLeast({ regions, failures }: Pick<Listing, "regions" | "failures">): boolean {
  const unknown = regions.some(
    ({ providers, missing }) =>
      missing.some(({ part }) => ofCost.has(part)) ||
      providers.some(({ perDay }) => perDay === undefined),
  );
  return unknown || failures.length > 0;
}

function contradiction(region: string): LmiError {
  return new LmiError("LMI_USAGE", `--all-regions and --region ${region} contradict each other.`, {
    why: "The one means all regions, the other this one.",
    next: "lmi list --all-regions",
    exitCode: ExitCode.usage,
  });
}
