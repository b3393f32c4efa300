import { setImmediate } from "node:timers/promises";

import type { TimelineEvent } from "../ports.ts";

/** First and last millisecond, both included; without `to` it goes on until now. */
export interface Span {
  readonly from: number;
  readonly to: number | undefined;
}

export interface Page {
  /** Asked for once, and late: what is not asked for takes less memory. */
  readonly events: () => readonly TimelineEvent[];
  /** undefined: the span ends here. */
  readonly nextToken: string | undefined;
}

/** Asks for a page of a span; the signal aborts once nobody waits for it any more. */
export type AskPage = (
  span: Span,
  nextToken: string | undefined,
  signal: AbortSignal,
) => Promise<Page>;

/**
 * Reads a span with at most so many calls under way at once, in order of time. The first page tells how close lines are;
 * what is behind it is asked for as short parts that fit on a page and the open rest, whose first page tells how it
 * goes on. Holds at most four pages for each call, however long the span is. Pages must be in order of time (CloudWatch
 * Logs API reference, FilterLogEvents); behind one that is not, it goes on page by page.
 */
export async function* inParts(
  span: Span,
  ask: AskPage,
  atOnce: number,
): AsyncGenerator<readonly TimelineEvent[]> {
  const stop = new AbortController();
  const inTurn = atMost(atOnce);
  const parts = new Parts(
    span,
    (part, token, place) => inTurn(place, () => ask(part, token, stop.signal)),
    atOnce,
  );
  try {
    for (let part = parts.next(); part !== undefined; part = parts.next()) yield* part.pages();
  } finally {
    stop.abort();
  }
}

/** @param place when its lines are wanted: the earlier ones are read first */
type Ask = (span: Span, nextToken: string | undefined, place: number) => Promise<Page>;

/** Where the rest of a span begins that nobody has asked for, and how much time a page covered before it. */
interface Rest extends Span {
  readonly pageMs: number;
}

/** Pages with lines that are asked for and not read yet, for each call that may be under way: a bound on memory. */
const mostPages = 4;

class Parts {
  readonly #ask: Ask;
  readonly #atOnce: number;
  readonly #room: Room;
  /** Asked for and not read, in order of time. */
  readonly #ahead: Part[] = [];
  #rest: Rest | undefined;

  constructor(span: Span, ask: Ask, atOnce: number) {
    this.#ask = ask;
    this.#atOnce = atOnce;
    this.#room = new Room(mostPages * atOnce, () => this.#askRest());
    this.#ahead.push(this.#open(span, span.from));
  }

  next(): Part | undefined {
    return this.#ahead.shift();
  }

  /** Whatever its first pages show, the next parts begin behind them. */
  #open(span: Span, place: number): Part {
    const ask = async (token: string | undefined) =>
      this.#cut(span, await this.#ask(span, token, place));
    return new Part(ask, this.#room);
  }

  #short(span: Span): Part {
    return new Part((token) => this.#ask(span, token, span.from), this.#room);
  }

  #cut(span: Span, page: Page): Page {
    if (this.#atOnce === 1 || page.nextToken === undefined) return page;
    const events = page.events();
    const first = events[0]?.time ?? 0;
    const last = events.at(-1)?.time ?? 0;
    if (first >= last || !isInOrder(events)) return { ...page, events: () => events };
    this.#rest = { from: last, to: span.to, pageMs: last - first };
    this.#askRest();
    // Of the last millisecond there may be more.
    return { events: () => events.filter(({ time }) => time < last), nextToken: undefined };
  }

  #askRest(): void {
    const rest = this.#rest;
    if (rest === undefined || this.#room.left < this.#atOnce) return;
    this.#rest = undefined;
    const short = this.#atOnce - 1;
    const left = rest.to === undefined ? Number.POSITIVE_INFINITY : rest.to - rest.from + 1;
    const width = Math.max(
      1,
      Math.min(Math.ceil(partOfPage * rest.pageMs), Math.floor(left / this.#atOnce)),
    );
    const spans = Array.from({ length: short }, (_, index) => ({
      from: rest.from + index * width,
      to: rest.from + (index + 1) * width - 1,
    })).filter(({ to }) => rest.to === undefined || to < rest.to);
    const from = rest.from + spans.length * width;
    // Sent before the short ones, since the next parts wait for it.
    const open = this.#open({ from, to: rest.to }, rest.from);
    this.#ahead.push(...spans.map((part) => this.#short(part)), open);
  }
}

/** A part shall be one page even where its lines are a bit closer: what is left over would take a call of its own. */
const partOfPage = 0.8;

/** For pages that nobody has read yet. */
class Room {
  #left: number;
  readonly #freed: () => void;

  constructor(pages: number, freed: () => void) {
    this.#left = pages;
    this.#freed = freed;
  }

  get left(): number {
    return this.#left;
  }

  take(): void {
    this.#left -= 1;
  }

  give(): void {
    this.#left += 1;
    this.#freed();
  }
}

/** Pages of one part that are asked for before they are read. */
const mostUnread = 2;

/** A span's pages, the next one under way while one is read or waits to be. */
class Part {
  readonly #ask: (nextToken: string | undefined) => Promise<Page>;
  readonly #room: Room;
  readonly #unread: Promise<Page>[] = [];
  /** Of the page that nobody has asked for yet. */
  #token: string | undefined;

  constructor(ask: (nextToken: string | undefined) => Promise<Page>, room: Room) {
    this.#ask = ask;
    this.#room = room;
    this.#start(undefined);
  }

  async *pages(): AsyncGenerator<readonly TimelineEvent[]> {
    for (let page = this.#unread[0]; page !== undefined; page = this.#unread[0]) {
      const arrived = await page;
      void this.#unread.shift();
      // Whatever room there is: who reads waits for this one.
      this.#askNext();
      this.#room.give();
      const events = arrived.events();
      if (events.length === 0) continue;
      // What was just asked for shall be on its way while these are laid out.
      await setImmediate();
      yield events;
    }
  }

  #start(nextToken: string | undefined): void {
    this.#room.take();
    const page = this.#ask(nextToken);
    this.#unread.push(page);
    page.then(
      (arrived) => {
        this.#token = arrived.nextToken;
        if (this.#unread.length < mostUnread && this.#room.left > 0) this.#askNext();
      },
      // Whoever reads it hears of its failure; whoever has stopped reading does not wait for it.
      () => {},
    );
  }

  #askNext(): void {
    const token = this.#token;
    if (token === undefined) return;
    this.#token = undefined;
    this.#start(token);
  }
}

/** Runs so much at once; of what waits, the earliest place comes first, and of equals who came first. */
function atMost(count: number): <T>(place: number, work: () => Promise<T>) => Promise<T> {
  const waiting: { readonly place: number; readonly turn: () => void }[] = [];
  let free = count;
  return async (place, work) => {
    if (free === 0) {
      await new Promise<void>((turn) => {
        const behind = waiting.findIndex((other) => other.place > place);
        waiting.splice(behind === -1 ? waiting.length : behind, 0, { place, turn });
      });
    } else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next.turn();
    }
  };
}

function isInOrder(events: readonly TimelineEvent[]): boolean {
  let latest = Number.NEGATIVE_INFINITY;
  for (const { time } of events) {
    if (time < latest) return false;
    latest = time;
  }
  return true;
}
