import { Argument, Command } from "commander";

import type { Deps } from "../deps.ts";
import { examples } from "../shared-options.ts";
import { completionScript, shells } from "./completion/script.ts";
import type { Shell, Words } from "./completion/script.ts";

export function completionCommand(
  deps: Deps,
  program: () => Promise<Command>,
  run: typeof runCompletion = runCompletion,
): Command {
  return new Command("completion")
    .description("Print a completion script for bash, zsh or fish")
    .addArgument(new Argument("<shell>", "whose completion").choices(shells))
    .addHelpText(
      "after",
      examples([
        [`eval "$(lmi completion bash)"`, "in ~/.bashrc"],
        [`eval "$(lmi completion zsh)"`, "in ~/.zshrc"],
        ["lmi completion fish | source", "in ~/.config/fish/config.fish"],
      ]),
    )
    .action((shell: Shell) => run(shell, program, deps));
}

export async function runCompletion(
  shell: Shell,
  program: () => Promise<Command>,
  { reporter }: Pick<Deps, "reporter">,
): Promise<void> {
  reporter.raw(completionScript(shell, wordsOf(await program())));
}

/** Every command line's next words, as the program itself declares them. */
export function wordsOf(program: Command): Words[] {
  const shared = optionsOf(program);
  const visit = (command: Command, path: readonly string[]): Words[] => [
    {
      path,
      commands: command.commands.map((child) => ({
        name: child.name(),
        description: child.description(),
      })),
      options: path.length === 0 ? shared : [...optionsOf(command), ...shared],
    },
    ...command.commands.flatMap((child) => visit(child, [...path, child.name()])),
  ];
  return visit(program, []);
}

function optionsOf(command: Command): Words["options"] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description, argChoices, flags }) =>
      long
        ? [{ name: long, description, choices: argChoices ?? [], takesValue: /[<[]/.test(flags) }]
        : [],
    );
}
