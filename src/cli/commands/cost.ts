import { Command, Option } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import { type LoadedSettings, loadSettings } from "../config/load-settings.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { type PriceSource, priceSources } from "../prices/price-source.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import { examples } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";

export interface CostOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  /** As typed. */
  readonly rps: string | undefined;
  readonly duration: string;
  readonly payload: string;
  readonly internet: string;
  readonly logs: string;
  readonly volume: string | undefined;
  readonly prices: PriceSource;
  readonly plot: string | undefined;
}

interface Flags {
  readonly rps?: string;
  readonly duration: string;
  readonly payload: string;
  readonly internet: string;
  readonly logs: string;
  readonly volume?: string;
  readonly prices: PriceSource;
  readonly plot?: string;
}

export function costCommand(deps: Deps, run: typeof runCost = runCost): Command {
  const command = new Command("cost")
    .description("Say what it costs, and when ordinary Lambda costs less")
    .option("--rps <number>", "also the cost of so many requests a second")
    .option("--duration <ms>", "milliseconds that a request takes", "100")
    .option("--payload <kb>", "kB that a request sends to AWS services", "1")
    .option("--internet <kb>", "kB that it sends to the internet", "0")
    .option("--logs <kb>", "kB of log lines of a request", "0.5")
    .option("--volume <gb>", "GB of EBS volume of an instance, which AWS does not say")
    .addOption(
      new Option(
        "--prices <source>",
        "the dated table in lmi, or AWS's current ones or none; auto: AWS's where credentials are",
      )
        .choices(priceSources)
        .default("auto"),
    )
    .option("--plot <file>", "write the break-even as a picture: .svg, or .html with the tables")
    .addHelpText(
      "after",
      examples([
        ["lmi cost", "at the minimum and at the cap, by instance type; break-even"],
        ["lmi cost --rps 200 --duration 40", "under a load"],
        ["lmi cost --arch arm64 --azs 3", "of other settings"],
        ["lmi cost --plot cost.html", "with a picture"],
        ["lmi cost --prices aws --region eu-west-1", "with today's prices of a region"],
      ]),
    );
  return addSettingOptions(command).action((flags: Flags, self: Command) =>
    run(
      {
        ...projectOptions(self, deps.system),
        rps: flags.rps,
        duration: flags.duration,
        payload: flags.payload,
        internet: flags.internet,
        logs: flags.logs,
        volume: flags.volume,
        prices: flags.prices,
        plot: flags.plot,
      },
      deps,
    ),
  );
}

export async function runCost(
  options: CostOptions,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
): Promise<void> {
  const { system, reporter } = deps;
  const numbers = {
    rps: options.rps === undefined ? undefined : positive("--rps", options.rps),
    durationMs: positive("--duration", options.duration),
    payloadBytes: 1000 * positive("--payload", options.payload, 0),
    internetBytes: 1000 * positive("--internet", options.internet, 0),
    logBytes: 1000 * positive("--logs", options.logs, 0),
  };
  const volumeGigabytes =
    options.volume === undefined ? undefined : positive("--volume", options.volume);
  const loaded = await loadSettings(settingsRequest(options, system));
  for (const warning of loaded.warnings) reporter.warn(warning);
  const [{ costReport, renderReport }, { currentPrices }, { pricedSettings }] = await Promise.all([
    import("./cost/report.ts"),
    import("../prices/current-prices.ts"),
    import("./cost/priced-settings.ts"),
  ]);
  const { prices, note } = await currentPrices(options.prices, options, loaded, deps);
  const functionKey = functionOf(loaded, options.settings);
  const reckoned = costReport(
    await pricedSettings(loaded, system),
    { ...numbers, functionKey },
    { prices, volumeGigabytes },
  );
  const report = note === undefined ? reckoned : { ...reckoned, notes: [...reckoned.notes, note] };
  if (options.plot !== undefined) {
    const { writePlot } = await import("./cost/write-plot.ts");
    const file = await writePlot(options.plot, report, functionKey, system.cwd);
    reporter.info(`Written to ${file}.`);
  }
  reporter.result(report, renderReport);
}

/** The function that the load is for: the one of --function, or the first. */
function functionOf({ settings }: LoadedSettings, flags: SettingFlagValues): string {
  const named = flags["function"];
  return typeof named === "string" ? named : (Object.keys(settings.functions)[0] ?? "");
}

function positive(flag: string, text: string, least = Number.MIN_VALUE): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= least && value <= 1e9) return value;
  throw new LmiError("LMI_USAGE", `${flag} ${text} is not a number that it can be.`, {
    why: `It must be a number ${least === 0 ? "from 0" : "above 0"} to 1,000,000,000.`,
    exitCode: ExitCode.usage,
  });
}
