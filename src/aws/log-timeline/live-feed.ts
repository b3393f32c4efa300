import type { TimelineEvent } from "../ports.ts";
import type { LogClock } from "./clock.ts";

/** What a live tail says once a second (CloudWatch Logs API reference, LiveTailSessionUpdate). */
export interface LiveUpdate {
  readonly events: readonly TimelineEvent[];
  /** More than 500 lines came in this second, and these are only some of them. */
  readonly sampled: boolean;
}

/** Resolves once the session has started; it ends after three hours (API reference, StartLiveTail). */
export type OpenLiveTail = (signal: AbortSignal) => Promise<AsyncIterable<LiveUpdate>>;

export interface LiveFeedOptions {
  readonly open: OpenLiveTail;
  readonly clock: LogClock;
  readonly signal: AbortSignal;
  /** Milliseconds until another session is tried; undefined: never again. */
  readonly retryAfter: (error: unknown) => number | undefined;
  readonly onWay: (way: "live" | "polling", why?: string) => void;
}

/** Updates come every second, with or without lines: after so long without one the connection is dead. */
const silenceMs = 15_000;
/** More than that is read again by a sweep. */
const mostWaiting = 20_000;

/** Live tail sessions, one after the other, and what they have brought that nobody has taken yet. */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  #waiting: TimelineEvent[] = [];
  #wake: () => void = () => {};
  #isUp = false;
  #epoch = 0;
  #changedAt = 0;
  #session = 0;
  #heard = 0;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
    void this.#run();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Another number whenever lines may have been missed: a session began or ended, or showed only a sample. */
  get epoch(): number {
    return this.#epoch;
  }

  /** When the epoch began. */
  get changedAt(): number {
    return this.#changedAt;
  }

  /** Counts sessions. */
  get session(): number {
    return this.#session;
  }

  /** The time of the last complete update. */
  get heard(): number {
    return this.#heard;
  }

  get hasSome(): boolean {
    return this.#waiting.length > 0;
  }

  take(): TimelineEvent[] {
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  /** Until something comes or changes, at most so many milliseconds. */
  async wait(milliseconds: number, isEnough: () => boolean): Promise<void> {
    if (isEnough()) return;
    const woken = new AbortController();
    this.#wake = () => {
      if (isEnough()) woken.abort();
    };
    await this.#options.clock.sleep(
      milliseconds,
      AbortSignal.any([this.#options.signal, woken.signal]),
    );
    this.#wake = () => {};
  }

  async #run(): Promise<void> {
    const { clock, signal, retryAfter, onWay } = this.#options;
    while (!signal.aborted) {
      let reason: unknown;
      try {
        await this.#listen();
      } catch (error) {
        reason = error;
      }
      this.#ended();
      if (signal.aborted) return;
      // Without an error it ended by itself, after its three hours.
      const wait = reason === undefined ? 0 : retryAfter(reason);
      onWay("polling", reason instanceof Error ? reason.message : undefined);
      if (wait === undefined) return;
      await clock.sleep(wait, signal);
    }
  }

  #change(): void {
    this.#epoch += 1;
    this.#changedAt = this.#options.clock.now();
  }

  #ended(): void {
    if (this.#isUp) this.#change();
    this.#isUp = false;
    this.#wake();
  }

  async #listen(): Promise<void> {
    const { open, clock, signal, onWay } = this.#options;
    const stop = new AbortController();
    const watchdog = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const updates = await open(either);
    this.#session += 1;
    this.#change();
    this.#isUp = true;
    this.#heard = clock.now();
    this.#waiting = [];
    onWay("live");
    this.#wake();
    void this.#watch(stop, AbortSignal.any([either, watchdog.signal]));
    try {
      for await (const update of updates) this.#hear(update);
    } finally {
      watchdog.abort();
      stop.abort();
    }
  }

  #hear({ events, sampled }: LiveUpdate): void {
    if (sampled || this.#waiting.length + events.length > mostWaiting) {
      this.#waiting = [];
      this.#change();
    } else {
      for (const event of events) this.#waiting.push(event);
    }
    this.#heard = this.#options.clock.now();
    this.#wake();
  }

  /** Ends a session that has fallen silent. */
  async #watch(stop: AbortController, done: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!done.aborted) {
      await clock.sleep(silenceMs, done);
      if (!done.aborted && clock.now() - this.#heard >= silenceMs) stop.abort();
    }
  }
}
