import { createHistogram } from "node:perf_hooks";

import { gapsOf } from "../../src/bench/load/arrivals.ts";
import { newHistogram, record } from "../../src/bench/load/latency.ts";
import { type Step, stepOf } from "../../src/bench/step.ts";

/** A function of which everything is known: so many requests at once, each of which takes the same time. */
export interface Queue {
  readonly slots: number;
  readonly serviceMs: number;
  /** Requests beyond the slots are refused, as Lambda does, instead of waiting. */
  readonly refuses?: boolean;
  /** Every so many-th request fails, at once. */
  readonly failsEvery?: number;
}

interface StepRequest {
  readonly seconds?: number;
  readonly seed?: number;
  readonly settleMs?: number;
}

/** What a step at a rate would measure of it, in virtual time: exact, and at once. */
export function rateStep(
  queue: Queue,
  rps: number,
  { seconds = 10, seed = 1, settleMs = 1000 }: StepRequest = {},
): Step {
  const gap = gapsOf({ rate: rps, arrivals: "poisson", seed });
  const window = { from: settleMs, to: settleMs + seconds * 1000 };
  const seen = newResult(seconds);
  const free: number[] = Array.from({ length: queue.slots }, () => 0);
  const middle = settleMs + seconds * 500;
  const [refused, failed] = ["throttled/ConcurrentInvocationLimitExceeded", "function-error/Error"];
  const fail = (kind: string, due: number) => {
    seen.resolved += Number(due >= window.from);
    if (due >= window.from) seen.failures.set(kind, (seen.failures.get(kind) ?? 0) + 1);
  };
  for (let due = gap(); due < window.to; due += gap()) {
    const isMeasured = due >= window.from;
    seen.sent += 1;
    seen.offered += Number(isMeasured);
    if (queue.failsEvery !== undefined && seen.sent % queue.failsEvery === 0) {
      fail(failed, due);
      continue;
    }
    const done = answerOf(queue, free, due);
    if (done === undefined) {
      fail(refused, due);
      continue;
    }
    const isWithin = done >= window.from && done < window.to;
    seen.completed += Number(isWithin);
    seen.resolved += Number(isWithin);
    if (!isMeasured) continue;
    record(seen.latency, done - due);
    const half = seen.halves[due < middle ? 0 : 1];
    half.sum += done - due;
    half.count += 1;
  }
  return stepOf({ kind: "rate", rps }, new Date(0), [seen], undefined);
}

/** When the slot that is free first has answered; undefined where none is free and nothing waits. */
function answerOf({ serviceMs, refuses }: Queue, free: number[], due: number): number | undefined {
  const slot = free.indexOf(Math.min(...free));
  const start = Math.max(due, free[slot] ?? 0);
  if (refuses && start > due) return undefined;
  free[slot] = start + serviceMs;
  return start + serviceMs;
}

const newHalf = (): { sum: number; count: number } => ({ sum: 0, count: 0 });

function newResult(seconds: number) {
  return {
    latency: newHistogram(),
    late: createHistogram(),
    measuredMs: seconds * 1000,
    offered: 0,
    completed: 0,
    resolved: 0,
    halves: [newHalf(), newHalf()] as const,
    failures: new Map<string, number>(),
    sent: 0,
    inFlight: 0,
    overrun: false,
    interrupted: false,
    utilisation: 0.3,
  };
}

/** What so many callers would measure, each of which waits for its answer. */
export function concurrencyStep({ slots, serviceMs }: Queue, callers: number): Step {
  const throughput = (Math.min(callers, slots) * 1000) / serviceMs;
  const seen = newResult(10);
  for (let count = 0; count < 1000; count += 1) record(seen.latency, (callers * 1000) / throughput);
  const requests = throughput * 10;
  const result = {
    ...seen,
    offered: requests,
    completed: requests,
    resolved: requests,
    sent: requests,
  };
  return stepOf({ kind: "concurrency", callers }, new Date(0), [result], undefined);
}
