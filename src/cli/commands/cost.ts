import { Command } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import { type LoadedSettings, loadSettings } from "../config/load-settings.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { addSettingOptions, settingFlagValues, settingsRequest } from "../setting-options.ts";
import { examples, sharedOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";

export interface CostOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  /** As typed. */
  readonly rps: string | undefined;
  readonly duration: string;
  readonly payload: string;
  readonly logs: string;
  readonly plot: string | undefined;
}

interface Flags {
  readonly rps?: string;
  readonly duration: string;
  readonly payload: string;
  readonly logs: string;
  readonly plot?: string;
}

export function costCommand(deps: Deps, run: typeof runCost = runCost): Command {
  const command = new Command("cost")
    .description("Say what it costs, and when ordinary Lambda costs less")
    .option("--rps <number>", "also the cost of so many requests a second")
    .option("--duration <ms>", "milliseconds that a request takes", "100")
    .option("--payload <kb>", "kB that a request sends out besides its log", "1")
    .option("--logs <kb>", "kB of log lines of a request", "0.5")
    .option("--plot <file>", "write the break-even as a picture: .svg, or .html with the tables")
    .addHelpText(
      "after",
      examples([
        ["lmi cost", "at the minimum and at the cap, by instance type; break-even"],
        ["lmi cost --rps 200 --duration 40", "under a load"],
        ["lmi cost --arch arm64 --azs 3", "of other settings"],
        ["lmi cost --plot cost.html", "with a picture"],
      ]),
    );
  return addSettingOptions(command).action((flags: Flags, self: Command) =>
    run(
      {
        ...sharedOptions(self, deps.system),
        settings: settingFlagValues(self.opts()),
        rps: flags.rps,
        duration: flags.duration,
        payload: flags.payload,
        logs: flags.logs,
        plot: flags.plot,
      },
      deps,
    ),
  );
}

export async function runCost(
  options: CostOptions,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const numbers = {
    rps: options.rps === undefined ? undefined : positive("--rps", options.rps),
    durationMs: positive("--duration", options.duration),
    payloadBytes: 1000 * positive("--payload", options.payload, 0),
    logBytes: 1000 * positive("--logs", options.logs, 0),
  };
  const loaded = await loadSettings(settingsRequest(options, system));
  for (const warning of loaded.warnings) reporter.warn(warning);
  const { costReport, renderReport } = await import("./cost/report.ts");
  const functionKey = functionOf(loaded, options.settings);
  const report = costReport(loaded.settings, { ...numbers, functionKey });
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
