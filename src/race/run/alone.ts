import type { InvocationResult } from "../../local/runtime/invocation.ts";
import { PlatformErrorType } from "../../local/runtime/error-types.ts";
import { platformError } from "../../local/runtime/invocation.ts";
import type { EnvironmentInput } from "./race-environment.ts";
import { RaceEnvironment, timedOut } from "./race-environment.ts";
import type { Leaf, Sample } from "./sample.ts";
import { leavesOf } from "./sample.ts";
import { type Varying, varyingIn } from "./varying.ts";
import type { WorkerPlan } from "./worker/plan.ts";
import type { WorkerRecord } from "./worker/records.ts";

/** Why an event is not answered when it runs alone; code behind that is not reached. */
export interface FailedAlone {
  /** The sample's. */
  readonly name: string;
  /** `Error: no such table` */
  readonly error: string;
}

/** What a sample is answered when nobody else is there. */
export interface Reference {
  readonly result: InvocationResult;
  readonly text: string;
  /** How it fails, if in one of the runs alone it does. */
  readonly error?: string | undefined;
  readonly leaves: ReadonlyMap<string, Leaf["value"]>;
  /** What differs from one run alone to the next: time, ids, chance, what is kept between requests. */
  readonly varying: Varying;
  /** The values of each run alone. */
  readonly runs: readonly ReadonlyMap<string, Leaf["value"]>[];
  readonly records: readonly WorkerRecord[];
}

/** Numbers of requests that run alone begin here, beyond those of any run. */
export const firstAlone = 0x10_0000_0000;
/** The worker of each run alone. */
const workersAlone = [0, 1, 1] as const;
export const runsAlone = workersAlone.length;
/** Milliseconds by which each await is held after the first run: what depends on time shows. */
const slowMs = 3;

export interface AloneInput {
  readonly environment: EnvironmentInput;
  readonly plan: Omit<WorkerPlan, "slowMs" | "measuredWaves">;
  readonly samples: readonly Sample[];
  /** Environments that run at once. */
  readonly parallel: number;
}

/**
 * Runs each sample alone in a fresh environment of two workers: on the first one, then on the second one, slowly, and
 * there once more. Fails with InitFailure when the function cannot be initialised.
 */
export async function runAlone(input: AloneInput): Promise<Reference[]> {
  const references: Reference[] = [];
  await inParallel(input.parallel, [...input.samples.entries()], async ([index, sample]) => {
    references[index] = await referenceOf(input, sample, { index, workers: workersAlone });
  });
  return references;
}

async function inParallel<T>(
  parallel: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const next = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, parallel) }, next));
}

/** Milliseconds by which clocks are ahead in runs that look once more for what depends on time. */
const aheadMs = 86_400_000 + 3_723_000;
/** Where calls leave this machine: other machines refuse requests signed at another time (AWS: 5 minutes). */
const aheadOutsideMs = 75_000;

/**
 * Runs some samples alone again, twice as often and with clocks that are ahead, and widens what their references say
 * varies: time, of which the first runs see a second or less, and chance.
 * @param doubtful their indices
 */
export async function widened(
  input: AloneInput,
  references: readonly Reference[],
  doubtful: readonly number[],
): Promise<Reference[]> {
  const ahead = input.plan.standIn === undefined ? aheadOutsideMs : aheadMs;
  const again = { ...input, plan: { ...input.plan, aheadMs: ahead } };
  const all = [...references];
  await inParallel(input.parallel, doubtful, async (index) => {
    const [sample, reference] = [input.samples[index], references[index]];
    if (!sample || !reference) return;
    const more = await referenceOf(again, sample, {
      index: input.samples.length + 2 * index,
      workers: [...workersAlone, ...workersAlone],
    });
    const runs = [...reference.runs, ...more.runs.filter((run) => isAlike(reference, more, run))];
    all[index] = { ...reference, runs, varying: varyingIn(runs) };
  });
  return all;
}

/** What fails because of the clock (a token that has expired) says nothing of what is answered otherwise. */
function isAlike({ leaves, error }: Reference, more: Reference, run: Reference["leaves"]): boolean {
  const both = (error === undefined) === (more.error === undefined);
  return both && leaves.get("/statusCode") === run.get("/statusCode");
}

async function referenceOf(
  input: AloneInput,
  { event }: Sample,
  { index, workers }: { readonly index: number; readonly workers: readonly number[] },
): Promise<Reference> {
  const environment = await RaceEnvironment.start(input.environment, {
    maxConcurrency: 1,
    workers: 2,
    plan: { ...input.plan, slowMs, measuredWaves: [] },
  });
  try {
    const payload = Buffer.from(JSON.stringify(event));
    const results: InvocationResult[] = [];
    for (const [wave, worker] of workers.entries()) {
      const number = firstAlone + index * 8 + wave;
      const place = { seed: input.plan.seed, number, wave, size: 1 };
      results.push(...((await environment.wave(worker, [{ place, payload }])) ?? [noAnswer]));
      // It would take its whole time again.
      if (results.some(timedOut)) break;
    }
    return compared(results, environment.records);
  } finally {
    await environment.stop();
  }
}

/** A worker that ended answers nobody. */
const noAnswer = platformError(PlatformErrorType.exited, "The worker ended.");

function compared(
  results: readonly InvocationResult[],
  records: readonly WorkerRecord[],
): Reference {
  const result = results[0] ?? noAnswer;
  const failed = results.find(({ errorType }) => errorType !== undefined);
  const runs = results.map((each) => leafMap(textOf(each)));
  return {
    result,
    text: textOf(result),
    error: failed && errorIn(textOf(failed)),
    leaves: runs[0] ?? new Map<string, Leaf["value"]>(),
    varying: varyingIn(runs),
    runs,
    records,
  };
}

/** Of what a failed request is answered, its error in one line. */
function errorIn(text: string): string {
  const { errorType, errorMessage } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return [errorType, errorMessage].filter((part) => typeof part === "string").join(": ");
}

export const textOf = ({ payload }: InvocationResult) => Buffer.from(payload).toString("utf8");

/** An answer's values by pointer. An error's stack is no part of it. */
export function leafMap(text: string): Map<string, Leaf["value"]> {
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // No JSON: one text.
  }
  const leaves = leavesOf(value).filter(({ pointer }) => !/^\/(trace|stackTrace)\//.test(pointer));
  return new Map(leaves.map(({ pointer, value: leaf }) => [pointer, leaf]));
}
