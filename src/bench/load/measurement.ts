import { performance, type RecordableHistogram } from "node:perf_hooks";

import { newHistogram, record } from "./latency.ts";
import type { LoadSpec } from "./load-spec.ts";
import type { Outcome } from "./sender.ts";

/** What one thread saw of one load; goes to the main thread as a message. */
export interface LoadResult {
  /** From when a request was due to its answer; of those that were answered. */
  readonly latency: RecordableHistogram;
  /** How much later than due requests started: the generator's own fault. */
  readonly late: RecordableHistogram;
  /** Milliseconds measured. */
  readonly measuredMs: number;
  /** Requests due in that time. */
  readonly offered: number;
  /** Answers that came in that time, to whatever was sent before. */
  readonly completed: number;
  /** Requests that came to an end in that time, failed ones too: as many as are due, unless a queue grows. */
  readonly resolved: number;
  /** Latencies of requests due in the first and in the second half of that time. */
  readonly halves: readonly [Latencies, Latencies];
  /** Requests of that time that were not answered, by `kind` and `name`, as `throttled/Reason`. */
  readonly failures: ReadonlyMap<string, number>;
  /** All that were sent, those that were not measured too. */
  readonly sent: number;
  /** The most under way at once. */
  readonly inFlight: number;
  /** Ended early at `maxInFlight`. */
  readonly overrun: boolean;
  /** Ended early since too many failed, or since nothing more may be spent. */
  readonly stopped?: "errors" | "budget" | undefined;
  /** Ended early by the signal. */
  readonly interrupted: boolean;
  /** Part of the time that this thread's event loop was busy, 0–1. */
  readonly utilisation: number;
}

type Limits = Pick<LoadSpec, "maxErrors" | "allowance">;

/** Fewer may fail by chance. */
const enoughToTell = 100;

const isError = (kind: Outcome["kind"]) =>
  kind === "function-error" || kind === "refused" || kind === "unreachable";

/** Milliseconds, added up. */
export interface Latencies {
  readonly sum: number;
  readonly count: number;
}

class Sum {
  sum = 0;
  count = 0;

  add(milliseconds: number): void {
    this.sum += milliseconds;
    this.count += 1;
  }
}

/** Counts the requests of one load as they start and end. */
export class Measurement {
  readonly #latency = newHistogram();
  readonly #late = newHistogram();
  readonly #failures = new Map<string, number>();
  /** Of requests that are not measured: what is told where they end the load. */
  readonly #failuresBefore = new Map<string, number>();
  readonly #began = performance.eventLoopUtilization();
  readonly #from: number;
  #to: number;
  readonly #middle: number;
  readonly #halves = [new Sum(), new Sum()] as const;
  #offered = 0;
  #completed = 0;
  #resolved = 0;
  #sent = 0;
  #most = 0;
  #done = 0;
  #failed = 0;
  inFlight = 0;

  /** @param from performance.now() where measuring begins, and `to` where it ends */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
    this.#middle = (from + to) / 2;
  }

  started(due: number, now: number): void {
    this.#sent += 1;
    this.inFlight += 1;
    if (this.inFlight > this.#most) this.#most = this.inFlight;
    if (!this.#isMeasured(due)) return;
    this.#offered += 1;
    record(this.#late, now - due);
  }

  /** Latency counts from when the request was due: a late start does not hide that somebody waited. */
  ended(due: number, { kind, name }: Outcome): void {
    const now = performance.now();
    this.inFlight -= 1;
    this.#done += 1;
    if (isError(kind)) this.#failed += 1;
    if (this.#isMeasured(now)) {
      if (kind === "answered") this.#completed += 1;
      if (kind !== "cut-off" && kind !== "not-sent") this.#resolved += 1;
    }
    const isMeasured = this.#isMeasured(due);
    if (kind === "answered") return isMeasured ? this.#answered(due, now - due) : undefined;
    const failures = isMeasured ? this.#failures : this.#failuresBefore;
    const key = `${kind}/${name}`;
    failures.set(key, (failures.get(key) ?? 0) + 1);
  }

  /** Why the load must not go on; undefined: it may. */
  stopReason({ maxErrors = 1, allowance }: Limits, elapsedMs: number): LoadResult["stopped"] {
    if (this.#done > enoughToTell && this.#failed > maxErrors * this.#done) return "errors";
    if (allowance === undefined) return undefined;
    const { usd, perRequest, perMs } = allowance;
    return (this.#sent + 1) * perRequest + elapsedMs * perMs > usd ? "budget" : undefined;
  }

  #answered(due: number, milliseconds: number): void {
    record(this.#latency, milliseconds);
    this.#halves[due < this.#middle ? 0 : 1].add(milliseconds);
  }

  /** Nothing that is due from now on is of this load. */
  stop(now: number): void {
    this.#to = Math.min(this.#to, now);
  }

  result(how: Pick<LoadResult, "overrun" | "stopped" | "interrupted">): LoadResult {
    return {
      latency: this.#latency,
      late: this.#late,
      measuredMs: Math.max(0, this.#to - this.#from),
      offered: this.#offered,
      completed: this.#completed,
      resolved: this.#resolved,
      halves: this.#halves,
      failures: this.#to <= this.#from ? this.#failuresBefore : this.#failures,
      sent: this.#sent,
      inFlight: this.#most,
      utilisation: performance.eventLoopUtilization(this.#began).utilization,
      ...how,
    };
  }

  #isMeasured(time: number): boolean {
    return time >= this.#from && time < this.#to;
  }
}
