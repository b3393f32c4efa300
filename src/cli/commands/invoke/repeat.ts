import type { InvokeResponse } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";
import type { Deps } from "../../deps.ts";
import type { StepHandle } from "../../output/reporter.ts";
import type { System } from "../../system.ts";

export interface RepeatRequest {
  readonly functionName: string;
  readonly repeat: number;
  readonly concurrency: number;
  readonly once: () => Promise<InvokeResponse>;
}

interface RepeatSummary {
  readonly requests: number;
  readonly answered: number;
  readonly functionErrors: number;
  /** Refused, or answered with a function's error. */
  readonly failed: number;
  /** By error code, e.g. LMI_THROTTLED. */
  readonly refused: Readonly<Record<string, number>>;
  readonly milliseconds: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
  };
  readonly seconds: number;
}

/** Invokes many times, so many at once; every answer is counted, and the answers themselves are not printed. */
export async function invokeRepeatedly(
  request: RepeatRequest,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const tally = new Tally();
  const started = system.now().getTime();
  let next = 0;
  const worker = async (step: StepHandle) => {
    while (next < request.repeat && !system.interrupt.aborted) {
      next += 1;
      // Each worker has one request in flight
      await tally.time(request.once, system);
      step.progress(`${tally.done} of ${request.repeat}`);
    }
  };
  await reporter.step(`Invoking ${request.functionName}`, async (step) => {
    const workers = Math.min(request.concurrency, request.repeat);
    await Promise.all(Array.from({ length: workers }, () => worker(step)));
  });
  const summary = tally.summary((system.now().getTime() - started) / 1000);
  if (system.interrupt.aborted) {
    // What is known by now is what was waited for; the exit code tells of the interruption.
    const left = request.repeat - tally.done;
    reporter.warn(`Interrupted: ${left} of ${request.repeat} requests not sent, or cut off.`);
    return reporter.result(summary, renderRepeat);
  }
  const { failed } = summary;
  if (failed === 0) return reporter.result(summary, renderRepeat);
  reporter.info(renderRepeat(summary));
  throw tally.failure(`${failed} of ${summary.requests} requests failed.`, summary);
}

const atLimit = {
  why: "All environments were at their limit.",
  next: "Raise maxEnvironments or concurrency of the function, or maxVCpu of the capacity provider",
};

/** Lambda's other reason has nothing to do with environments (service model, ThrottleReason). */
function isAtLimit({ code, why = "" }: LmiError): boolean {
  return code === "LMI_THROTTLED" && !why.includes("CallerRateLimitExceeded");
}

class Tally {
  done = 0;
  readonly #times: number[] = [];
  #functionErrors = 0;
  readonly #refused: Record<string, number> = {};
  readonly #first: Record<string, LmiError> = {};

  async time(
    once: () => Promise<InvokeResponse>,
    { now, interrupt }: Pick<System, "now" | "interrupt">,
  ): Promise<void> {
    const started = now().getTime();
    try {
      const answer = await once();
      this.#times.push(now().getTime() - started);
      if (answer.functionError) this.#functionErrors += 1;
    } catch (error) {
      // Cut off by Ctrl-C: whether it would have been answered nobody knows.
      if (interrupt.aborted) return;
      if (!(error instanceof LmiError)) throw error;
      this.#first[error.code] ??= error;
      this.#refused[error.code] = (this.#refused[error.code] ?? 0) + 1;
    }
    this.done += 1;
  }

  /** By what failed most; what scripts decide by must not hide that nothing was wrong with the function. */
  failure(message: string, summary: RepeatSummary): LmiError {
    const [code, count] = Object.entries(this.#refused).reduce(
      (most, each) => (each[1] > most[1] ? each : most),
      ["", 0],
    );
    const first = this.#first[code];
    const details = { ...summary };
    if (first === undefined || count <= this.#functionErrors)
      return new LmiError("LMI_FUNCTION_ERROR", message, { details });
    const { why, exitCode, cause } = first;
    const limit = isAtLimit(first) ? atLimit : undefined;
    const next = limit?.next ?? first.next;
    return new LmiError(first.code, message, {
      why: [limit?.why, first.message, why].filter((line) => line !== undefined).join("\n"),
      ...(next === undefined ? {} : { next }),
      exitCode,
      details,
      cause,
    });
  }

  summary(seconds: number): RepeatSummary {
    const sorted = this.#times.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
    return {
      requests: this.done,
      answered: sorted.length,
      functionErrors: this.#functionErrors,
      failed: this.done - sorted.length + this.#functionErrors,
      refused: this.#refused,
      milliseconds: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
      seconds,
    };
  }
}

function renderRepeat(summary: RepeatSummary): string {
  const { p50, p95, p99, max } = summary.milliseconds;
  const refused = Object.entries(summary.refused).map(([code, count]) => `${count} × ${code}`);
  return [
    `${summary.answered} of ${summary.requests} answered in ${summary.seconds.toFixed(1)} s`,
    `latency  p50 ${p50} ms · p95 ${p95} ms · p99 ${p99} ms · max ${max} ms`,
    ...(summary.functionErrors > 0 ? [`function errors  ${summary.functionErrors}`] : []),
    ...(refused.length > 0 ? [`refused  ${refused.join(", ")}`] : []),
  ].join("\n");
}
