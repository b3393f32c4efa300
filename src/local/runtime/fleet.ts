import type { Environment } from "./environment.ts";
import { InitFailure } from "./init-failure.ts";
import type { Invocation, InvocationResult } from "./invocation.ts";
import type { LoadReading } from "./load-meter.ts";
import { LoadMeter } from "./load-meter.ts";
import type { RequestWatch } from "./function-watch.ts";

export interface FleetOptions {
  /** Execution environments that the version has; on AWS each is a process. */
  readonly environments: number;
  /** Processes kept from the start, at most one for each environment. */
  readonly warm: number;
  /** Processes that this machine runs at most; more environments than these share them. */
  readonly maxProcesses: number;
  /** Requests that one environment takes at once. */
  readonly maxConcurrency: number;
  readonly start: (onCrash: (environment: Environment) => void) => Promise<Environment>;
  readonly log: (message: string) => void;
  readonly watch?: RequestWatch | undefined;
}

/** All environments are busy: LMI refuses the request instead of queueing it. */
export class SaturatedError extends Error {
  constructor() {
    super("All execution environments are at their concurrency limit.");
    this.name = "SaturatedError";
  }
}

/** What happened in a fleet since it was last asked. */
export interface FleetReading extends LoadReading {
  readonly environments: number;
  readonly maxConcurrency: number;
  /** Process ids of the environments' processes. */
  readonly pids: readonly number[];
}

/**
 * The execution environments that serve one generation of a function version. As many requests are taken as the
 * environments have room for on AWS (environments × concurrency), and the next one is refused. Processes start as
 * requests need them, at most one for each environment and no more than the machine is to run; where all of those are
 * at their concurrency, a request that AWS would have run in another environment waits for a place in one of them.
 */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #processes: Environment[] = [];
  /** Processes that end once their requests have. */
  readonly #ending = new Set<Environment>();
  readonly #meter = new LoadMeter();
  /** Requests that wait for a place, the longest-waiting first. */
  readonly #waiting: (() => void)[] = [];
  #environments: number;
  #starting: Promise<void> | undefined;
  #closed = false;
  #toldOfWaiting = false;

  /** Called, once for each refused request, where all environments are busy. */
  onSaturated: () => void = () => undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#environments = options.environments;
  }

  /** Starts the warm environments; fails with the InitFailure of the first one that does not come up, and is closed. */
  async open(): Promise<this> {
    try {
      await this.#startUpTo(this.#warm);
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Runs the function in the environment with the most room. Throws SaturatedError, at once, when there is none. */
  invoke(invocation: Invocation): Promise<InvocationResult> {
    if (this.#closed || this.#meter.inFlight >= this.capacity) {
      this.#meter.refused();
      this.#options.watch?.refused();
      this.onSaturated();
      throw new SaturatedError();
    }
    this.#meter.began();
    const environment = this.#withRoom();
    const result = environment
      ? this.#run(environment, invocation)
      : this.#runWhenPossible(invocation);
    const { watch } = this.#options;
    return watch ? watched(result, watch.began(invocation)) : result;
  }

  /** Execution environments, of which fewer may be processes here. */
  get environments(): number {
    return this.#environments;
  }

  /** Requests that are taken at once. */
  get capacity(): number {
    return this.#environments * this.#options.maxConcurrency;
  }

  get processes(): readonly Environment[] {
    return this.#processes;
  }

  /** The load since the last reading. */
  read(): FleetReading {
    const { maxConcurrency } = this.#options;
    const pids = this.#processes.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    return { ...this.#meter.read(), environments: this.#environments, maxConcurrency, pids };
  }

  /** Changes the number of environments. Requests of those that go end first. */
  async resize(environments: number): Promise<void> {
    this.#environments = environments;
    while (this.#processes.length > this.#processLimit) {
      const leaving = leastBusy(this.#processes);
      if (!leaving) break;
      this.#processes.splice(this.#processes.indexOf(leaving), 1);
      this.#ending.add(leaving);
      this.#endIfIdle(leaving);
    }
    await this.#startUpTo(this.#warm);
    this.#wakeAll();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wakeAll();
    await this.#starting?.catch(() => undefined);
    const all = [...this.#processes.splice(0), ...this.#ending];
    this.#ending.clear();
    await Promise.all(all.map((environment) => environment.stop()));
  }

  /** Closes once the requests in flight have ended, at the latest after `milliseconds`. */
  async drain(milliseconds: number): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while (this.#meter.inFlight > 0 && performance.now() < deadline && !this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.close();
  }

  get #processLimit(): number {
    return Math.min(this.#environments, this.#options.maxProcesses);
  }

  get #warm(): number {
    return Math.min(this.#options.warm, this.#processLimit);
  }

  async #startUpTo(processes: number): Promise<void> {
    while (this.#processes.length < processes && !this.#closed) {
      // One after the other: a machine has fewer processors than an instance fleet.
      await this.#startOne();
    }
  }

  #withRoom(): Environment | undefined {
    let best: Environment | undefined;
    for (const environment of this.#processes) {
      if (!environment.serving || environment.inFlight >= this.#options.maxConcurrency) continue;
      if (!best || environment.inFlight < best.inFlight) best = environment;
    }
    return best;
  }

  async #run(environment: Environment, invocation: Invocation): Promise<InvocationResult> {
    try {
      return await environment.invoke(invocation);
    } finally {
      this.#meter.ended();
      this.#waiting.shift()?.();
      if (this.#ending.size > 0) this.#endIfIdle(environment);
    }
  }

  async #runWhenPossible(invocation: Invocation): Promise<InvocationResult> {
    let environment: Environment | undefined;
    try {
      environment = await this.#findRoom();
    } catch (error) {
      this.#meter.ended();
      this.#waiting.shift()?.();
      if (!(error instanceof InitFailure)) throw error;
      return { payload: Buffer.from(error.body), errorType: "Runtime.InitError" };
    }
    return this.#run(environment, invocation);
  }

  async #findRoom(): Promise<Environment> {
    for (;;) {
      const environment = this.#withRoom();
      if (environment) return environment;
      if (this.#closed) throw new SaturatedError();
      if (this.#starting || this.#processes.length < this.#processLimit) await this.#startOne();
      else await this.#placeFree();
    }
  }

  #placeFree(): Promise<void> {
    const { maxConcurrency, log } = this.#options;
    if (!this.#toldOfWaiting) {
      this.#toldOfWaiting = true;
      log(
        `${this.#environments} execution environments share ${this.#processes.length} processes on this machine: requests beyond ${this.#processes.length} × ${maxConcurrency} at once wait, which they would not on AWS (LMI_LOCAL_ENVIRONMENTS=all runs a process for each).`,
      );
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #startOne(): Promise<void> {
    if (this.#starting) return this.#starting;
    this.#starting = this.#options
      .start((crashed) => this.#replace(crashed))
      .then(async (environment) => {
        if (this.#closed) await environment.stop();
        else this.#processes.push(environment);
        return undefined;
      })
      .finally(() => {
        this.#starting = undefined;
        this.#wakeAll();
      });
    return this.#starting;
  }

  #replace(crashed: Environment): void {
    const index = this.#processes.indexOf(crashed);
    if (index >= 0) this.#processes.splice(index, 1);
    this.#ending.delete(crashed);
    this.#wakeAll();
    if (this.#closed || this.#processes.length >= this.#warm) return;
    this.#startOne().catch((error: unknown) =>
      this.#options.log(`An execution environment could not be replaced: ${String(error)}`),
    );
  }

  #wakeAll(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #endIfIdle(environment: Environment): void {
    if (environment.inFlight > 0 || !this.#ending.delete(environment)) return;
    environment
      .stop()
      .catch((error: unknown) =>
        this.#options.log(`An execution environment did not end: ${String(error)}`),
      );
  }
}

async function watched(
  running: Promise<InvocationResult>,
  ended: (errorType: string | undefined) => void,
): Promise<InvocationResult> {
  try {
    const result = await running;
    ended(result.errorType);
    return result;
  } catch (error) {
    ended(error instanceof Error ? error.name : "Error");
    throw error;
  }
}

function leastBusy(environments: readonly Environment[]): Environment | undefined {
  return environments.toSorted((one, other) => one.inFlight - other.inFlight)[0];
}
