import { ExitCode, LmiError } from "../errors.ts";
import type { Prompter, Question } from "./prompter.ts";

/** Asks nobody: takes defaults, confirms only with `--yes`, and otherwise names the flag that was missing. */
export class SilentPrompter implements Prompter {
  readonly #yes: boolean;

  constructor(options: { readonly yes: boolean }) {
    this.#yes = options.yes;
  }

  text(question: Question<string>): Promise<string> {
    return answer(question);
  }

  number(question: Question<number>): Promise<number> {
    return answer(question);
  }

  select<T extends string>(question: Question<T>): Promise<T> {
    return answer(question);
  }

  async confirm(question: { readonly message: string; readonly flag: string }): Promise<boolean> {
    if (this.#yes) return true;
    throw new LmiError("LMI_APPROVAL_NEEDED", `Needs approval: ${question.message}`, {
      why: "Nobody can be asked here: there is no terminal, or --no-input was given.",
      next: `Approve it beforehand with ${question.flag}`,
      exitCode: ExitCode.declined,
    });
  }
}

async function answer<T>(question: Question<T>): Promise<T> {
  if (question.default !== undefined) {
    const verdict = question.validate?.(question.default) ?? true;
    if (verdict === true) return question.default;
    throw answerNeeded(question, verdict);
  }
  throw answerNeeded(question, "Nobody can be asked here, and there is no default.");
}

function answerNeeded(
  question: { readonly message: string; readonly flag: string },
  why: string,
): LmiError {
  return new LmiError("LMI_ANSWER_NEEDED", `An answer is missing: ${question.message}`, {
    why,
    next: `Give it with ${question.flag}`,
    exitCode: ExitCode.usage,
  });
}
