import type { Allowance } from "../../../bench/load/load-spec.ts";
import type { StepLoad } from "../../../bench/step.ts";
import { type StepTimes, warmUpTimes } from "../../../bench/step-times.ts";
import { monthlyCost } from "../../../synth/cost/monthly-cost.ts";
import { hoursPerMonth, type PriceList } from "../../../synth/cost/prices.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Plan } from "./plan.ts";
import { longestLoads, stepTimesOf, usualLoads } from "./plan-steps.ts";

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
export function billOf(settings: Settings | undefined, prices: PriceList): Bill {
  const cost = settings && monthlyCost(settings, { prices });
  return {
    perRequest: prices.millionRequests / 1e6 + (logKilobytes * 1000 * prices.logGigabyte) / 1e9,
    perHourAtCap: cost && Math.max(0, cost.cap - cost.minimum) / hoursPerMonth,
  };
}

/** US dollars. */
export interface Forecast {
  /** undefined: nobody knows how many it takes to find the knee. */
  readonly requests: number | undefined;
  /** As it usually takes, and were every answer to take as long as one is waited for. */
  readonly hours: number;
  readonly mostHours: number;
  readonly usdOfRequests: number | undefined;
  /** At most: were the provider to grow to its cap at once, and the run to take its longest. */
  readonly usdOfInstances: number | undefined;
  /** Of what is known, where the run takes as long as usual; the provider at its cap all the same. */
  readonly usd: number;
}

/**
 * What is known of a run before it begins.
 * @param timeoutMs after which an answer is given up
 */
export function forecast(plan: Plan, bill: Bill, timeoutMs: number): Forecast {
  const loads = usualLoads(plan);
  const warmUp = warmUpTimes({ durationMs: plan.warmUpMs, timeoutMs });
  const usual = (load: StepLoad) =>
    sendingOf(stepTimesOf(plan, load, { meanMs: undefined, timeoutMs }));
  const longest = (load: StepLoad) =>
    wholeOf(stepTimesOf(plan, load, { meanMs: timeoutMs, timeoutMs }));
  const hours = hoursOf([sendingOf(warmUp), ...loads.map(usual)]);
  const mostHours = hoursOf([
    plan.warmUpMs === 0 ? 0 : wholeOf(warmUp),
    ...longestLoads(plan).map(longest),
  ]);
  const isKnown = plan.loads !== undefined || plan.targetRps !== undefined;
  const requests = isKnown ? requestsOf(loads, usual) : undefined;
  const usdOfRequests = requests === undefined ? undefined : requests * bill.perRequest;
  const instances = (running: number) => (bill.perHourAtCap ?? 0) * (running + lingering);
  return {
    requests,
    hours,
    mostHours,
    usdOfRequests,
    usdOfInstances: bill.perHourAtCap === undefined ? undefined : instances(mostHours),
    usd: (usdOfRequests ?? 0) + instances(hours),
  };
}

const sendingOf = ({ settleMs, measureMs }: StepTimes) => settleMs + measureMs;
const wholeOf = (times: StepTimes) => sendingOf(times) + times.drainMs;

const hoursOf = (milliseconds: readonly number[]) =>
  milliseconds.reduce((sum, each) => sum + each, 0) / 3_600_000;

/** undefined where callers wait for answers: it depends on the function. */
function requestsOf(
  loads: readonly StepLoad[],
  sendingMs: (load: StepLoad) => number,
): number | undefined {
  let sum = 0;
  for (const load of loads) {
    if (load.kind === "concurrency") return undefined;
    sum += (load.rps * sendingMs(load)) / 1000;
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
