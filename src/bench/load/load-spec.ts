/** One load of one thread. Plain data: it goes to threads as a message. */
export interface LoadSpec {
  readonly load: Load;
  /** Milliseconds that are sent and not measured, until connections stand and the function is warm. */
  readonly settleMs: number;
  readonly measureMs: number;
  /** Milliseconds that unanswered requests are waited for afterwards. */
  readonly drainMs: number;
  /** Requests of this thread under way at once; the load ends early there, since it is only a queue that grows. */
  readonly maxInFlight: number;
  /** Part of the requests that may fail, 0–1, refusals with 429 not counted; the load ends early beyond. */
  readonly maxErrors?: number;
  /** What this thread may spend; the load ends early before it would spend more. */
  readonly allowance?: Allowance | undefined;
}

/** US dollars. */
export interface Allowance {
  readonly usd: number;
  readonly perRequest: number;
  /** Of each millisecond, whatever is sent. */
  readonly perMs: number;
}

export type Load = RateLoad | ConcurrencyLoad;

/** Open loop: requests start when they are due, whether others have been answered or not. */
export interface RateLoad {
  readonly kind: "rate";
  /** Requests a second. */
  readonly rate: number;
  /** Independent callers, or a metronome. */
  readonly arrivals: Arrivals;
  /** Repeats the same arrivals. */
  readonly seed: number;
  /** Part of a gap that the first one waits, 0–1, so that metronomes of several threads alternate. */
  readonly phase: number;
}

export type Arrivals = "poisson" | "even";

/** Closed loop: so many callers, each of which waits for its answer before it sends again. */
export interface ConcurrencyLoad {
  readonly kind: "concurrency";
  readonly callers: number;
}
