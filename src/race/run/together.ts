import type { InvocationResult } from "../../local/runtime/invocation.ts";
import type { EnvironmentInput } from "./race-environment.ts";
import { RaceEnvironment, timedOut } from "./race-environment.ts";
import type { Sample } from "./sample.ts";
import { shuffled } from "./seeded.ts";
import type { WorkerPlan } from "./worker/plan.ts";
import type { WorkerRecord } from "./worker/records.ts";

/** One request of the run: which sample it gets, and where and with whom it runs. All of it follows from the seed. */
export interface PlannedRequest {
  /** From 1. */
  readonly number: number;
  readonly sample: number;
  readonly worker: number;
  readonly wave: number;
}

export interface RunShape {
  readonly samples: number;
  /** How often each sample comes. */
  readonly repeat: number;
  /** Requests in flight at once, in all workers. */
  readonly concurrency: number;
  readonly workers: number;
  readonly seed: number;
  /** These requests alone, each where it is in the whole run. */
  readonly only?: readonly number[] | undefined;
}

/** All requests, wave by wave: each wave fills all workers with as many requests as they take at once. */
export function planRun({
  samples,
  repeat,
  concurrency,
  workers,
  seed,
  only,
}: RunShape): PlannedRequest[] {
  const all = Array.from({ length: samples * repeat }, (_, index) => index % samples);
  const planned = shuffled(all, seed).map((sample, index) => ({
    number: index + 1,
    sample,
    worker: index % workers,
    wave: Math.floor(index / concurrency),
  }));
  return only ? planned.filter(({ number }) => only.includes(number)) : planned;
}

export interface Answered extends PlannedRequest {
  /** Nothing: its worker ended. */
  readonly result: InvocationResult | undefined;
}

export interface TogetherInput {
  readonly environment: EnvironmentInput;
  readonly plan: Omit<WorkerPlan, "slowMs" | "measuredWaves">;
  readonly samples: readonly Sample[];
  readonly requests: readonly PlannedRequest[];
  readonly workers: number;
  readonly concurrency: number;
  readonly onProgress: (answered: number) => void;
}

export interface Together {
  readonly answers: readonly Answered[];
  readonly records: readonly WorkerRecord[];
}

/** Runs all requests in one environment, the workers beside each other, each one wave after the other. */
export async function runTogether(input: TogetherInput): Promise<Together> {
  const { requests, workers, concurrency } = input;
  const environment = await RaceEnvironment.start(input.environment, {
    maxConcurrency: concurrency,
    workers,
    plan: { ...input.plan, slowMs: 0, measuredWaves: measured(requests) },
  });
  const payloads = input.samples.map(({ event }) => Buffer.from(JSON.stringify(event)));
  const answers: Answered[] = [];
  const work = async (worker: number) => {
    for (const wave of wavesOf(requests, worker)) {
      const size = wave.length;
      const results = await environment.wave(
        worker,
        wave.map(({ number, sample, wave: index }) => ({
          place: { seed: input.plan.seed, number, wave: index, size },
          payload: payloads[sample] ?? Buffer.from("{}"),
        })),
      );
      answers.push(...wave.map((request, index) => ({ ...request, result: results?.[index] })));
      input.onProgress(answers.length);
      // Who all wait for ever would do so in each wave.
      if (!results || results.every(timedOut)) return;
    }
  };
  try {
    await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
    return {
      answers: answers.toSorted((a, b) => a.number - b.number),
      records: environment.records,
    };
  } finally {
    await environment.stop();
  }
}

function wavesOf(requests: readonly PlannedRequest[], worker: number): PlannedRequest[][] {
  const waves = Map.groupBy(
    requests.filter((request) => request.worker === worker),
    ({ wave }) => wave,
  );
  return [...waves.values()];
}

/** Waves after which the heap is measured: spread over the run, the beginning left out. */
function measured(requests: readonly PlannedRequest[]): number[] {
  const last = Math.max(0, ...requests.map(({ wave }) => wave));
  return [0.25, 0.5, 0.75, 1].map((part) => Math.round(last * part));
}
