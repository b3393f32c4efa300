import type { Choice, Prompter, Question } from "./prompter.ts";

interface Streams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** Questions on a terminal. Ctrl-C rejects with inquirer's ExitPromptError, which `main` turns into exit 130. */
export class TerminalPrompter implements Prompter {
  readonly #streams: Streams;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  async text(question: Question<string>): Promise<string> {
    const { input } = await import("@inquirer/prompts");
    return input(common(question), this.#streams);
  }

  async number(question: Question<number>): Promise<number> {
    const { number } = await import("@inquirer/prompts");
    const { message, default: preset, validate } = question;
    return number(
      {
        message,
        required: true,
        ...(preset === undefined ? {} : { default: preset }),
        validate: (value) =>
          value === undefined ? "A number is needed." : (validate?.(value) ?? true),
      },
      this.#streams,
    );
  }

  async select<T extends string>(
    question: Question<T> & { readonly choices: readonly Choice<T>[] },
  ): Promise<T> {
    const { select } = await import("@inquirer/prompts");
    return select<T>(
      {
        message: question.message,
        choices: question.choices.map(({ value, name, hint }) => ({
          value,
          name: hint === undefined ? name : `${name}   ${hint}`,
          short: name,
        })),
        ...(question.default === undefined ? {} : { default: question.default }),
      },
      this.#streams,
    );
  }

  async confirm(question: { readonly message: string }): Promise<boolean> {
    const { confirm } = await import("@inquirer/prompts");
    return confirm({ message: question.message, default: false }, this.#streams);
  }
}

function common(question: Question<string>) {
  const { message, default: preset, validate } = question;
  return {
    message,
    ...(preset === undefined ? {} : { default: preset }),
    ...(validate === undefined ? {} : { validate }),
  };
}
