/** Work that nobody awaits: failures go to the target's log, and closing waits for what is under way. */
export class BackgroundWork {
  readonly #log: (failure: string) => void;
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(log: (failure: string) => void) {
    this.#log = log;
  }

  /** Aborts when no more is to be begun. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  run(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) => this.#log(String(error)))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  stop(): void {
    this.#closing.abort();
  }

  async ended(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Resolves once closing has begun. */
  stopped(): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }
}
