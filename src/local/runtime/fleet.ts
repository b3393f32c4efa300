import type { Environment } from "./environment.ts";
import { InitFailure } from "./init-failure.ts";
import type { Invocation, InvocationResult } from "./invocation.ts";

export interface FleetOptions {
  /** Execution environments that the version has on AWS; processes are started up to this number as load asks. */
  readonly size: number;
  /** Processes kept from the start. */
  readonly warm: number;
  readonly maxConcurrency: number;
  readonly start: (onCrash: (environment: Environment) => void) => Promise<Environment>;
  readonly log: (message: string) => void;
}

/** All environments are busy: LMI refuses the request instead of queueing it. */
export class SaturatedError extends Error {
  constructor() {
    super("All execution environments are at their concurrency limit.");
    this.name = "SaturatedError";
  }
}

/** The execution environments that serve one generation of a function version. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #environments: Environment[] = [];
  #starting: Promise<void> | undefined;
  /** Requests that wait for an environment that is starting. */
  #waiting = 0;
  #closed = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Starts the warm environments; fails with the InitFailure of the first one that does not come up, and is closed. */
  async open(): Promise<this> {
    try {
      while (this.#environments.length < this.#options.warm && !this.#closed) {
        // One after the other: a machine has fewer processors than an instance fleet.
        await this.#startOne();
      }
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Runs the function in the environment with the most room. Throws SaturatedError when there is none. */
  invoke(invocation: Invocation): Promise<InvocationResult> {
    const environment = this.#withRoom();
    return environment ? environment.invoke(invocation) : this.#invokeInNew(invocation);
  }

  get processes(): readonly Environment[] {
    return this.#environments;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#starting?.catch(() => undefined);
    await Promise.all(this.#environments.splice(0).map((environment) => environment.stop()));
  }

  /** Closes once the requests in flight have ended, at the latest after `milliseconds`. */
  async drain(milliseconds: number): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while (this.#inFlight() > 0 && performance.now() < deadline && !this.#closed) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.close();
  }

  #withRoom(): Environment | undefined {
    let best: Environment | undefined;
    for (const environment of this.#environments) {
      if (!environment.serving || environment.inFlight >= this.#options.maxConcurrency) continue;
      if (!best || environment.inFlight < best.inFlight) best = environment;
    }
    return best;
  }

  #inFlight(): number {
    return this.#environments.reduce((sum, environment) => sum + environment.inFlight, 0);
  }

  async #invokeInNew(invocation: Invocation): Promise<InvocationResult> {
    const { size, maxConcurrency } = this.#options;
    if (this.#closed || this.#inFlight() + this.#waiting >= size * maxConcurrency)
      throw new SaturatedError();
    this.#waiting += 1;
    try {
      for (;;) {
        await (this.#starting ?? this.#startOne());
        const environment = this.#withRoom();
        if (environment) return await environment.invoke(invocation);
        if (this.#closed || this.#environments.length >= size) throw new SaturatedError();
      }
    } catch (error) {
      if (!(error instanceof InitFailure)) throw error;
      return { payload: Buffer.from(error.body), errorType: "Runtime.InitError" };
    } finally {
      this.#waiting -= 1;
    }
  }

  #startOne(): Promise<void> {
    if (this.#starting) return this.#starting;
    this.#starting = this.#options
      .start((crashed) => this.#replace(crashed))
      .then(async (environment) => {
        if (this.#closed) await environment.stop();
        else this.#environments.push(environment);
        return undefined;
      })
      .finally(() => {
        this.#starting = undefined;
      });
    return this.#starting;
  }

  #replace(crashed: Environment): void {
    const index = this.#environments.indexOf(crashed);
    if (index >= 0) this.#environments.splice(index, 1);
    if (this.#closed || this.#environments.length >= this.#options.warm) return;
    this.#startOne().catch((error: unknown) =>
      this.#options.log(`An execution environment could not be replaced: ${String(error)}`),
    );
  }
}
