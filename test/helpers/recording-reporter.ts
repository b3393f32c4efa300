import type { LmiError } from "../../src/errors.ts";
import type { Reporter, StepHandle } from "../../src/cli/output/reporter.ts";

/** Remembers what a command said, in order; steps run their work at once. */
export class RecordingReporter implements Reporter {
  readonly said: string[] = [];
  readonly events: { readonly type: string; readonly [key: string]: unknown }[] = [];
  readonly results: unknown[] = [];
  /** What a person would have read as the answer. */
  readonly rendered: string[] = [];
  readonly failures: LmiError[] = [];
  stdout = "";

  info(message: string): void {
    this.said.push(`info ${message}`);
  }
  warn(message: string): void {
    this.said.push(`warn ${message}`);
  }
  detail(message: string): void {
    this.said.push(`detail ${message}`);
  }
  async step<T>(label: string, work: (step: StepHandle) => Promise<T>): Promise<T> {
    this.said.push(`step ${label}`);
    return work({
      progress: (text) => void this.said.push(`progress ${label}: ${text}`),
      endedAt: () => undefined,
    });
  }
  standing(text: string | undefined): void {
    if (text !== undefined) this.said.push(`standing ${text}`);
  }
  event(type: string, data: Readonly<Record<string, unknown>>): void {
    this.events.push({ ...data, type });
  }
  raw(bytes: Uint8Array | string): void {
    this.stdout += typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
  }
  result<T>(data: T, render: (data: T) => string): void {
    this.results.push(data);
    this.rendered.push(render(data));
  }
  failure(error: LmiError): void {
    this.failures.push(error);
  }
}
