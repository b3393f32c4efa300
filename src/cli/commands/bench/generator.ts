import { Worker } from "node:worker_threads";

import { openSender, type SenderRequest } from "../../../aws/invocation-sender.ts";
import type { Credentials } from "../../../aws/ports.ts";
import { generateLoad } from "../../../bench/load/generate.ts";
import type { Arrivals, Load, LoadSpec } from "../../../bench/load/load-spec.ts";
import type { LoadResult } from "../../../bench/load/measurement.ts";
import type { StepLoad } from "../../../bench/step.ts";

/** Puts load on a function with one or more threads. */
export interface Generator {
  /** What each thread measured. The signal ends the load early. */
  readonly run: (request: LoadRequest, signal: AbortSignal) => Promise<readonly LoadResult[]>;
  readonly renew: (credentials: Credentials) => void;
  readonly close: () => Promise<void>;
}

export interface LoadRequest extends Omit<LoadSpec, "load"> {
  readonly load: StepLoad;
  readonly arrivals: Arrivals;
  readonly seed: number;
}

/** What the main thread says to a thread, and the answer to `load`. */
export type ToWorker =
  | { readonly type: "load"; readonly spec: LoadSpec }
  | { readonly type: "renew"; readonly credentials: Credentials }
  | { readonly type: "stop" };

/** With one thread the load is sent by this one, which has nothing else to do meanwhile. */
export function startGenerator(request: SenderRequest, threads: number): Generator {
  return threads === 1 ? inThisThread(request) : inThreads(request, threads);
}

function inThisThread(request: SenderRequest): Generator {
  const sender = openSender(request);
  return {
    run: async (load, signal) => [await generateLoad(partOf(load, 0, 1), sender, signal)],
    renew: sender.renew,
    close: sender.close,
  };
}

function inThreads(request: SenderRequest, threads: number): Generator {
  const workers = Array.from(
    { length: threads },
    () => new Worker(workerFile(), { workerData: request }),
  );
  // A thread may also die between two loads: the next one has to hear of it.
  const lost = Promise.race(workers.map(lostOf));
  lost.catch(() => {});
  const tell = (message: ToWorker) => {
    for (const worker of workers) say(worker, message);
  };
  const stop = () => tell({ type: "stop" });
  return {
    run: async (load, signal) => {
      signal.addEventListener("abort", stop);
      try {
        const results = Promise.all(
          workers.map((worker, index) => resultOf(worker, partOf(load, index, threads))),
        );
        // Nothing tells of an abort that came before somebody listened.
        if (signal.aborted) stop();
        return await Promise.race([results, lost]);
      } catch (error) {
        stop();
        throw error;
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
    renew: (credentials) => tell({ type: "renew", credentials }),
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}

/** Beside this file as it is written, and in the folder of the bundle as it is built. */
function workerFile(): URL {
  const name = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./bench-worker.js";
  return new URL(name, import.meta.url);
}

/** Rejects when the thread ends, which it does not by itself. */
function lostOf(worker: Worker): Promise<never> {
  return new Promise((_, reject) => {
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`A thread that sends ended with ${code}.`)));
  });
}

function resultOf(worker: Worker, spec: LoadSpec): Promise<LoadResult> {
  return new Promise((resolve) => {
    worker.once("message", resolve);
    say(worker, { type: "load", spec });
  });
}

function say(worker: Worker, message: ToWorker): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread, which knows no origins.
  worker.postMessage(message);
}

/** The part of a load that one of several threads sends. */
function partOf(
  { load, arrivals, seed, allowance, ...times }: LoadRequest,
  index: number,
  threads: number,
): LoadSpec {
  return {
    ...times,
    maxInFlight: Math.ceil(times.maxInFlight / threads),
    allowance: allowance && {
      ...allowance,
      usd: allowance.usd / threads,
      perMs: allowance.perMs / threads,
    },
    load: loadPart(load, { arrivals, seed }, index, threads),
  };
}

function loadPart(
  load: StepLoad,
  { arrivals, seed }: Pick<LoadRequest, "arrivals" | "seed">,
  index: number,
  threads: number,
): Load {
  if (load.kind === "concurrency") {
    const callers = Math.floor((load.callers + index) / threads);
    return { kind: "concurrency", callers };
  }
  // Poisson processes of different seeds add up to one; metronomes have to alternate.
  return {
    kind: "rate",
    rate: load.rps / threads,
    arrivals,
    seed: seed + index,
    phase: (index + 1) / threads,
  };
}
