/** The load of a fleet over the time since the last reading. */
export interface LoadReading {
  /** Mean number of requests in flight. */
  readonly concurrency: number;
  /** Most requests in flight at once. */
  readonly peak: number;
  /** Requests that were refused. */
  readonly refused: number;
}

/** Counts requests in flight. Thousands a second pass through it, so that it only adds up. */
export class LoadMeter {
  #inFlight = 0;
  #peak = 0;
  #refused = 0;
  #since = performance.now();
  #changed = this.#since;
  /** Requests in flight × milliseconds. */
  #area = 0;

  get inFlight(): number {
    return this.#inFlight;
  }

  began(): void {
    this.#advance();
    this.#inFlight += 1;
    if (this.#inFlight > this.#peak) this.#peak = this.#inFlight;
  }

  ended(): void {
    this.#advance();
    this.#inFlight -= 1;
  }

  refused(): void {
    this.#refused += 1;
  }

  read(): LoadReading {
    const now = this.#advance();
    const elapsed = now - this.#since;
    const reading = {
      concurrency: elapsed > 0 ? this.#area / elapsed : this.#inFlight,
      peak: this.#peak,
      refused: this.#refused,
    };
    this.#since = now;
    this.#area = 0;
    this.#peak = this.#inFlight;
    this.#refused = 0;
    return reading;
  }

  #advance(): number {
    const now = performance.now();
    this.#area += this.#inFlight * (now - this.#changed);
    this.#changed = now;
    return now;
  }
}
