import type { Allowance } from "../../../bench/load/load-spec.ts";
import { maxSteps } from "../../../bench/search.ts";
import { monthlyCost } from "../../../synth/cost/monthly-cost.ts";
import { hoursPerMonth, type PriceList } from "../../../synth/cost/prices.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Plan } from "./plan.ts";

/** What a run costs on AWS, in US dollars, without what runs anyway. */
export interface Bill {
  /** Of one request: Lambda's fee, and its line in the log. */
  readonly perRequest: number;
  /** Of an hour with the provider at its cap; undefined where the settings do not have the function. */
  readonly perHourAtCap: number | undefined;
}

/** kB that the log takes of a request, as `lmi cost` reckons where nothing is said. */
export const logKilobytes = 0.5;
/** Hours that instances stay after the load: Lambda takes them away slowly, and says no time. */
const lingering = 0.25;
/** Milliseconds that a step settles at most before it is measured. */
const settling = 5000;
/** Milliseconds that it waits for answers afterwards, at least and at most, where the function may not take longer. */
const leastDrain = 10_000;
const mostDrain = 60_000;

export function billOf(settings: Settings | undefined, prices: PriceList): Bill {
  const cost = settings && monthlyCost(settings, { prices });
  return {
    perRequest: prices.millionRequests / 1e6 + (logKilobytes * 1000 * prices.logGigabyte) / 1e9,
    perHourAtCap: cost && Math.max(0, cost.cap - cost.minimum) / hoursPerMonth,
  };
}

export interface Forecast {
  /** undefined: nobody knows how many it takes to find the knee. */
  readonly requests: number | undefined;
  readonly hours: number;
  readonly usdOfRequests: number | undefined;
  /** Were the provider to grow to its cap at once. */
  readonly usdOfInstances: number | undefined;
}

/**
 * What is known of a run before it begins; times as long as they can be.
 * @param timeoutMs after which an answer is given up
 */
export function forecast(plan: Plan, bill: Bill, timeoutMs: number): Forecast {
  const steps = plan.loads?.length ?? maxSteps;
  const drain = (ms: number) => Math.max(timeoutMs, leastDrain, Math.min(mostDrain, ms));
  const step = settling + plan.durationMs + drain(plan.durationMs);
  const warmUp = plan.warmUpMs === 0 ? 0 : plan.warmUpMs + drain(plan.warmUpMs + leastDrain);
  const hours = (steps * step + warmUp) / 3_600_000;
  const requests = requestsOf(plan);
  return {
    requests,
    hours,
    usdOfRequests: requests === undefined ? undefined : requests * bill.perRequest,
    usdOfInstances:
      bill.perHourAtCap === undefined ? undefined : bill.perHourAtCap * (hours + lingering),
  };
}

/** undefined where callers wait for answers, or rates are searched without a target: it depends on the function. */
function requestsOf({ loads, durationMs, targetRps }: Plan): number | undefined {
  const seconds = (durationMs * 1.2) / 1000;
  if (loads === undefined) {
    // Up to twice the target, by doubling, and some steps between.
    return targetRps === undefined ? undefined : Math.ceil(targetRps * 8 * seconds);
  }
  let sum = 0;
  for (const load of loads) {
    if (load.kind === "concurrency") return undefined;
    sum += load.rps * seconds;
  }
  return Math.ceil(sum);
}

/** What a run has cost by now, at most, with the time that instances stay after it. */
export function spentOn(bill: Bill, sent: number, milliseconds: number): number {
  const hours = milliseconds / 3_600_000 + lingering;
  return sent * bill.perRequest + (bill.perHourAtCap ?? 0) * hours;
}

/** What one more load may cost after so much was spent. */
export function allowanceOf(
  bill: Bill,
  maxUsd: number,
  sent: number,
  milliseconds: number,
): Allowance {
  return {
    usd: maxUsd - spentOn(bill, sent, milliseconds),
    perRequest: bill.perRequest,
    perMs: (bill.perHourAtCap ?? 0) / 3_600_000,
  };
}
