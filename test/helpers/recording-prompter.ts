import type { Choice, Prompter, Question } from "../../src/cli/prompter.ts";

/** Answers by flag, e.g. `{"--max-vcpu": 30}`; what has no answer takes the default. Remembers every question. */
export class RecordingPrompter implements Prompter {
  readonly asked: string[] = [];
  readonly #answers: Readonly<Record<string, unknown>>;

  constructor(answers: Readonly<Record<string, unknown>> = {}) {
    this.#answers = answers;
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
    this.asked.push(question.message);
    return this.#answers[question.flag] === true;
  }

  async #answer<T>(question: Question<T>): Promise<T> {
    this.asked.push(question.message);
    const answer = (this.#answers[question.flag] as T | undefined) ?? question.default;
    if (answer === undefined) throw new Error(`no answer for ${question.flag}`);
    const verdict = question.validate?.(answer) ?? true;
    if (verdict !== true) throw new Error(`${question.flag}: ${verdict}`);
    return answer;
  }
}
