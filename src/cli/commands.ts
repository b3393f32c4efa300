import type { Command } from "commander";

import type { Deps } from "./deps.ts";
import { sharedFlags } from "./shared-options.ts";

type CommandGroup =
  | "From handler to running function"
  | "In operation"
  | "Before you deploy"
  | "More";

export interface CommandEntry {
  readonly name: string;
  /** The same words as the command's own description; kept here so that help loads no command. */
  readonly summary: string;
  /** The heading under which `lmi --help` lists it. */
  readonly group: CommandGroup;
  /** Its `--json` is one object a line, because it takes long or never ends: always, or with this flag. */
  readonly stream?: true | "--watch";
  /** What it says is about no stack of the user's, or is a text that others read: commands in it stay as they are. */
  readonly noStack?: true;
  readonly load: (deps: Deps, program: () => Promise<Command>) => Promise<Command>;
}

/** Every command, in the order of `lmi --help`. Each is loaded only when it is the one that runs. */
export const commands: readonly CommandEntry[] = [
  {
    name: "init",
    noStack: true,
    group: "From handler to running function",
    summary: "Write a new project: settings, handler, sample event, test",
    load: async (deps) => (await import("./commands/init.ts")).initCommand(deps),
  },
  {
    name: "deploy",
    group: "From handler to running function",
    summary: "Show changes and cost, ask, deploy, wait until it answers",
    stream: true,
    load: async (deps) => (await import("./commands/deploy.ts")).deployCommand(deps),
  },
  {
    name: "dev",
    group: "From handler to running function",
    summary: "Run the functions on this machine as on AWS, anew on each save",
    stream: true,
    load: async (deps) => (await import("./commands/dev.ts")).devCommand(deps),
  },
  {
    name: "push",
    group: "In operation",
    summary: "Bring new code to a deployed function, in seconds",
    stream: true,
    load: async (deps) => (await import("./commands/push.ts")).pushCommand(deps),
  },
  {
    name: "rollback",
    group: "In operation",
    summary: "Go back to the code before, in seconds",
    stream: true,
    load: async (deps) => (await import("./commands/rollback.ts")).rollbackCommand(deps),
  },
  {
    name: "invoke",
    group: "From handler to running function",
    summary: "Invoke a function and print its raw answer",
    load: async (deps) => (await import("./commands/invoke.ts")).invokeCommand(deps),
  },
  {
    name: "logs",
    group: "From handler to running function",
    summary: "Show what functions and capacity providers log, on one timeline",
    stream: true,
    load: async (deps) => (await import("./commands/logs.ts")).logsCommand(deps),
  },
  {
    name: "status",
    group: "From handler to running function",
    summary: "Show what exists and how it is doing",
    stream: "--watch",
    load: async (deps) => (await import("./commands/status.ts")).statusCommand(deps),
  },
  {
    name: "destroy",
    group: "From handler to running function",
    summary: "Delete everything and prove that nothing is left",
    stream: true,
    load: async (deps) => (await import("./commands/destroy.ts")).destroyCommand(deps),
  },
  {
    name: "list",
    group: "In operation",
    summary: "List every stack and capacity provider of the account",
    load: async (deps) => (await import("./commands/list.ts")).listCommand(deps),
  },
  {
    name: "versions",
    group: "In operation",
    summary: "List published versions, and delete old ones",
    load: async (deps) => (await import("./commands/versions.ts")).versionsCommand(deps),
  },
  {
    name: "pause",
    group: "In operation",
    summary: "Scale to zero, keeping the stack; requests fail",
    stream: true,
    load: async (deps) => (await import("./commands/pause.ts")).pauseCommand(deps),
  },
  {
    name: "resume",
    group: "In operation",
    summary: "Start what is paused, and wait until it answers",
    stream: true,
    load: async (deps) => (await import("./commands/resume.ts")).resumeCommand(deps),
  },
  {
    name: "bench",
    group: "In operation",
    summary: "Put load on a function, find its knee, propose settings",
    stream: true,
    load: async (deps) => (await import("./commands/bench.ts")).benchCommand(deps),
  },
  {
    name: "synth",
    noStack: true,
    group: "Before you deploy",
    summary: "Print the CloudFormation template; needs no AWS account",
    load: async (deps) => (await import("./commands/synth.ts")).synthCommand(deps),
  },
  {
    name: "diff",
    group: "Before you deploy",
    summary: "Show what a deploy would change, and what that costs",
    load: async (deps) => (await import("./commands/diff.ts")).diffCommand(deps),
  },
  {
    name: "validate",
    group: "Before you deploy",
    summary: "Check settings and template, without an AWS account",
    load: async (deps) => (await import("./commands/validate.ts")).validateCommand(deps),
  },
  {
    name: "cost",
    group: "Before you deploy",
    summary: "Say what it costs, and when ordinary Lambda costs less",
    load: async (deps) => (await import("./commands/cost.ts")).costCommand(deps),
  },
  {
    name: "doctor",
    group: "Before you deploy",
    summary: "Check account, network, permissions and tools before a deploy",
    load: async (deps) => (await import("./commands/doctor.ts")).doctorCommand(deps),
  },
  {
    name: "race",
    noStack: true,
    group: "Before you deploy",
    summary: "Find state that leaks between concurrent requests",
    stream: true,
    load: async (deps) => (await import("./commands/race.ts")).raceCommand(deps),
  },
  {
    name: "explain",
    noStack: true,
    group: "More",
    summary: "Say what an error code means and what mends it",
    load: async (deps) => (await import("./commands/explain.ts")).explainCommand(deps),
  },
  {
    name: "eject",
    group: "More",
    summary: "Write the stack as a CDK project that needs no lmi",
    load: async (deps) => (await import("./commands/eject.ts")).ejectCommand(deps),
  },
  {
    name: "bootstrap",
    group: "More",
    summary: "Prepare account and region for deployments",
    stream: true,
    load: async (deps) => (await import("./commands/bootstrap.ts")).bootstrapCommand(deps),
  },
  {
    name: "local",
    group: "More",
    summary: "Start, stop and inspect the local target",
    load: async (deps) => (await import("./commands/local.ts")).localCommand(deps),
  },
  {
    name: "completion",
    noStack: true,
    group: "More",
    summary: "Print a completion script for bash, zsh or fish",
    load: async (deps, program) =>
      (await import("./commands/completion.ts")).completionCommand(deps, program),
  },
];

const flagsWithValue = new Set(
  sharedFlags.filter(({ flags }) => flags.includes("<")).map(({ flags }) => flags.split(" ")[0]),
);

/** The command that a command line names, found without parsing the rest; `lmi help deploy` names deploy. */
export function selectCommand(argv: readonly string[]): CommandEntry | undefined {
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? "";
    if (word === "--") return undefined;
    if (flagsWithValue.has(word)) index += 1;
    else if (word !== "help" && !word.startsWith("-")) {
      return commands.find(({ name }) => name === word);
    }
  }
  return undefined;
}
