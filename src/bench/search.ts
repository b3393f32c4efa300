import { type Rate, ratesOf } from "./knee.ts";
import type { Step } from "./step.ts";

export interface Search {
  /** Requests a second of the first step. */
  readonly first: number;
  /** Never more than this. */
  readonly most: number;
  /** Milliseconds. */
  readonly p99: number | undefined;
  /** Part of the requests that may fail, 0–1. */
  readonly maxErrors?: number;
}

/** The knee is known well enough when the two rates around it are this near. */
const near = 1.15;
export const maxSteps = 16;
/** Requests a second; below it nothing is tried. */
export const slowest = 0.5;

/**
 * The next rate to try: twice as much until the function no longer keeps up, then between what held and what did not.
 * The first that did not, and the last, are tried again: one pause of the function is not its knee.
 * undefined: the knee is known, or cannot be.
 */
export function nextRate(
  steps: readonly Step[],
  { first, most, p99, maxErrors }: Search,
): number | undefined {
  if (steps.length === 0) return Math.min(first, most);
  if (steps.length >= maxSteps) return undefined;
  const judged = ratesOf(steps, p99, maxErrors);
  // Where errors or this machine are the limit, more steps tell nothing more of the function.
  if (judged.some(({ verdict }) => verdict === "failing" || verdict === "generator"))
    return undefined;
  return judged.some(({ verdict }) => verdict !== "holds")
    ? between(judged)
    : afterHeld(judged.at(-1)?.rps ?? first, most);
}

/** Between the highest rate that held and the lowest that did not. */
function between(judged: readonly Rate[]): number | undefined {
  const broken = judged.find(({ verdict }) => verdict !== "holds");
  if (broken === undefined) return undefined;
  const held = judged.findLast(({ rps, verdict }) => verdict === "holds" && rps < broken.rps);
  const isFirst = judged.every(({ verdict, tries }) => verdict === "holds" || tries === 1);
  const isLast = held !== undefined && broken.rps / held.rps <= near;
  if (broken.tries === 1 && (isFirst || isLast)) return broken.rps;
  if (held === undefined) return broken.rps / 2 < slowest ? undefined : rounded(broken.rps / 2);
  return isLast ? undefined : rounded(Math.sqrt(held.rps * broken.rps));
}

function afterHeld(held: number, most: number): number | undefined {
  return held >= most ? undefined : rounded(Math.min(most, held * 2));
}

/** Three figures: rates that people can read. */
function rounded(rps: number): number {
  return Number(rps.toPrecision(3));
}
