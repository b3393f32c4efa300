import { Command } from "commander";

import type { Deps } from "../../src/cli/deps.ts";
import { addSharedOptions } from "../../src/cli/shared-options.ts";
import { RecordingPrompter } from "../helpers/recording-prompter.ts";
import { RecordingReporter } from "../helpers/recording-reporter.ts";
import { recordingSystem } from "../helpers/recording-system.ts";

export function depsWith(env: Record<string, string> = {}): Deps {
  return {
    system: recordingSystem({ env }),
    reporter: new RecordingReporter(),
    prompter: new RecordingPrompter(),
    aws: () => Promise.reject(new Error("no AWS here")),
  };
}

/** What makes a command, as each file of src/cli/commands has it. */
export type Builder = (deps: Deps, run: (options: unknown) => Promise<void>) => Command;

/** The options that a command line, the command's name first, gives to the command's run function. */
export async function optionsOf(
  build: Builder,
  argv: string,
  env?: Record<string, string>,
): Promise<unknown> {
  let options: unknown;
  const command = build(depsWith(env), async (given) => {
    options = given;
  });
  const program = addSharedOptions(new Command("lmi")).addCommand(command);
  await program.parseAsync(argv === "" ? [] : argv.split(" "), { from: "user" });
  return options;
}
