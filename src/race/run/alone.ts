import type { InvocationResult } from "../../local/runtime/invocation.ts";
import { PlatformErrorType } from "../../local/runtime/error-types.ts";
import { platformError } from "../../local/runtime/invocation.ts";
import type { EnvironmentInput } from "./race-environment.ts";
import { RaceEnvironment, timedOut } from "./race-environment.ts";
import type { Leaf, Sample } from "./sample.ts";
import { leavesOf } from "./sample.ts";
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
  /** Pointers whose values differ from one run alone to the next: time, ids, chance, what is kept between requests. */
  readonly varying: ReadonlySet<string>;
  readonly records: readonly WorkerRecord[];
}

/** Numbers of requests that run alone begin here, beyond those of any run. */
export const firstAlone = 0x10_0000_0000;
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
  const waiting = input.samples.map((sample, index) => ({ sample, index }));
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      references[next.index] = await referenceOf(input, next.sample, next.index);
  };
  await Promise.all(Array.from({ length: Math.max(1, input.parallel) }, work));
  return references;
}

async function referenceOf(
  input: AloneInput,
  { event }: Sample,
  index: number,
): Promise<Reference> {
  const environment = await RaceEnvironment.start(input.environment, {
    maxConcurrency: 1,
    workers: 2,
    plan: { ...input.plan, slowMs, measuredWaves: [] },
  });
  try {
    const payload = Buffer.from(JSON.stringify(event));
    const results: InvocationResult[] = [];
    for (const [wave, worker] of [0, 1, 1].entries()) {
      const number = firstAlone + index * 4 + wave;
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
  const [leaves = new Map<string, Leaf["value"]>(), ...others] = results.map((each) =>
    leafMap(textOf(each)),
  );
  return {
    result,
    text: textOf(result),
    error: failed && errorIn(textOf(failed)),
    leaves,
    varying: new Set(others.flatMap((other) => differing(leaves, other))),
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

/** Pointers at which two answers differ. */
export function differing(
  left: ReadonlyMap<string, Leaf["value"]>,
  right: ReadonlyMap<string, Leaf["value"]>,
): string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter(
    (pointer) => left.get(pointer) !== right.get(pointer),
  );
}
