import type { Deps } from "./deps.ts";
import type { AnswerFlags } from "./output-flags.ts";
import type { Reporter } from "./output/reporter.ts";
import { SilentPrompter } from "./silent-prompter.ts";
import type { Prompter } from "./prompter.ts";
import type { System } from "./system.ts";

/** The one composition of everything a command may touch. AWS, prompts and the local target load when they are used. */
export function liveDeps(system: System, reporter: Reporter, flags: AnswerFlags): Deps {
  return {
    system,
    reporter,
    prompter: prompterFor(system, flags),
    aws: async (options) => {
      const { connectTarget } = await import("./connect-target.ts");
      return connectTarget(options, { system, reporter });
    },
  };
}

function prompterFor(system: System, { yes, input }: AnswerFlags): Prompter {
  if (yes || !input || !system.stdinIsTerminal || !system.stderrIsTerminal) {
    return new SilentPrompter({ yes });
  }
  return lazyPrompter(async () => {
    const [{ TerminalPrompter }, { promptStreams }] = await Promise.all([
      import("./terminal-prompter.ts"),
      import("./live-system.ts"),
    ]);
    return new TerminalPrompter(promptStreams());
  });
}

function lazyPrompter(load: () => Promise<Prompter>): Prompter {
  return {
    text: async (question) => (await load()).text(question),
    number: async (question) => (await load()).number(question),
    select: async (question) => (await load()).select(question),
    confirm: async (question) => (await load()).confirm(question),
  };
}
