import { ExitCode, LmiError } from "../errors.ts";
import type { Choice, Prompter, Question } from "./prompter.ts";

/** Asks nobody: with `--yes` takes defaults and confirms, otherwise names the flag that was missing. */
export class SilentPrompter implements Prompter {
  readonly #yes: boolean;

  constructor(options: { readonly yes: boolean }) {
    this.#yes = options.yes;
  }

  text(question: Question<string>): Promise<string> {
    return this.#answer(question);
  }

  number(question: Question<number>): Promise<number> {
    return this.#answer(question);
  }

  select<T extends string>(
    question: Question<T> & { readonly choices: readonly Choice<T>[] },
  ): Promise<T> {
    return this.#answer(question);
  }

  async confirm(question: { readonly message: string; readonly flag: string }): Promise<boolean> {
    if (this.#yes) return true;
    throw new LmiError("LMI_APPROVAL_NEEDED", `Needs approval: ${question.message}`, {
      why: "Nobody can be asked here: there is no terminal, or --no-input was given.",
      next: `Approve it beforehand with ${question.flag}`,
      exitCode: ExitCode.declined,
    });
  }

  /** A default may decide what something costs, so it is taken only where `--yes` says so. */
  async #answer<T>(question: Question<T>): Promise<T> {
    if (question.default === undefined) {
      throw answerNeeded(question, "Nobody can be asked here, and there is no default.");
    }
    if (!this.#yes) throw answerNeeded(question, "Nobody can be asked here.", question.default);
    const verdict = question.validate?.(question.default) ?? true;
    if (verdict === true) return question.default;
    throw answerNeeded(question, verdict);
  }
}

function answerNeeded(
  question: { readonly message: string; readonly flag: string },
  why: string,
  preset?: unknown,
): LmiError {
  const alternative =
    preset === undefined ? "" : `, or take the default ${JSON.stringify(preset)} with --yes`;
  return new LmiError("LMI_ANSWER_NEEDED", `An answer is missing: ${question.message}`, {
    why,
    next: `Give it with ${question.flag}${alternative}`,
    exitCode: ExitCode.usage,
  });
}
