import type { System } from "../system.ts";
import { plainPalette } from "./palette.ts";
import type { Reporter } from "./reporter.ts";
import type { Terminal } from "./streams.ts";

export interface OutputOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  /** The command takes long or never ends: its JSON is one object a line. */
  readonly stream: boolean;
}

export async function createReporter(
  options: OutputOptions,
  system: Terminal & Pick<System, "env">,
): Promise<Reporter> {
  if (options.json) {
    const { JsonReporter } = await import("./json-reporter.ts");
    return new JsonReporter(system, options.stream ? "stream" : "document");
  }
  const { TextReporter } = await import("./text-reporter.ts");
  const palette = wantsColour(options, system)
    ? await (await import("./palette.ts")).colourPalette()
    : plainPalette;
  return new TextReporter(system, {
    quiet: options.quiet,
    verbose: options.verbose,
    palette,
    spinner: canSpin(system),
  });
}

/** Some CI systems give a terminal, yet keep every frame as a line of the log. */
function canSpin({ env, stderrIsTerminal }: Pick<System, "env" | "stderrIsTerminal">): boolean {
  return stderrIsTerminal && env["TERM"] !== "dumb" && !env["CI"];
}

/** https://no-color.org and https://force-color.org: a non-empty variable decides; otherwise the terminal does. */
function wantsColour(
  options: OutputOptions,
  system: Pick<System, "env" | "stderrIsTerminal">,
): boolean {
  if (!options.color || system.env["NO_COLOR"]) return false;
  const forced = system.env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return system.stderrIsTerminal && system.env["TERM"] !== "dumb";
}
