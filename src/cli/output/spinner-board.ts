import type { Ora } from "ora";
import type { Palette } from "./palette.ts";
import type { StepHandle, StepOptions } from "./reporter.ts";
import { stepLine } from "./step-line.ts";
import type { Terminal } from "./streams.ts";

interface LiveStep {
  readonly label: string;
  readonly usually: string | undefined;
  readonly started: number;
  progress: string;
  ended: number | undefined;
}

/** The steps that run now, at the bottom of a terminal, the oldest with a spinner; what is done stays above. */
export class SpinnerBoard {
  readonly #terminal: Terminal;
  readonly #palette: Palette;
  readonly #live: LiveStep[] = [];
  #spinner: Ora | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #standing: string | undefined;

  constructor(terminal: Terminal, palette: Palette) {
    this.#terminal = terminal;
    this.#palette = palette;
  }

  async step<T>(
    label: string,
    work: (step: StepHandle) => Promise<T>,
    { usually, since }: StepOptions,
  ): Promise<T> {
    const started = (since ?? this.#terminal.now()).getTime();
    const step: LiveStep = { label, usually, started, progress: "", ended: undefined };
    this.#live.push(step);
    await this.#show();
    try {
      const value = await work({
        progress: (text) => {
          step.progress = text;
          this.#draw();
        },
        endedAt: (time) => (step.ended = time.getTime()),
      });
      this.#finish(step, this.#palette.good("✓"));
      return value;
    } catch (error) {
      this.#finish(step, this.#palette.bad("✗"));
      throw error;
    }
  }

  /** A line below all steps, as long as there are any. */
  standing(text: string | undefined): void {
    this.#standing = text;
    this.#draw();
  }

  async #show(): Promise<void> {
    const { default: ora } = await import("ora");
    // It may have ended while the library was loading.
    if (this.#live.length === 0) return;
    // discardStdin would swallow what a person types for the next prompt, and Ctrl-C with it.
    this.#spinner ??= ora({ prefixText: " ", discardStdin: false });
    this.#draw();
    if (!this.#spinner.isSpinning) this.#spinner.start();
    this.#timer ??= setInterval(() => this.#draw(), 1000);
  }

  #draw(): void {
    if (!this.#spinner) return;
    const [first, ...others] = this.#live.map((step) => this.#text(step, step.usually));
    const below = this.#standing === undefined ? [] : [this.#palette.faint(this.#standing)];
    const lines = others.map((line) => `  … ${line}`);
    this.#spinner.text = [first, ...lines, ...below].join("\n");
  }

  #text({ label, progress, started, ended }: LiveStep, usually?: string): string {
    const milliseconds = (ended ?? this.#terminal.now().getTime()) - started;
    return stepLine({ label, progress, milliseconds, usually });
  }

  #finish(step: LiveStep, sign: string): void {
    this.#live.splice(this.#live.indexOf(step), 1);
    if (this.#live.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.#spinner?.stop();
    } else this.#draw();
    // While it spins, the spinner makes room for what others write.
    this.#terminal.writeStderr(`  ${sign} ${this.#text(step)}\n`);
  }
}
