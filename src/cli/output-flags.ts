import type { OutputOptions } from "./output/create-reporter.ts";

/**
 * How to speak, read before the command line is parsed: a wrong command line must be said in JSON as well.
 * Only the flags that say so count; everything after `--` is an argument.
 */
export function readOutputFlags(argv: readonly string[]): Omit<OutputOptions, "stream"> {
  const given = flagsOf(argv);
  return {
    json: given.has("--json"),
    quiet: given.has("--quiet") || given.has("-q"),
    verbose: given.has("--verbose") || given.has("-v"),
    color: !given.has("--no-color"),
  };
}

export interface AnswerFlags {
  readonly yes: boolean;
  readonly input: boolean;
}

/** Who answers questions: nobody is asked with `--no-input`, everything is confirmed with `--yes`. */
export function readAnswerFlags(argv: readonly string[]): AnswerFlags {
  const given = flagsOf(argv);
  return { yes: given.has("--yes") || given.has("-y"), input: !given.has("--no-input") };
}

/** What is given before `--`, with short flags that stand together (`-qy`) each by itself. */
function flagsOf(argv: readonly string[]): ReadonlySet<string> {
  const end = argv.indexOf("--");
  const given = end === -1 ? argv : argv.slice(0, end);
  return new Set(
    given.flatMap((arg) =>
      /^-[qvy]{2,}$/.test(arg) ? Array.from(arg.slice(1), (flag) => `-${flag}`) : arg,
    ),
  );
}
