import { errorShare, type Knee, rateOf, ratesOf, verdictOf } from "./knee.ts";
import type { Step } from "./step.ts";

/** What was measured, and what was wanted of it. */
interface Measured {
  readonly steps: readonly Step[];
  readonly knee: Knee | undefined;
  /** Milliseconds. */
  readonly p99: number | undefined;
  readonly maxErrors?: number;
}

/** Part of the requests that may fail without a word. */
const fewErrors = 0.01;

/** What in the steps themselves speaks against their result, each as a sentence. */
export function stepDoubts(measured: Measured): readonly string[] {
  return [
    mixedTries(measured),
    outOfOrder(measured),
    failures(measured),
    lateStarts(measured),
  ].filter((text) => text !== undefined);
}

function mixedTries({ steps, p99, maxErrors }: Measured): string | undefined {
  const held = new Map<number, boolean>();
  for (const step of steps) {
    if (step.load.kind !== "rate" || step.interrupted) continue;
    const [rps, isHeld] = [rateOf(step), verdictOf(step, p99, maxErrors) === "holds"];
    if (held.has(rps) && held.get(rps) !== isHeld)
      return `At ${rps} requests/s one try held and another did not: something else disturbed it.`;
    held.set(rps, isHeld);
  }
  return undefined;
}

function outOfOrder({ steps, p99, maxErrors }: Measured): string | undefined {
  const rates = ratesOf(
    steps.filter(({ load, interrupted }) => load.kind === "rate" && !interrupted),
    p99,
    maxErrors,
  );
  const broken = rates.find(({ verdict }) => verdict !== "holds");
  const held = rates.findLast(({ verdict }) => verdict === "holds");
  if (broken === undefined || held === undefined || held.rps < broken.rps) return undefined;
  return `${held.rps} requests/s held and ${broken.rps} did not: something else disturbed it.`;
}

function failures({ steps, knee }: Measured): string | undefined {
  const most = Math.max(0, ...steps.map(errorShare));
  // Where they are the limit, that is said.
  if (most <= fewErrors || knee?.limit === "failing") return undefined;
  return `Up to ${Number((most * 100).toPrecision(2))} % of the requests failed: what fails takes its own time, and was not part of the latencies.`;
}

function lateStarts({ steps, knee }: Measured): string | undefined {
  const late = steps.filter(({ generator, interrupted }) => generator.limited && !interrupted);
  // Where they are the limit, that is said.
  if (late.length === 0 || knee?.limit === "generator") return undefined;
  const most = Math.max(...late.map(({ generator }) => generator.lateP99));
  return `In ${late.length} of ${steps.length} steps requests started late (p99 ${Math.round(most)} ms): this machine's delay is in their times (--workers).`;
}
