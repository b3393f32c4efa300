import { maxSteps, type Search, slowest } from "../../../bench/search.ts";
import type { StepLoad } from "../../../bench/step.ts";
import { type Pace, type StepTimes, timesOf } from "../../../bench/step-times.ts";
import type { Plan } from "./plan.ts";

// What a plan comes to, for the run and for its forecast alike.

const firstRps = 10;
/** Where a search without target ends: no function was ever asked for more. */
const mostRps = 100_000;

/** @param meanMs that a request takes while none waits; undefined: not known */
export function searchOf({ targetRps, p99, maxErrors }: Plan, meanMs: number | undefined): Search {
  return targetRps === undefined
    ? { first: Math.max(firstRps, 1000 / (meanMs ?? 100)), most: mostRps, p99, maxErrors }
    : { first: targetRps / 8, most: targetRps * 2, p99, maxErrors };
}

export function stepTimesOf(
  { loads, durationMs, p99 }: Plan,
  load: StepLoad,
  pace: Pick<Pace, "meanMs" | "timeoutMs">,
): StepTimes {
  // Rates that were asked for are measured as long as was asked for.
  return timesOf(load, { ...pace, durationMs, p99: loads === undefined ? p99 : undefined });
}

/** In parts of the first rate: a search that doubles it four times, and looks for the knee in four more steps. */
const usualSearch = [1, 2, 4, 8, 16, 8, 8, 8, 8];

/** The steps as a run usually has them. */
export function usualLoads(plan: Plan): readonly StepLoad[] {
  if (plan.loads !== undefined) return plan.loads;
  const { first } = searchOf(plan, undefined);
  return usualSearch.map((part) => ({ kind: "rate", rps: part * first }));
}

/** As many steps as a run may have, each as long as one may be. */
export function longestLoads({ loads }: Plan): readonly StepLoad[] {
  return loads ?? Array.from({ length: maxSteps }, () => ({ kind: "rate", rps: slowest }));
}
