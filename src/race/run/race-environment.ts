import { Environment } from "../../local/runtime/environment.ts";
import type { EnvironmentSpec } from "../../local/runtime/environment-variables.ts";
import { PlatformErrorType } from "../../local/runtime/error-types.ts";
import type { InvocationResult } from "../../local/runtime/invocation.ts";
import { nodeLaunch } from "../../local/runtime/launch.ts";
import type { RequestPlace } from "./request-id.ts";
import { requestIdOf } from "./request-id.ts";
import type { WorkerPlan } from "./worker/plan.ts";
import { preloadUrl } from "./worker/plan.ts";
import type { WaveDone, WorkerRecord } from "./worker/records.ts";
import { recordIn } from "./worker/records.ts";

/** What every environment of a run has in common. */
export interface EnvironmentInput {
  /** Everything but how many requests and workers. */
  readonly spec: Omit<EnvironmentSpec, "maxConcurrency" | "workers">;
  /** Path of the Node.js that the function's runtime has. */
  readonly node: string;
  /** Folder in which environments make their /tmp. */
  readonly tmpFolder: string;
  /** Stops every environment of the run. */
  readonly signal?: AbortSignal | undefined;
}

export interface EnvironmentShape {
  readonly maxConcurrency: number;
  readonly workers: number;
  readonly plan: WorkerPlan;
}

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });

/** Milliseconds that the answers' records may come after the answers. */
const recordPatienceMs = 2000;

export const timedOut = ({ errorType }: InvocationResult) =>
  errorType === PlatformErrorType.timedOut;

const preload = new URL(
  `./worker/preload.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`,
  import.meta.url,
).href;

/** An execution environment whose workers are watched, and in which each request goes to the worker that it is meant for. */
export class RaceEnvironment {
  readonly records: WorkerRecord[] = [];
  /** The function's own lines, as CloudWatch would get them. */
  readonly lines: string[] = [];
  readonly #timeoutMs: number;
  readonly #arn: string;
  readonly #threads: number[] = [];
  readonly #waves = new Map<string, () => void>();
  readonly #ends = new Map<number, ReturnType<typeof Promise.withResolvers<undefined>>>();
  readonly #ready = Promise.withResolvers<void>();
  #environment: Environment | undefined;
  readonly #workers: number;
  readonly #signal: AbortSignal | undefined;

  private constructor(input: EnvironmentInput, shape: EnvironmentShape) {
    this.#timeoutMs = input.spec.timeoutMs;
    this.#arn = input.spec.functionArn;
    this.#workers = shape.workers;
    this.#signal = input.signal;
    this.#ready.promise.catch(() => undefined);
  }

  /** Fails with InitFailure when the function cannot be initialised, and with the signal's reason once it is aborted. */
  static async start(input: EnvironmentInput, shape: EnvironmentShape): Promise<RaceEnvironment> {
    const { spec, signal } = input;
    signal?.throwIfAborted();
    const environment = new RaceEnvironment(input, shape);
    const launch = nodeLaunch(input.node, spec.memoryMb);
    const [client = "", ...before] = launch.args.toReversed();
    const args = [...before.toReversed(), "--import", preloadUrl(preload, shape.plan), client];
    environment.#environment = await Environment.start(
      { ...spec, maxConcurrency: shape.maxConcurrency, workers: shape.workers },
      {
        launch: { ...launch, args },
        log: { append: (line) => environment.#line(line) },
        logStream: "race",
        initTimeoutMs: Math.max(130_000, spec.timeoutMs),
        tmpFolder: input.tmpFolder,
        signal,
        onCrash: () => environment.#ready.reject(new Error("The environment has ended.")),
      },
    ).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
    const aborted = () => environment.#ready.reject(signal?.reason);
    signal?.addEventListener("abort", aborted, { once: true });
    try {
      await environment.#ready.promise;
    } finally {
      signal?.removeEventListener("abort", aborted);
    }
    return environment;
  }

  /**
   * Runs requests together on one worker, the first one being 0, and resolves to their answers in order; to undefined
   * where the worker ended, which answers nobody. Fails with the signal's reason once it is aborted.
   */
  async wave(
    worker: number,
    requests: readonly { readonly place: RequestPlace; readonly payload: Uint8Array }[],
  ): Promise<readonly InvocationResult[] | undefined> {
    const thread = this.#threads[worker];
    const [first] = requests;
    const environment = this.#environment;
    if (!first || !environment || thread === undefined) return [];
    const ended = this.#endOf(thread);
    const recorded = this.#recordsOf(thread, first.place.wave);
    const answers = Promise.all(
      requests.map(({ place, payload }) =>
        environment.invoke({
          requestId: requestIdOf(place),
          payload,
          functionArn: this.#arn,
          timeoutMs: this.#timeoutMs,
          worker: thread,
        }),
      ),
    );
    const result = await Promise.race([answers, ended]);
    // Requests that timed out are none of a wave that ends.
    if (result?.every(timedOut) === false)
      await Promise.race([recorded, ended, sleep(recordPatienceMs)]);
    this.#signal?.throwIfAborted();
    return result;
  }

  async stop(): Promise<void> {
    await this.#environment?.stop();
  }

  #line(line: string): void {
    const record = recordIn(line);
    if (!record) {
      this.lines.push(line);
      return;
    }
    if (record.type === "hello") this.#hello(record.thread ?? 0);
    else this.records.push(record);
    // What no one handles ends the worker, and with it the answers of all that run in it.
    if (record.type === "rejection" || record.type === "exit")
      this.#ends.get(record.thread ?? 0)?.resolve(undefined);
    if (record.type === "wave") this.#waves.get(waveKey(record.thread ?? 0, record.wave))?.();
  }

  #hello(thread: number): void {
    this.#threads.push(thread);
    this.#threads.sort((a, b) => a - b);
    if (this.#threads.length === this.#workers) this.#ready.resolve();
  }

  #endOf(thread: number): Promise<undefined> {
    let end = this.#ends.get(thread);
    if (!end) this.#ends.set(thread, (end = Promise.withResolvers<undefined>()));
    return end.promise;
  }

  /** Resolves when the worker has told of a wave, or will not any more. */
  #recordsOf(thread: number, wave: WaveDone["wave"]): Promise<void> {
    const told = Promise.withResolvers<void>();
    const key = waveKey(thread, wave);
    this.#waves.set(key, () => {
      this.#waves.delete(key);
      told.resolve();
    });
    return told.promise;
  }
}

const waveKey = (thread: number, wave: number) => `${thread} ${wave}`;
