import type { LmiError } from "../../errors.ts";
import { failureText } from "./failure-text.ts";
import type { Palette } from "./palette.ts";
import type { Reporter, StepHandle, StepOptions } from "./reporter.ts";
import { SpinnerBoard } from "./spinner-board.ts";
import { stepLine } from "./step-line.ts";
import type { Terminal } from "./streams.ts";
import { wrap } from "./wrap.ts";

export interface TextReporterOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly palette: Palette;
  /** Steps are drawn again and again, which only a real terminal can show. */
  readonly spinner: boolean;
}

/** Without a terminal a line comes at least this often, so that a CI log never looks dead. */
const lineEveryMilliseconds = 10_000;

/** For people: the answer on stdout, everything else on stderr. */
export class TextReporter implements Reporter {
  readonly #terminal: Terminal;
  readonly #options: TextReporterOptions;
  readonly #board: SpinnerBoard;
  #standing: string | undefined;
  #toldStanding = 0;

  constructor(terminal: Terminal, options: TextReporterOptions) {
    this.#terminal = terminal;
    this.#options = options;
    this.#board = new SpinnerBoard(terminal, options.palette);
  }

  info(message: string): void {
    if (!this.#options.quiet) this.#line(message);
  }

  warn(message: string): void {
    const [first = "", ...others] = this.#broken(`warning ${message}`, 8);
    this.#line(
      [first.replace("warning", this.#options.palette.notable("warning")), ...others].join("\n"),
    );
  }

  detail(message: string): void {
    if (this.#options.verbose) this.#line(this.#options.palette.faint(message));
  }

  async step<T>(
    label: string,
    work: (step: StepHandle) => Promise<T>,
    options: StepOptions = {},
  ): Promise<T> {
    if (this.#options.quiet) return work({ progress: () => {}, endedAt: () => {} });
    if (this.#options.spinner) return this.#board.step(label, work, options);
    return this.#lineStep(label, work, options);
  }

  standing(text: string | undefined): void {
    this.#standing = text;
    if (this.#options.spinner && !this.#options.quiet) this.#board.standing(text);
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
    const { palette, verbose } = this.#options;
    this.#terminal.writeStderr(
      failureText(error, palette, { verbose, wraps: this.#terminal.stderrIsTerminal }),
    );
  }

  /** Sentences are broken for eyes; a log that is searched keeps its lines whole. */
  #broken(text: string, indent: number): string[] {
    const lines = text.split("\n");
    if (!this.#terminal.stderrIsTerminal) return lines;
    return lines.flatMap((line) => wrap(line, indent).split("\n"));
  }

  #line(text: string): void {
    this.#terminal.writeStderr(`${text}\n`);
  }

  async #lineStep<T>(
    label: string,
    work: (step: StepHandle) => Promise<T>,
    { usually, since }: StepOptions,
  ): Promise<T> {
    const started = (since ?? this.#terminal.now()).getTime();
    let progress = "";
    let ended: number | undefined;
    const line = (sign: string, usual?: string) => {
      const milliseconds = (ended ?? this.#terminal.now().getTime()) - started;
      this.#line(`  ${sign} ${stepLine({ label, progress, milliseconds, usually: usual })}`);
    };
    this.#line(`  … ${label}`);
    const waits = () => {
      line("…", usually);
      this.#sayStanding();
    };
    const timer = setInterval(waits, lineEveryMilliseconds);
    try {
      const value = await work({
        progress: (text) => (progress = text),
        endedAt: (time) => (ended = time.getTime()),
      });
      line(this.#options.palette.good("✓"));
      return value;
    } catch (error) {
      line(this.#options.palette.bad("✗"));
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  /** Once for all steps that wait at the same time. */
  #sayStanding(): void {
    const now = this.#terminal.now().getTime();
    if (this.#standing === undefined || now - this.#toldStanding < lineEveryMilliseconds / 2)
      return;
    this.#toldStanding = now;
    this.#line(`    ${this.#standing}`);
  }
}
