import { countOf, type Step } from "./step.ts";

/**
 * What a step showed. `holds`: answered as fast as it was asked, and within the wanted time. `slow`: kept up, but not
 * within that time. `saturated`: did not keep up. `generator`: this machine did not. `failing`: too many errors to tell.
 */
export type Verdict = "holds" | "slow" | "saturated" | "generator" | "failing";

/** Where the function stops keeping up. Rates are requests a second. */
export interface Knee {
  /** What it can answer at most, as well as the steps tell. */
  readonly rps: number;
  /** The highest rate that held (0: none), and the lowest that did not. */
  readonly from: number;
  readonly to: number | undefined;
  /** Requests under way at once there (Little's law); undefined where no step tells the latency. */
  readonly concurrency: number | undefined;
  /** What ended it; `none`: no step got there. */
  readonly limit: Exclude<Verdict, "holds"> | "throttles" | "none";
}

/** So much of what is asked must be answered: less, and what waits grows and grows. */
const keptUp = 0.97;
/** Refusals that do not matter yet. */
const fewThrottles = 0.01;
/** Requests that this machine could not send, which do not matter yet. */
const fewNotSent = 0.01;
const failingShare = 0.1;

/** @param p99 milliseconds that the 99th percentile may take; undefined: any */
export function verdictOf(step: Step, p99: number | undefined): Verdict {
  if (countOf(step.generator.notSent ?? {}) > fewNotSent * step.requests) return "generator";
  if (step.stopped === "errors" || errorShare(step) > failingShare) return "failing";
  const verdict = keepsUp(step) ? timely(step, p99) : "saturated";
  if (verdict === "holds" || isThrottled(step)) return verdict;
  return isOwnDelay(step) ? "generator" : verdict;
}

/** In a short step one answer more or less at its edges is no queue that grows: Little's law says how many there may be. */
function keepsUp(step: Step): boolean {
  const { requests, throughput, seconds, latency, unanswered, overrun } = step;
  if (unanswered > 0 || overrun || isThrottled(step)) return false;
  if (step.load.kind === "concurrency") return true;
  const underWay = (throughput * (latency?.mean ?? 0)) / 1000;
  return throughput * seconds >= keptUp * requests - edge - Math.sqrt(underWay);
}

const edge = 3;

/** Most of what requests waited, they waited for this machine to send them. */
function isOwnDelay({ generator, latency }: Step): boolean {
  return generator.limited && generator.lateP99 > (latency?.p99 ?? 0) / 2;
}

function timely({ latency }: Step, p99: number | undefined): Verdict {
  return p99 !== undefined && (latency === undefined || latency.p99 > p99) ? "slow" : "holds";
}

export function errorShare({ errors, requests }: Step): number {
  return requests === 0 ? 0 : countOf(errors) / requests;
}

function isThrottled({ throttled, requests }: Step): boolean {
  return countOf(throttled) > fewThrottles * requests;
}

/**
 * The knee of steps of either kind; interrupted ones tell nothing.
 *
 * Of rates: what the function answers where more is asked than it can is its capacity; it lies between the highest rate
 * that held and the lowest that did not. Of concurrency: where the line of a function without queues meets the highest
 * throughput, the bend of the asymptotes of operational analysis (Lazowska et al., Quantitative System Performance, 5).
 */
export function kneeOf(steps: readonly Step[], p99: number | undefined): Knee | undefined {
  const whole = steps.filter(({ interrupted, requests }) => !interrupted && requests > 0);
  const rates = whole.filter(({ load }) => load.kind === "rate");
  if (rates.length > 0) return kneeOfRates(rates, p99);
  return whole.length > 0 ? kneeOfConcurrency(whole, p99) : undefined;
}

function kneeOfRates(steps: readonly Step[], p99: number | undefined): Knee {
  const judged = steps
    .map((step) => ({ step, rps: rateOf(step), verdict: verdictOf(step, p99) }))
    .toSorted((one, other) => one.rps - other.rps);
  const broken = judged.find(({ verdict }) => verdict !== "holds");
  const below = judged.filter(
    ({ rps, verdict }) => verdict === "holds" && rps < (broken?.rps ?? Infinity),
  );
  const last = below.at(-1);
  const from = last?.rps ?? 0;
  const full = judged.filter(({ rps, verdict }) => verdict === "saturated" && rps > from);
  // Measured at the lowest overload: far beyond it many systems answer less than they could.
  const plateau = full.find(({ step }) => step.throughput > 0)?.step.throughput;
  const limit = limitOf(broken);
  const rps =
    broken !== undefined && limit !== "slow" && plateau !== undefined
      ? Math.min(Math.max(plateau, from), broken.rps)
      : from;
  const mean = (last ?? broken)?.step.latency?.mean;
  return {
    rps,
    from,
    to: broken?.rps,
    concurrency: mean === undefined ? undefined : (rps * mean) / 1000,
    limit,
  };
}

function limitOf(
  broken: { readonly step: Step; readonly verdict: Verdict } | undefined,
): Knee["limit"] {
  if (broken === undefined || broken.verdict === "holds") return "none";
  return broken.verdict === "saturated" && isThrottled(broken.step) ? "throttles" : broken.verdict;
}

/** Throughput that grows by less than this with twice the callers has reached its bound. */
const stillGrowing = 1.1;

function kneeOfConcurrency(steps: readonly Step[], p99: number | undefined): Knee | undefined {
  const sorted = steps.toSorted((one, other) => callersOf(one) - callersOf(other));
  const [first] = sorted;
  const timelySteps = sorted.filter((step) => timely(step, p99) === "holds");
  const best = (timelySteps.length > 0 ? timelySteps : sorted.slice(0, 1)).reduce((most, step) =>
    step.throughput > most.throughput ? step : most,
  );
  if (first?.latency === undefined) return undefined;
  const tooSlow = sorted.find((step) => timely(step, p99) === "slow");
  const throttled = sorted.find(isThrottled);
  const limited = sorted.find(({ generator }) => generator.limited);
  const isFlat = sorted.at(-1) !== best || flat(sorted);
  const limit = throttled
    ? "throttles"
    : limited
      ? "generator"
      : tooSlow
        ? "slow"
        : isFlat
          ? "saturated"
          : "none";
  return {
    rps: best.throughput,
    from: best.throughput,
    to: limit === "none" ? undefined : best.throughput,
    concurrency: (best.throughput * first.latency.mean) / 1000,
    limit,
  };
}

function flat(sorted: readonly Step[]): boolean {
  const [before, last] = sorted.slice(-2);
  if (before === undefined || last === undefined) return false;
  const more = callersOf(last) / callersOf(before);
  return last.throughput / before.throughput < Math.min(stillGrowing, more);
}

export function rateOf({ load }: Step): number {
  return load.kind === "rate" ? load.rps : 0;
}

function callersOf({ load }: Step): number {
  return load.kind === "concurrency" ? load.callers : 0;
}
