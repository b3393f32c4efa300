import { Command } from "commander";

import { commands } from "./commands.ts";
import type { CommandEntry } from "./commands.ts";
import type { Deps } from "./deps.ts";
import { addSharedOptions, examples } from "./shared-options.ts";
import { ownVersion } from "./version.ts";

/**
 * The command line as commander sees it. Only `wanted` is the real command, all others are names with a
 * summary: enough for help and for suggestions, and nothing is loaded for them.
 */
export async function buildProgram(
  deps: Deps,
  wanted: CommandEntry | "all" | undefined,
): Promise<Command> {
  const program = addSharedOptions(new Command("lmi"))
    .description("Lambda functions on EC2 instances that AWS manages in your VPC.")
    .usage("<command> [options]")
    .version(ownVersion(), "-V, --version", "version of lmi")
    .helpOption("-h, --help", "help for lmi or a command")
    .helpCommand("help [command]", "help for a command")
    // Without the row of `help` itself: --help says it, and all commands have to fit on one screen.
    .configureHelp({ showGlobalOptions: true, visibleCommands: ({ commands: own }) => [...own] })
    .configureOutput({ writeOut: deps.system.writeStdout, writeErr: () => {} })
    .exitOverride()
    .addHelpText(
      "after",
      examples([
        ["lmi init hello", "write a project"],
        ["lmi deploy --local", "run it here, without an AWS account"],
        ['lmi invoke --payload \'{"test":"data"}\'', "call the function"],
      ]),
    );
  const all = () => buildProgram(deps, "all");
  const loaded = await Promise.all(
    commands.map(async (entry) => {
      const isWanted = wanted === "all" || entry === wanted;
      const command = isWanted ? await entry.load(deps, all) : placeholder(entry);
      return command.helpGroup(`${entry.group}:`);
    }),
  );
  for (const command of loaded) program.addCommand(inherit(command, program));
  return program;
}

function placeholder({ name, summary }: CommandEntry): Command {
  return new Command(name).description(summary);
}

/** A command given to addCommand keeps commander's defaults (exit, output) unless it is told otherwise. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent).helpOption("-h, --help", "help for this command");
  for (const child of command.commands) inherit(child, command);
  return command;
}
