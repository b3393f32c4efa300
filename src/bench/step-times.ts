import type { LoadSpec } from "./load/load-spec.ts";
import type { StepLoad } from "./step.ts";

/** What the times of a step depend on. Milliseconds. */
export interface Pace {
  /** As asked for. */
  readonly durationMs: number;
  /** That a request takes while none waits; undefined: not known yet. */
  readonly meanMs: number | undefined;
  /** After which Lambda itself must have answered. */
  readonly timeoutMs: number;
  /** Wanted 99th percentile; undefined: any. */
  readonly p99: number | undefined;
}

export type StepTimes = Pick<LoadSpec, "settleMs" | "measureMs" | "drainMs" | "maxInFlight">;

/** Connections that one run opens at most: each is a file of this process. */
const mostInFlight = 5000;
/** Ten samples beyond the 99th percentile. */
const enoughForP99 = 1000;
/** No step is longer than so many times what was asked for. */
const longest = 3;
/** The last request may be given up by its connection, with its reason, before the step gives it up without one. */
const graceMs = 1000;

/**
 * A step settles until as many requests are under way as its rate keeps there, which takes as long as one request; it
 * ends when everything that was due in it has an answer, or would have been given up by Lambda.
 */
export function timesOf(load: StepLoad, pace: Pace): StepTimes {
  const { durationMs, meanMs = 0, timeoutMs } = pace;
  return {
    settleMs: Math.max(Math.min(5000, Math.max(200, durationMs / 5)), 1.5 * meanMs),
    measureMs: measuredMs(load, pace),
    drainMs: Math.max(10_000, timeoutMs + graceMs),
    maxInFlight: mostUnderWay(load, meanMs),
  };
}

/** Of the few callers before the first step: what a request takes, and whether any is answered. */
export function warmUpTimes({
  durationMs,
  timeoutMs,
}: Pick<Pace, "durationMs" | "timeoutMs">): StepTimes {
  return {
    settleMs: 0,
    measureMs: durationMs,
    drainMs: Math.max(durationMs + 10_000, timeoutMs + graceMs),
    maxInFlight: Infinity,
  };
}

/** Long enough for a 99th percentile, where one is wanted. */
function measuredMs(load: StepLoad, { durationMs, p99 }: Pace): number {
  if (p99 === undefined || load.kind === "concurrency") return durationMs;
  const wanted = (enoughForP99 / load.rps) * 1000;
  return Math.max(durationMs, Math.min(wanted, longest * durationMs));
}

/** Five seconds' worth of requests, or four times what the function needs: with more, only a queue grows. */
function mostUnderWay(load: StepLoad, meanMs: number): number {
  if (load.kind === "concurrency") return Infinity;
  return Math.min(mostInFlight, Math.max(256, 4 * underWay(load.rps, meanMs), 5 * load.rps));
}

/** Whether the function alone, with no queue at all, needs about as many requests under way as are let. */
export function isCapped(load: StepLoad, meanMs: number | undefined): boolean {
  return load.kind === "rate" && 2 * underWay(load.rps, meanMs ?? 0) > mostInFlight;
}

/** Little's law. */
const underWay = (rps: number, meanMs: number) => (rps * meanMs) / 1000;
