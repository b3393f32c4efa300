import { rateOf, verdictOf } from "./knee.ts";
import type { Step } from "./step.ts";

export interface Search {
  /** Requests a second of the first step. */
  readonly first: number;
  /** Never more than this. */
  readonly most: number;
  /** Milliseconds. */
  readonly p99: number | undefined;
}

/** The knee is known well enough when the two rates around it are this near. */
const near = 1.15;
const maxSteps = 16;
const slowest = 0.5;

/**
 * The next rate to try: twice as much until the function no longer keeps up, then between what held and what did not.
 * undefined: the knee is known, or cannot be.
 */
export function nextRate(steps: readonly Step[], { first, most, p99 }: Search): number | undefined {
  if (steps.length === 0) return Math.min(first, most);
  if (steps.length >= maxSteps) return undefined;
  const judged = steps.map((step) => ({ rps: rateOf(step), verdict: verdictOf(step, p99) }));
  // Where errors or this machine are the limit, more steps tell nothing more of the function.
  if (judged.some(({ verdict }) => verdict === "failing" || verdict === "generator"))
    return undefined;
  const broken = Math.min(
    ...judged.flatMap(({ rps, verdict }) => (verdict === "holds" ? [] : [rps])),
  );
  const held = Math.max(
    0,
    ...judged.flatMap(({ rps, verdict }) => (verdict === "holds" && rps < broken ? [rps] : [])),
  );
  if (broken === Infinity) return held >= most ? undefined : rounded(Math.min(most, held * 2));
  if (held === 0) return broken / 2 < slowest ? undefined : rounded(broken / 2);
  return broken / held <= near ? undefined : rounded(Math.sqrt(held * broken));
}

/** Three figures: rates that people can read. */
function rounded(rps: number): number {
  return Number(rps.toPrecision(3));
}
