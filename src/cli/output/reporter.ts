import type { LmiError } from "../../errors.ts";

/** What a person may read while a command works; the machine reads `event` and `result`. */
export interface Reporter {
  /** A line of information on stderr; nothing in JSON or quiet mode. */
  info(message: string): void;
  /** A warning on stderr; in JSON mode an event of type `warning`. */
  warn(message: string): void;
  /** A detail on stderr with `--verbose` only. */
  detail(message: string): void;
  /**
   * One step of a longer piece of work: a spinner on a terminal, lines otherwise.
   * In JSON mode `step` events. The handle updates the text while the work runs. Steps may overlap.
   */
  step<T>(label: string, work: (step: StepHandle) => Promise<T>, options?: StepOptions): Promise<T>;
  /**
   * What holds as long as steps run, e.g. what already costs money: on a terminal below them, otherwise with the lines
   * that come while one waits. undefined takes it away.
   */
  standing(text: string | undefined): void;
  /** One line of a stream for machines, `{"v":1,"time":…,"type":type,…data}`; nothing in text mode. */
  event(type: string, data: Readonly<Record<string, unknown>>): void;
  /** Bytes of the answer itself, untouched, to stdout, in both modes. */
  raw(bytes: Uint8Array | string): void;
  /** The one answer of a command, on stdout: `render(data)` for people, `data` for machines. */
  result<T>(data: T, render: (data: T) => string): void;
  failure(error: LmiError): void;
}

export interface StepOptions {
  /** How long such a step usually takes, for whoever waits, e.g. `1–3 min`. */
  readonly usually?: string | undefined;
  /** When it began, where that was before it is shown. */
  readonly since?: Date | undefined;
}

export interface StepHandle {
  /** Replaces what stands behind the label, e.g. `2 of 3 environments`. */
  progress(text: string): void;
  /** It ended at that time, although it is only told now. */
  endedAt(time: Date): void;
}
