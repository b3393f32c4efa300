import type { Command } from "commander";

import { ExitCode, LmiError } from "../errors.ts";
import { commands, selectCommand, type CommandEntry } from "./commands.ts";
import { liveDeps } from "./live-deps.ts";
import { createReporter } from "./output/create-reporter.ts";
import { placedReporter } from "./output/placed-reporter.ts";
import { readAnswerFlags, readOutputFlags } from "./output-flags.ts";
import { buildProgram } from "./program.ts";
import { type Running, runningCommand } from "./same-command.ts";
import type { Place } from "./same-stack.ts";
import { sharedOptions } from "./shared-options.ts";
import type { System } from "./system.ts";

/** Runs one command line and says its failure; returns the exit code. */
export async function runCommandLine(argv: readonly string[], system: System): Promise<ExitCode> {
  const wanted = selectCommand(argv);
  const output = { ...readOutputFlags(argv), stream: isStream(wanted, argv) };
  let place: Place | undefined;
  let running: Running | undefined;
  const said = await createReporter(output, system);
  const reporter = placedReporter(
    said,
    () => place,
    () => running,
  );
  let program: Command | undefined;
  try {
    const deps = liveDeps(system, reporter, readAnswerFlags(argv));
    program = await buildProgram(deps, wanted);
    program.hook("preAction", (_, command) => {
      if (wanted?.noStack === true) return;
      place = sharedOptions(command, system);
      running = runningCommand(command);
    });
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: "user" });
    return interruptedCode(system) ?? ExitCode.ok;
  } catch (error) {
    const command = commandOf(program, argv);
    const failure = toFailure(error, command, system);
    if (failure === "done") return ExitCode.ok;
    if (failure === "help") {
      command?.outputHelp();
      return ExitCode.ok;
    }
    if (failure === "interrupted") return interruptedCode(system) ?? ExitCode.interrupted;
    reporter.failure(failure);
    return failure.exitCode;
  }
}

function isStream(wanted: CommandEntry | undefined, argv: readonly string[]): boolean {
  const { stream = false } = wanted ?? {};
  return typeof stream === "string" ? argv.includes(stream) : stream;
}

function interruptedCode(system: System): ExitCode | undefined {
  if (system.interruptedBy === "SIGINT") return ExitCode.interrupted;
  return system.interruptedBy === "SIGTERM" ? ExitCode.terminated : undefined;
}

function toFailure(
  error: unknown,
  command: Command | undefined,
  system: System,
): LmiError | "done" | "help" | "interrupted" {
  if (error instanceof LmiError) return error;
  if (!(error instanceof Error)) return bug(new Error(String(error)));
  // inquirer: Ctrl-C while a question was open.
  if (error.name === "ExitPromptError") return interruptedQuestion(error, command);
  if (system.interruptedBy && error.name === "AbortError") return "interrupted";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (!code.startsWith("commander.")) return bug(error);
  // A command that has subcommands only, without one.
  if (code === "commander.help") return "help";
  if ("exitCode" in error && error.exitCode === 0) return "done";
  return wrongUsage(error, command);
}

function interruptedQuestion(cause: Error, command: Command | undefined): LmiError {
  return new LmiError("LMI_INTERRUPTED", "Interrupted.", {
    why: "The question was not answered, and nothing that it asks about was changed.",
    next: pathOf(command),
    exitCode: ExitCode.interrupted,
    cause,
  });
}

/** The innermost command that the words name, e.g. `lmi local fault`; undefined where they name none. */
function commandOf(program: Command | undefined, argv: readonly string[]): Command | undefined {
  const name = selectCommand(argv)?.name;
  let command = program?.commands.find(named(name));
  if (command === undefined) return undefined;
  for (const word of argv.slice(argv.indexOf(command.name()) + 1)) {
    if (word === "--") break;
    command = command.commands.find(named(word)) ?? command;
  }
  return command;
}

const named = (name: string | undefined) => (command: Command) => command.name() === name;

/** As it is typed. */
function pathOf(command: Command | undefined): string {
  if (command === undefined) return "lmi";
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** commander's message, e.g. `error: unknown option '--forse'\n(Did you mean --force?)`, in lmi's form. */
function wrongUsage(error: Error, command: Command | undefined): LmiError {
  const [line = "", ...suggestion] = error.message.replace(/^error: /, "").split("\n");
  const first = line.replace(/\.$/, "");
  const known = (
    command?.commands.map((each) => each.name()) ?? commands.map(({ name }) => name)
  ).join(", ");
  const unknownCommand = first.startsWith("unknown command");
  return new LmiError("LMI_USAGE", `${first.charAt(0).toUpperCase()}${first.slice(1)}.`, {
    ...(suggestion.length > 0
      ? { why: suggestion.join(" ").replace(/^\((.*)\)$/, "$1") }
      : unknownCommand
        ? { why: `The commands are ${known}.` }
        : {}),
    next: `See: ${pathOf(command)} --help`,
    exitCode: ExitCode.usage,
  });
}

function bug(error: Error): LmiError {
  return new LmiError("LMI_BUG", `lmi itself failed: ${error.message}`, {
    why: error.stack ?? error.message,
    next: "This is a bug in lmi. Please report it with the command line and the lines above.",
    cause: error,
  });
}
