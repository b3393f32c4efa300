import type { Command, Option } from "commander";

import { quoted } from "../aws/quoted.ts";
import { sharedFlags } from "./shared-options.ts";

/** The running command, and what its user gave it besides what decides the stack. */
export interface Running {
  readonly name: string;
  /** As a shell reads them, each with a space in front. */
  readonly words: string;
  /** Those of them that are settings: they count for whatever is deployed. */
  readonly settings: readonly GivenSetting[];
}

export interface GivenSetting {
  /** `--memory`. */
  readonly flag: string;
  /** `--memory 4096`. */
  readonly words: string;
}

/** Names the function that settings mean. */
const selector = "--function";

/** Options that are settings; whoever makes one says so. */
const settingOptions = new WeakSet<Option>();

export function asSetting(option: Option): Option {
  settingOptions.add(option);
  return option;
}

const shared: ReadonlySet<string> = new Set(
  sharedFlags.flatMap(({ flags }) => flags.match(/--[\w-]+/g) ?? []),
);

export function runningCommand(command: Command): Running {
  const own = command.options.filter(
    (option) =>
      !shared.has(option.long ?? "") &&
      command.getOptionValueSource(option.attributeName()) === "cli",
  );
  const words = [
    ...command.args.map(quoted),
    ...own.flatMap((option) => flagWords(option, command)),
  ];
  const settings = own
    .filter((option) => settingOptions.has(option))
    .map((option) => ({
      flag: option.long ?? "",
      words: flagWords(option, command).join(" "),
    }));
  return {
    name: command.name(),
    words: words.map((word) => ` ${word}`).join(""),
    settings: [...settings, ...meantFunction(command, settings)],
  };
}

/** The one function that `lmi push` names, which its settings mean; other commands take none that way. */
function meantFunction(command: Command, settings: readonly GivenSetting[]): GivenSetting[] {
  const [only, ...others] = command.args;
  const isSaid = settings.length === 0 || settings.some(({ flag }) => flag === selector);
  if (command.name() !== "push" || isSaid || only === undefined || others.length > 0) return [];
  return [{ flag: selector, words: `${selector} ${quoted(only)}` }];
}

/** Some advice names its stack already. */
const stackFlags = String.raw`(?: --(?:local|(?:env|region|profile|config) (?:'[^']*'|\S+)))*`;

/** Commands that work with what the settings say, up to where a text goes on with something else. */
const ofSettings = new RegExp(
  String.raw`\b(?<start>lmi (?:deploy|push|diff)${stackFlags})(?<rest>(?!-)(?:(?!   |&&|\blmi )[^\n\`,;·:])*)`,
  "g",
);

/**
 * Advice to deploy, push or compare, with the settings that the running command was given as flags: without them it
 * would bring something else than what failed. What the advice sets itself stays.
 */
export function withSettings(text: string, { settings }: Pick<Running, "settings">): string {
  if (settings.length === 0) return text;
  return text.replaceAll(ofSettings, (found: string, start: string, rest: string) => {
    const said = rest.split(/[\s=]/);
    // It waits for what is under way, or means another function with its flags.
    if (said.includes("--attach") || saysOther(said, settings)) return found;
    const missing = settings.filter(({ flag }) => !said.includes(flag));
    return [start, ...missing.map(({ words }) => words)].join(" ") + rest;
  });
}

function saysOther(said: readonly string[], settings: readonly GivenSetting[]): boolean {
  const position = said.indexOf(selector);
  const own = settings.find(({ flag }) => flag === selector);
  return position >= 0 && own !== undefined && own.words !== `${selector} ${said[position + 1]}`;
}

/**
 * Advice to run the same command once more, with its arguments: without them it would do something else. A command that
 * says arguments of its own stays as it is.
 */
export function again(next: string, { name, words }: Pick<Running, "name" | "words">): string {
  // Behind `Then: ` where something else comes first, as a login.
  const alone = new RegExp(`^(?:Then: )?lmi ${name}${stackFlags}(?=$| {3})`, "gm");
  return next.replaceAll(alone, (found) => `${found}${words}`);
}

function flagWords(option: Option, command: Command): string[] {
  const { long = "" } = option;
  const value: unknown = command.getOptionValue(option.attributeName());
  // `--no-probe` and `--probe <event>` are two options of one value.
  if (option.negate || typeof value === "boolean")
    return option.negate === (value === false) ? [long] : [];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const said = values.map((each) => quoted(withoutSecret(long, String(each))));
  return option.variadic ? [long, ...said] : said.flatMap((each) => [long, each]);
}

/** Values of environment variables are not written into logs. */
export function withoutSecret(flag: string, text: string): string {
  return flag === "--function-env" ? text.replace(/=.*$/s, "=…") : text;
}
