import type { LmiError } from "../../errors.ts";
import { duration } from "./duration.ts";
import { failureText } from "./failure-text.ts";
import type { Palette } from "./palette.ts";
import type { Reporter, StepHandle } from "./reporter.ts";
import { spinnerStep } from "./spinner-step.ts";
import type { Terminal } from "./streams.ts";

export interface TextReporterOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly palette: Palette;
}

/** Without a terminal a line comes at least this often, so that a CI log never looks dead. */
const lineEveryMilliseconds = 10_000;

/** For people: the answer on stdout, everything else on stderr. */
export class TextReporter implements Reporter {
  readonly #terminal: Terminal;
  readonly #options: TextReporterOptions;

  constructor(terminal: Terminal, options: TextReporterOptions) {
    this.#terminal = terminal;
    this.#options = options;
  }

  info(message: string): void {
    if (!this.#options.quiet) this.#line(message);
  }

  warn(message: string): void {
    this.#line(`${this.#options.palette.notable("warning")} ${message}`);
  }

  detail(message: string): void {
    if (this.#options.verbose) this.#line(this.#options.palette.faint(message));
  }

  async step<T>(label: string, work: (step: StepHandle) => Promise<T>): Promise<T> {
    if (this.#options.quiet) return work({ progress: () => {} });
    if (this.#terminal.stderrIsTerminal) {
      return spinnerStep(label, work, this.#terminal, this.#options.palette);
    }
    return this.#lineStep(label, work);
  }

  event(): void {}

  raw(bytes: Uint8Array | string): void {
    this.#terminal.writeStdout(bytes);
  }

  result<T>(data: T, render: (data: T) => string): void {
    const text = render(data);
    if (text !== "") this.#terminal.writeStdout(text.endsWith("\n") ? text : `${text}\n`);
  }

  failure(error: LmiError): void {
    this.#terminal.writeStderr(failureText(error, this.#options.palette, this.#options.verbose));
  }

  #line(text: string): void {
    this.#terminal.writeStderr(`${text}\n`);
  }

  async #lineStep<T>(label: string, work: (step: StepHandle) => Promise<T>): Promise<T> {
    const started = this.#terminal.now().getTime();
    const elapsed = () => duration(this.#terminal.now().getTime() - started);
    let progress = "";
    const line = (sign: string) =>
      this.#line(`  ${sign} ${[label, progress, elapsed()].filter(Boolean).join("  ")}`);
    this.#line(`  … ${label}`);
    const timer = setInterval(() => line("…"), lineEveryMilliseconds);
    try {
      const value = await work({ progress: (text) => (progress = text) });
      line(this.#options.palette.good("✓"));
      return value;
    } catch (error) {
      line(this.#options.palette.bad("✗"));
      throw error;
    } finally {
      clearInterval(timer);
    }
  }
}
