import type { Command, Option } from "commander";

import { quoted } from "./same-stack.ts";
import { sharedFlags } from "./shared-options.ts";

/** The running command, and what its user gave it besides what decides the stack. */
export interface Running {
  readonly name: string;
  /** As a shell reads them, each with a space in front. */
  readonly words: string;
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
  return { name: command.name(), words: words.map((word) => ` ${word}`).join("") };
}

/** Some advice names its stack already. */
const stackFlags = String.raw`(?: --(?:local|(?:env|region|profile|config) (?:'[^']*'|\S+)))*`;

/**
 * Advice to run the same command once more, with its arguments: without them it would do something else. A command that
 * says arguments of its own stays as it is.
 */
export function again(next: string, { name, words }: Running): string {
  const [alone = ""] = new RegExp(`^lmi ${name}${stackFlags}(?=$| {3})`).exec(next) ?? [];
  return alone === "" ? next : `${alone}${words}${next.slice(alone.length)}`;
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
