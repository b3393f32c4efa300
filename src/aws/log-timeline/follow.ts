import type { TimelineEvent } from "../ports.ts";
import type { LogClock } from "./clock.ts";
import { Ledger } from "./ledger.ts";
import type { LiveFeed } from "./live-feed.ts";

/** How often, and how far back, stored lines are read while following. Milliseconds. */
export interface Pace {
  readonly pollEvery: number;
  /** Each poll goes back so far behind the one before. */
  readonly lookBack: number;
  /** And so far once in `farEvery`: lines that come later than that are not seen. */
  readonly farBack: number;
  readonly farEvery: number;
  /**
   * What was stored can be read after so long. Live tail's lines wait for a sweep that began so long after it did: what
   * came just before them would otherwise come behind them.
   */
  readonly hold: number;
  /** And so long after that, the gap is looked at again, for what became readable later than usual. */
  readonly settle: readonly number[];
}

export interface FollowParts {
  /** Stored lines of a span of time, both ends included, in order of time. */
  readonly sweep: (from: number, to: number) => AsyncIterable<readonly TimelineEvent[]>;
  /** undefined: by polling alone. */
  readonly feed: LiveFeed | undefined;
  readonly clock: LogClock;
  readonly pace: Pace;
  readonly since: number;
  readonly signal: AbortSignal;
}

/** With live tail, an empty batch at least this often. */
const tickMs = 1000;

/**
 * Sweeps over what is stored, each beginning before the end of the one before; the ledger leaves out what was shown.
 * Live tail makes sweeps unnecessary while it shows everything.
 */
export async function* follow(parts: FollowParts): AsyncGenerator<readonly TimelineEvent[]> {
  const sweeper = new Sweeper(parts);
  yield* parts.feed === undefined ? polled(parts, sweeper) : fed(parts, parts.feed, sweeper);
}

async function* polled(
  { clock, signal }: FollowParts,
  sweeper: Sweeper,
): AsyncGenerator<readonly TimelineEvent[]> {
  while (!signal.aborted) {
    yield* sweeper.sweep(false);
    yield [];
    await clock.sleep(sweeper.pause(), signal);
  }
}

/**
 * At a session's beginning, at its end, and where it showed only a sample, sweeps close the gap, and what live tail
 * brings meanwhile waits until one has gone far back: a request's lines stay in order.
 */
async function* fed(
  { clock, pace, signal }: FollowParts,
  feed: LiveFeed,
  sweeper: Sweeper,
): AsyncGenerator<readonly TimelineEvent[]> {
  const gap = new Gap(pace);
  let session = 0;
  let isLive = false;
  while (!signal.aborted) {
    const { epoch, isUp } = feed;
    if (feed.session !== session) sweeper.ledger.beginSession();
    ({ session } = feed);
    if (!isLive) gap.open(feed.changedAt);
    const goesFar = isUp && gap.takeDue(clock.now());
    if (goesFar || !isLive) yield* sweeper.sweep(goesFar);
    isLive = isUp && feed.epoch === epoch && (isLive || gap.isClosedBy(sweeper.farBegun));
    if (isLive) {
      sweeper.coveredUntil(feed.heard);
      yield sweeper.unseen(feed.take());
      await feed.wait(tickMs, () => feed.epoch !== epoch || feed.hasSome);
      isLive = feed.epoch === epoch;
    } else {
      yield [];
      await feed.wait(sweeper.pause(), () => feed.isUp && !isUp);
    }
  }
}

/** What live tail may have missed until it began to show everything, and when sweeps are due that look for it. */
class Gap {
  readonly #pace: Pace;
  #end = 0;
  #due: readonly number[] = [];

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  open(changedAt: number): void {
    this.#end = changedAt + this.#pace.hold;
    this.#due = [0, ...this.#pace.settle].map((after) => this.#end + after);
  }

  takeDue(now: number): boolean {
    const [first] = this.#due;
    if (first === undefined || first > now) return false;
    this.#due = this.#due.slice(1);
    return true;
  }

  isClosedBy(sweepBegun: number): boolean {
    return sweepBegun >= this.#end;
  }
}

class Sweeper {
  readonly ledger = new Ledger();
  readonly #parts: FollowParts;
  /** When the last sweeps, near and far, were begun. */
  #near: number | undefined;
  #far: number | undefined;
  #floor: number;
  #took = 0;

  constructor(parts: FollowParts) {
    this.#parts = parts;
    this.#floor = parts.since;
  }

  async *sweep(wantsFar: boolean): AsyncGenerator<readonly TimelineEvent[]> {
    const { clock, pace } = this.#parts;
    const started = clock.now();
    const isFar = wantsFar || this.#far === undefined || started - this.#far >= pace.farEvery;
    const from = isFar
      ? this.#floor
      : Math.max(this.#floor, (this.#near ?? started) - pace.lookBack);
    const next = Math.max(this.#floor, started - pace.farBack);
    this.ledger.beginSweep(this.#far === undefined ? next : 0);
    for await (const batch of this.#parts.sweep(from, started)) {
      const unseen = batch.filter((event) => this.ledger.isNewInSweep(event));
      if (unseen.length > 0) yield unseen;
    }
    this.#near = started;
    if (isFar) {
      this.#far = started;
      this.#floor = next;
    }
    this.#forget();
    this.#took = clock.now() - started;
  }

  /** When the last sweep that went far back began. */
  get farBegun(): number {
    return this.#far ?? 0;
  }

  /** Live tail has shown everything until then: sweeps need not go back behind it. */
  coveredUntil(time: number): void {
    const { pace } = this.#parts;
    this.#near = Math.max(this.#near ?? 0, time);
    this.#floor = Math.max(this.#floor, time - pace.farBack);
    this.#forget();
  }

  /** What live tail brought and no sweep has shown, in order of time. */
  unseen(events: readonly TimelineEvent[]): TimelineEvent[] {
    return events
      .filter((event) => this.ledger.isNewLive(event))
      .toSorted((one, other) => one.time - other.time);
  }

  /** At least as long as the last sweep took, so that reading again leaves room for reading on. */
  pause(): number {
    return Math.max(this.#parts.pace.pollEvery, this.#took);
  }

  #forget(): void {
    this.ledger.forgetBefore(this.#floor);
    this.#floor = Math.max(this.#floor, this.ledger.floor);
  }
}
