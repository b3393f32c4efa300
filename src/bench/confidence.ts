import { headroom } from "./environment-size.ts";
import { type Knee, rateOf } from "./knee.ts";
import { countOf, type Step } from "./step.ts";
import { stepDoubts } from "./step-doubts.ts";

/** How far a proposal can be trusted, and what speaks against it. */
export interface Confidence {
  readonly level: "high" | "medium" | "low";
  /** What makes it less than certain, the gravest first. */
  readonly doubts: readonly string[];
}

export interface Evidence {
  readonly steps: readonly Step[];
  readonly knee: Knee | undefined;
  readonly targetRps: number | undefined;
  /** Milliseconds. */
  readonly p99: number | undefined;
  /** Part of the requests that may fail, 0–1. */
  readonly maxErrors?: number;
  readonly local: boolean;
  /** False: the number of environments at the knee is taken from the settings. */
  readonly environmentsMeasured: boolean;
  /** How many of CloudWatch's periods tell of the run; undefined without CloudWatch. */
  readonly periods?: number | undefined;
}

interface Doubt {
  /** One grave doubt is enough for `low`. */
  readonly grave: boolean;
  readonly text: string;
}

/** Ten samples beyond a percentile are the least by which it is more than chance: 1000 answers for the 99th. */
const enoughForP99 = 1000;
const farther = 2;
const wide = 1.3;

export function confidenceIn(evidence: Evidence): Confidence {
  const doubts = doubtsAbout(evidence)
    .filter((doubt) => doubt !== undefined)
    .toSorted((one, other) => Number(other.grave) - Number(one.grave));
  const level =
    doubts.some(({ grave }) => grave) || doubts.length > 2
      ? "low"
      : doubts.length > 0
        ? "medium"
        : "high";
  return { level, doubts: doubts.map(({ text }) => text) };
}

function doubtsAbout(evidence: Evidence): (Doubt | undefined)[] {
  const { steps, knee, targetRps, p99, local, environmentsMeasured } = evidence;
  return [
    local
      ? grave(
          "The local target runs on this machine's CPU and without AWS's network: proportions hold, figures do not.",
        )
      : undefined,
    kneeDoubt(knee, targetRps),
    limitDoubt(knee, steps),
    ...stepDoubts(evidence).map(slight),
    steps.some(({ interrupted }) => interrupted) ? slight("The run was ended early.") : undefined,
    bracketDoubt(knee),
    samplesDoubt(steps, knee),
    environmentsMeasured
      ? undefined
      : slight("How many environments answered was not measured; the configured minimum is taken."),
    useDoubt(evidence),
    targetRps !== undefined && knee !== undefined && targetRps > farther * knee.rps
      ? slight(
          `The target is ${(targetRps / knee.rps).toFixed(1)} times what was measured: what environments share (databases, quotas) was not tried at it.`,
        )
      : undefined,
    p99 === undefined
      ? slight("No time was named that requests may take (--p99): only throughput decided.")
      : undefined,
  ];
}

const grave = (text: string): Doubt => ({ grave: true, text });
const slight = (text: string): Doubt => ({ grave: false, text });

/** The rate that a search for a target ends with: what held so much more needs no knee. */
const enoughForTarget = 2;

function kneeDoubt(knee: Knee | undefined, targetRps: number | undefined): Doubt | undefined {
  if (knee === undefined) return grave("No step tells anything.");
  if (knee.rps === 0) return grave("No rate that was tried held.");
  if (targetRps !== undefined && knee.from >= enoughForTarget * targetRps) return undefined;
  return knee.limit === "none"
    ? grave(
        `The knee was not reached: the function can do more than was asked of it${targetRps === undefined ? "" : `, and fewer environments may do than are proposed (--rps ${Math.ceil(headroom * targetRps)} tells more)`}.`,
      )
    : undefined;
}

function limitDoubt(knee: Knee | undefined, steps: readonly Step[]): Doubt | undefined {
  if (
    knee?.limit === "generator" &&
    steps.some(({ overrun, generator }) => overrun && generator.capped)
  )
    return grave(
      "The function takes so long that more requests would be under way than lmi lets (5000).",
    );
  if (knee?.limit === "generator")
    return grave(
      "This machine, not the function, was the limit: try --workers, or a larger machine near the region.",
    );
  return knee?.limit === "failing"
    ? grave("Requests failed: what was measured is not the function at work.")
    : undefined;
}

function useDoubt({ steps, knee, p99, periods }: Evidence): Doubt | undefined {
  if (steps.some(({ use }) => use?.cpu !== undefined)) return undefined;
  if (periods === undefined || periods === 0)
    return slight("CPU and memory of the environments were not measured.");
  const rps = Number(((knee?.from || knee?.rps) ?? 0).toPrecision(3));
  // With --p99 one rate is a target, and searched in many steps.
  const alone = p99 === undefined ? "" : " without --p99";
  const more = rps > 0 ? `, as --rps ${rps} --duration 10m${alone} would` : "";
  return slight(
    `CPU and memory are known of the run as a whole: no step filled one of CloudWatch's periods of five minutes${more}.`,
  );
}

function bracketDoubt(knee: Knee | undefined): Doubt | undefined {
  if (knee?.to === undefined || knee.from === 0 || knee.to / knee.from <= wide) return undefined;
  return slight(`Between ${knee.from} and ${knee.to} requests/s nothing was tried.`);
}

function samplesDoubt(steps: readonly Step[], knee: Knee | undefined): Doubt | undefined {
  const step = steps.find((each) => each.load.kind === "rate" && rateOf(each) === knee?.from);
  if (step === undefined) return undefined;
  const answers = step.requests - countOf(step.errors) - countOf(step.throttled);
  return answers < enoughForP99
    ? slight(
        `The step below the knee has ${answers} answers; its p99 needs ${enoughForP99} (--duration).`,
      )
    : undefined;
}
