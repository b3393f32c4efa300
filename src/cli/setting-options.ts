import { Option } from "commander";
import type { Command } from "commander";

import { settingFlags } from "./config/setting-flags.ts";
import type { SettingFlagValues } from "./config/setting-flags.ts";
import type { LoadSettingsRequest } from "./config/load-settings.ts";
import type { SettingFlag } from "./config/setting-flag.ts";
import { asSetting } from "./same-command.ts";
import { sharedOptions, type SharedOptions } from "./shared-options.ts";
import type { System } from "./system.ts";

/**
 * Adds a flag for every setting. Values stay as typed: loadSettings checks them all,
 * so that every problem is told together instead of commander's first.
 */
export function addSettingOptions(command: Command): Command {
  for (const flag of settingFlags) command.addOption(asSetting(settingOption(flag)));
  return command;
}

function settingOption(flag: SettingFlag): Option {
  const choices = flag.choices ? ` (${flag.choices.join(", ")})` : "";
  const option = new Option(flag.flags, `${flag.description}${choices}`);
  if (flag.kind === "entries" || flag.kind === "list") {
    option.argParser((value: string, given: readonly string[] | undefined) => [
      ...(given ?? []),
      value,
    ]);
  }
  if (option.attributeName() !== flag.attribute) {
    throw new Error(
      `${flag.flags} is ${option.attributeName()} to commander, not ${flag.attribute}`,
    );
  }
  return option;
}

/** The setting flags among a command's options; what was not given is absent. */
function settingFlagValues(options: Readonly<Record<string, unknown>>): SettingFlagValues {
  const values: Record<string, string | boolean | readonly string[]> = {};
  for (const { attribute } of settingFlags) {
    const value = options[attribute];
    if (typeof value === "string" || typeof value === "boolean") values[attribute] = value;
    else if (Array.isArray(value)) values[attribute] = value.map(String);
  }
  return values;
}

/** Options that each command with setting flags has. */
export function projectOptions(
  command: Command,
  system: Pick<System, "env">,
): SharedOptions & { readonly settings: SettingFlagValues } {
  return { ...sharedOptions(command, system), settings: settingFlagValues(command.opts()) };
}

/** What loadSettings is asked for by a command that takes setting flags. */
export function settingsRequest(
  options: SharedOptions & { readonly settings: SettingFlagValues },
  { cwd, env, runUserCode }: Pick<System, "cwd" | "env" | "runUserCode">,
): LoadSettingsRequest {
  return {
    cwd,
    configFile: options.config,
    environmentName: options.env,
    region: options.region,
    env,
    flags: options.settings,
    runUserCode,
  };
}
