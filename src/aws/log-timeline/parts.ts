import type { TimelineEvent } from "../ports.ts";

/** First and last millisecond, both included; without `to` it goes on until now. */
export interface Span {
  readonly from: number;
  readonly to: number | undefined;
}

export interface Page {
  readonly events: readonly TimelineEvent[];
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
 * what is behind it is asked for as short parts of about a page each and the open rest, whose first page tells how it
 * goes on. Holds at most two pages for each call, however long the span is. Pages must be in order of time (CloudWatch
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
    (part, token) => inTurn(() => ask(part, token, stop.signal)),
    atOnce,
  );
  try {
    for (let part = parts.next(); part !== undefined; part = parts.next()) yield* part.pages();
  } finally {
    stop.abort();
  }
}

type Ask = (span: Span, nextToken: string | undefined) => Promise<Page>;

/** Where the rest of a span begins that nobody has asked for, and how much time a page covered before it. */
interface Rest extends Span {
  readonly pageMs: number;
}

class Parts {
  readonly #ask: Ask;
  readonly #atOnce: number;
  /** Asked for and not read, in order of time. */
  readonly #ahead: Part[] = [];
  #rest: Rest | undefined;

  constructor(span: Span, ask: Ask, atOnce: number) {
    this.#ask = ask;
    this.#atOnce = atOnce;
    this.#ahead.push(this.#open(span));
  }

  next(): Part | undefined {
    const part = this.#ahead.shift();
    this.#askRest();
    return part;
  }

  /** Whatever its first pages show, the next parts begin behind them. */
  #open(span: Span): Part {
    return new Part(span, this.#ask, (page) => this.#cut(span, page));
  }

  #cut(span: Span, page: Page): Page {
    const first = page.events[0]?.time ?? 0;
    const last = page.events.at(-1)?.time ?? 0;
    const canCut = this.#atOnce > 1 && page.nextToken !== undefined && first < last;
    if (!canCut || !isInOrder(page.events)) return page;
    this.#rest = { from: last, to: span.to, pageMs: last - first };
    this.#askRest();
    // Of the last millisecond there may be more.
    return { events: page.events.filter(({ time }) => time < last), nextToken: undefined };
  }

  #askRest(): void {
    const rest = this.#rest;
    if (rest === undefined || this.#ahead.length > this.#atOnce) return;
    this.#rest = undefined;
    const short = this.#atOnce - 1;
    const left = rest.to === undefined ? Number.POSITIVE_INFINITY : rest.to - rest.from + 1;
    const width = Math.max(1, Math.min(rest.pageMs, Math.floor(left / this.#atOnce)));
    const spans = Array.from({ length: short }, (_, index) => ({
      from: rest.from + index * width,
      to: rest.from + (index + 1) * width - 1,
    })).filter(({ to }) => rest.to === undefined || to < rest.to);
    const from = rest.from + spans.length * width;
    // Sent before the short ones, since the next parts wait for it.
    const open = this.#open({ from, to: rest.to });
    this.#ahead.push(...spans.map((part) => new Part(part, this.#ask, (page) => page)), open);
  }
}

/** A span's pages, each next page under way while one is read. */
class Part {
  readonly #ask: (nextToken: string | undefined) => Promise<Page>;
  #next: Promise<Page> | undefined;

  constructor(span: Span, ask: Ask, arrived: (page: Page) => Page) {
    this.#ask = async (nextToken) => arrived(await ask(span, nextToken));
    this.#next = this.#start(undefined);
  }

  async *pages(): AsyncGenerator<readonly TimelineEvent[]> {
    while (this.#next !== undefined) {
      const { events, nextToken }: Page = await this.#next;
      this.#next = nextToken === undefined ? undefined : this.#start(nextToken);
      if (events.length > 0) yield events;
    }
  }

  #start(nextToken: string | undefined): Promise<Page> {
    const page = this.#ask(nextToken);
    // Whoever stops reading does not wait for its failure either.
    page.catch(() => {});
    return page;
  }
}

/** Runs so much at once; the rest waits in the order in which it came. */
function atMost(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (work) => {
    if (free === 0) await new Promise<void>((turn) => waiting.push(turn));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
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
