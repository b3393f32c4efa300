import type { LmiError } from "../../errors.ts";
import type { Reporter, StepHandle, StepOptions } from "./reporter.ts";
import type { Terminal } from "./streams.ts";

/** Version of every JSON line that lmi writes; fields are only ever added. */
export const formatVersion = 1;

/**
 * For machines. `stream`: one JSON object a line, each with `type`, for commands that take long or never end.
 * `document`: the answer, or the failure, is the only thing on stdout.
 */
export class JsonReporter implements Reporter {
  readonly #terminal: Terminal;
  readonly #form: "document" | "stream";

  constructor(terminal: Terminal, form: "document" | "stream") {
    this.#terminal = terminal;
    this.#form = form;
  }

  info(): void {}

  warn(message: string): void {
    if (this.#form === "stream") this.event("warning", { message });
    else this.#terminal.writeStderr(`warning ${message}\n`);
  }

  detail(): void {}

  async step<T>(
    label: string,
    work: (step: StepHandle) => Promise<T>,
    { since, usually }: StepOptions = {},
  ): Promise<T> {
    const started = (since ?? this.#terminal.now()).getTime();
    let ended: Date | undefined;
    const say = (status: string, detail?: string) =>
      this.event("step", {
        label,
        status,
        ...(detail === undefined ? {} : { detail }),
        ...(status === "started" && usually !== undefined ? { usually } : {}),
        milliseconds: Math.max(0, (ended ?? this.#terminal.now()).getTime() - started),
      });
    say("started");
    try {
      const value = await work({
        progress: (text) => say("progress", text),
        endedAt: (time) => (ended = time),
      });
      say("done");
      return value;
    } catch (error) {
      say("failed");
      throw error;
    }
  }

  standing(): void {}

  event(type: string, data: Readonly<Record<string, unknown>>): void {
    if (this.#form === "stream")
      this.#line({ v: formatVersion, time: this.#terminal.now(), type, ...data });
  }

  raw(bytes: Uint8Array | string): void {
    this.#terminal.writeStdout(bytes);
  }

  result(data: unknown): void {
    if (this.#form === "stream") {
      this.#line({
        v: formatVersion,
        time: this.#terminal.now(),
        type: "result",
        ...asObject(data),
      });
      return;
    }
    const indent = this.#terminal.stdoutIsTerminal ? 2 : undefined;
    this.#terminal.writeStdout(`${JSON.stringify(data, undefined, indent)}\n`);
  }

  failure(error: LmiError): void {
    this.#line({
      ...error.details,
      v: formatVersion,
      time: this.#terminal.now(),
      type: "error",
      code: error.code,
      message: error.message,
      ...(error.why === undefined ? {} : { why: error.why }),
      ...(error.next === undefined ? {} : { next: error.next }),
      exitCode: error.exitCode,
    });
  }

  #line(value: object): void {
    this.#terminal.writeStdout(`${JSON.stringify(value)}\n`);
  }
}

function asObject(data: unknown): object {
  return typeof data === "object" && data !== null ? data : { value: data };
}
