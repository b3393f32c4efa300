/**
 * Questions to a person. Each names the flag that answers it beforehand: without a terminal, or with
 * `--no-input`, a question becomes an error that names that flag; `--yes` takes the default instead.
 */
export interface Prompter {
  text(question: Question<string>): Promise<string>;
  number(question: Question<number>): Promise<number>;
  select<T extends string>(
    question: Question<T> & { readonly choices: readonly Choice<T>[] },
  ): Promise<T>;
  /** False is a declined prompt; `--yes` answers true. Nobody to ask: LMI_APPROVAL_NEEDED, exit 4. */
  confirm(question: { readonly message: string; readonly flag: string }): Promise<boolean>;
}

export interface Question<T> {
  readonly message: string;
  /** The flag that gives the same answer, e.g. `--max-vcpu`. */
  readonly flag: string;
  readonly default?: T;
  readonly validate?: (answer: T) => true | string;
}

export interface Choice<T> {
  readonly value: T;
  readonly name: string;
  readonly hint?: string;
}
