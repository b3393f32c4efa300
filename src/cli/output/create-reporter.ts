import type { System } from "../system.ts";
import { plainPalette } from "./palette.ts";
import type { Reporter } from "./reporter.ts";
import type { Terminal } from "./streams.ts";
import { wantsColour } from "./wants-colour.ts";

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
  const palette = wantsColour(options.color, system, system.stderrIsTerminal)
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
