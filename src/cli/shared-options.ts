import type { Command } from "commander";

import { wrap } from "./output/wrap.ts";
import type { TargetOptions } from "./deps.ts";
import type { System } from "./system.ts";

/** The options that every command takes, before or after its name. */
export interface SharedOptions {
  readonly config: string | undefined;
  readonly env: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly local: boolean;
  readonly json: boolean;
  readonly yes: boolean;
  /** False with `--no-input`. */
  readonly input: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

interface SharedFlag {
  readonly flags: string;
  readonly description: string;
}

export const sharedFlags: readonly SharedFlag[] = [
  {
    flags: "--config <file>",
    description: "settings file (default: lmi.json or lmi.config.ts)",
  },
  { flags: "--env <name>", description: "environment of the settings, its own stack" },
  { flags: "--region <region>", description: "AWS region" },
  { flags: "--profile <name>", description: "AWS profile" },
  { flags: "--local", description: "use the local target instead of AWS" },
  { flags: "--json", description: "answer as JSON on stdout" },
  { flags: "-y, --yes", description: "confirm everything and take every default" },
  { flags: "--no-input", description: "never ask; fail where an answer is missing" },
  { flags: "-q, --quiet", description: "only the answer and errors" },
  { flags: "-v, --verbose", description: "details, AWS request ids included" },
  { flags: "--no-color", description: "no colours" },
];

export function addSharedOptions(command: Command): Command {
  for (const { flags, description } of sharedFlags) command.option(flags, description);
  return command;
}

/** The shared options as given anywhere on the command line, else by environment variable. */
export function sharedOptions(command: Command, system: Pick<System, "env">): SharedOptions {
  const given = command.optsWithGlobals<Partial<SharedOptions>>();
  return {
    config: given.config ?? (system.env["LMI_CONFIG"] || undefined),
    env: given.env ?? (system.env["LMI_ENV"] || undefined),
    region: given.region,
    profile: given.profile,
    local: given.local ?? isOn(system.env["LMI_LOCAL"]),
    json: given.json ?? false,
    yes: given.yes ?? false,
    input: given.input ?? true,
    quiet: given.quiet ?? false,
    verbose: given.verbose ?? false,
  };
}

/** Where a command's AWS calls go: its flags, and what its project says. */
export function targetOptions(
  options: Pick<SharedOptions, "region" | "profile" | "local">,
  project: { readonly region?: string | undefined; readonly projectDir: string },
): TargetOptions {
  return {
    region: options.region,
    profile: options.profile,
    local: options.local,
    projectRegion: project.region,
    projectDir: project.projectDir,
  };
}

/** Help text below the options: each example with what it does. */
export function examples(lines: readonly (readonly [command: string, meaning: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const rows = lines.map(([command, meaning]) =>
    wrap(`  ${command.padEnd(width)}  ${meaning}`, width + 4),
  );
  return ["\nExamples:", ...rows].join("\n");
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no"].includes(value.toLowerCase());
}
