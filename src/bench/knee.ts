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

/** Whether the function may do more than the knee says: something else ended the run before it, or nothing did. */
export function isLowerBound({ limit }: Knee): boolean {
  return limit === "none" || limit === "generator" || limit === "failing";
}

/** So much of what is asked must be answered: less, and what waits grows and grows. */
const keptUp = 0.97;
/** Refusals that do not matter yet. */
const fewThrottles = 0.01;
/** Requests that this machine could not send, which do not matter yet. */
const fewNotSent = 0.01;
/** Part of the requests that may fail, where nothing else is said (--max-errors). */
const usualErrors = 0.1;
/** The 99th percentile is of answers; of more than this nobody knows how long they would have taken. */
const fewLost = 0.01;

/**
 * @param p99 milliseconds that the 99th percentile may take; undefined: any
 * @param maxErrors part of the requests that may fail, 0–1
 */
export function verdictOf(
  step: Step,
  p99: number | undefined,
  maxErrors: number = usualErrors,
): Verdict {
  if (countOf(step.generator.notSent ?? {}) > fewNotSent * step.requests) return "generator";
  if (step.stopped === "errors" || errorShare(step) > maxErrors) return "failing";
  if (step.overrun && step.generator.capped) return "generator";
  const verdict = keepsUp(step) ? timely(step, p99) : "saturated";
  if (verdict === "holds" || isThrottled(step)) return verdict;
  return isOwnDelay(step, verdict, p99) ? "generator" : verdict;
}

/**
 * Whether as much comes to an end as is asked, failures too: where it does not, a queue grows, and with it what requests
 * wait. In a short step some more or fewer at its edges are none: Little's law says how many there may be, and arrivals
 * that came closer together by chance do not make later requests wait longer.
 */
function keepsUp(step: Step): boolean {
  const { requests, resolved, throughput, latency, unanswered, overrun, rise } = step;
  if (unanswered > 0 || overrun || isThrottled(step)) return false;
  if (step.load.kind === "concurrency") return true;
  const underWay = (throughput * (latency?.mean ?? 0)) / 1000;
  if (resolved >= keptUp * requests - edge - Math.sqrt(underWay)) return true;
  return rise !== undefined && rise < rising;
}

const edge = 3;
const rising = 1.02;

/** Most of what requests waited, they waited for this machine to send them; or without that they would be in time. */
function isOwnDelay(
  { generator, latency }: Step,
  verdict: Verdict,
  p99: number | undefined,
): boolean {
  if (!generator.limited || latency === undefined) return generator.limited;
  const inTime = verdict === "slow" && p99 !== undefined && latency.p99 - generator.lateP99 <= p99;
  return inTime || generator.lateP99 > latency.p99 / 2;
}

function timely({ latency, lost, requests }: Step, p99: number | undefined): Verdict {
  if (p99 === undefined) return "holds";
  return latency === undefined || latency.p99 > p99 || lost > fewLost * requests ? "slow" : "holds";
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
export function kneeOf(
  steps: readonly Step[],
  p99: number | undefined,
  maxErrors?: number,
): Knee | undefined {
  const whole = steps.filter(({ interrupted, requests }) => !interrupted && requests > 0);
  const rates = whole.filter(({ load }) => load.kind === "rate");
  if (rates.length > 0) return kneeOfRates(rates, p99, maxErrors);
  return whole.length > 0 ? kneeOfConcurrency(whole, p99, maxErrors) : undefined;
}

/** What is known of one rate. */
export interface Rate {
  readonly rps: number;
  readonly verdict: Verdict;
  /** The step that says so. */
  readonly step: Step;
  readonly tries: number;
}

/** Rates that were tried, the lowest first. One that held once holds: what disturbed it at another time was not the load. */
export function ratesOf(
  steps: readonly Step[],
  p99: number | undefined,
  maxErrors?: number,
): readonly Rate[] {
  const rates = new Map<number, Rate>();
  for (const step of steps) {
    const rps = rateOf(step);
    const before = rates.get(rps);
    const tries = (before?.tries ?? 0) + 1;
    const verdict = verdictOf(step, p99, maxErrors);
    const isKept = before !== undefined && (before.verdict === "holds" || verdict !== "holds");
    rates.set(rps, isKept ? { ...before, tries } : { rps, verdict, step, tries });
  }
  return [...rates.values()].toSorted((one, other) => one.rps - other.rps);
}

function kneeOfRates(
  steps: readonly Step[],
  p99: number | undefined,
  maxErrors: number | undefined,
): Knee {
  const judged = ratesOf(steps, p99, maxErrors);
  const broken = judged.find(({ verdict }) => verdict !== "holds");
  const last = judged.findLast(
    ({ rps, verdict }) => verdict === "holds" && rps < (broken?.rps ?? Infinity),
  );
  const rps = capacityOf(judged, last, broken);
  const mean = (last ?? broken)?.step.latency?.mean;
  return {
    rps,
    from: last?.rps ?? 0,
    to: broken?.rps,
    concurrency: mean === undefined ? undefined : (rps * mean) / 1000,
    limit: limitOf(broken),
  };
}

/** @returns requests a second that it can answer, by what it answered where more was asked; else the highest that held */
function capacityOf(
  judged: readonly Rate[],
  last: Rate | undefined,
  broken: Rate | undefined,
): number {
  const from = last?.rps ?? 0;
  if (broken === undefined || broken.verdict === "slow") return from;
  // Measured at the lowest overload: far beyond it many systems answer less than they could.
  const full = judged.find(
    ({ rps, verdict, step }) => verdict === "saturated" && rps > from && step.throughput > 0,
  );
  if (full === undefined) return from;
  // Of what held, too, what was really answered: chance makes arrivals more or fewer than was asked.
  return Math.min(Math.max(full.step.throughput, last?.step.throughput ?? 0), broken.rps);
}

function limitOf(broken: Rate | undefined): Knee["limit"] {
  if (broken === undefined || broken.verdict === "holds") return "none";
  return broken.verdict === "saturated" && isThrottled(broken.step) ? "throttles" : broken.verdict;
}

/** Throughput that grows by less than this with twice the callers has reached its bound. */
const stillGrowing = 1.1;

function kneeOfConcurrency(
  steps: readonly Step[],
  p99: number | undefined,
  maxErrors: number | undefined,
): Knee | undefined {
  const all = steps.toSorted((one, other) => callersOf(one) - callersOf(other));
  const failing = all.findIndex((step) => verdictOf(step, p99, maxErrors) === "failing");
  // What answers although most fail is not the function at work, and nor is what came after.
  const sorted = failing === -1 ? all : all.slice(0, failing);
  if (sorted.length === 0)
    return { rps: 0, from: 0, to: 0, concurrency: undefined, limit: "failing" };
  const [first] = sorted;
  const timelySteps = sorted.filter((step) => timely(step, p99) === "holds");
  const best = (timelySteps.length > 0 ? timelySteps : sorted.slice(0, 1)).reduce((most, step) =>
    step.throughput > most.throughput ? step : most,
  );
  if (first?.latency === undefined) return undefined;
  const limit =
    failing === -1 ? limitOfConcurrency(sorted, p99, sorted.at(-1) !== best) : "failing";
  return {
    rps: best.throughput,
    from: best.throughput,
    to: limit === "none" ? undefined : best.throughput,
    concurrency: (best.throughput * first.latency.mean) / 1000,
    limit,
  };
}

function limitOfConcurrency(
  sorted: readonly Step[],
  p99: number | undefined,
  isPastBest: boolean,
): Knee["limit"] {
  if (sorted.some(isThrottled)) return "throttles";
  if (sorted.some(({ generator }) => generator.limited)) return "generator";
  if (sorted.some((step) => timely(step, p99) === "slow")) return "slow";
  return isPastBest || flat(sorted) ? "saturated" : "none";
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
