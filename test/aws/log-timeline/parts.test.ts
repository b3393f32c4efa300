import { expect, test } from "vitest";
import * as fc from "fast-check";

import { inParts } from "../../../src/aws/log-timeline/parts.ts";
import type { AskPage, Span } from "../../../src/aws/log-timeline/parts.ts";
import type { TimelineEvent } from "../../../src/aws/ports.ts";

const event = (time: number, number: number): TimelineEvent => ({
  logGroup: "group",
  logStream: "stream",
  time,
  message: String(number),
});

const eventsAt = (times: readonly number[]) =>
  times.toSorted((one, other) => one - other).map(event);

interface Shelf {
  readonly ask: AskPage;
  /** Spans that were asked for from their beginning. */
  readonly spans: Span[];
  /** Most calls that were under way at once, and pages that were handed out. */
  busiest: number;
  pages: number;
}

/** Pages of at most so many events, as FilterLogEvents has them: some of them partly full, or empty though there is more. */
function shelf(events: readonly TimelineEvent[], pageSize: number, random = () => 1): Shelf {
  let busy = 0;
  const kept: Shelf = {
    spans: [],
    busiest: 0,
    pages: 0,
    ask: async (span, nextToken) => {
      if (nextToken === undefined) kept.spans.push(span);
      busy += 1;
      kept.busiest = Math.max(kept.busiest, busy);
      for (let turn = Math.floor(random() * 5); turn >= 0; turn -= 1) await Promise.resolve();
      busy -= 1;
      kept.pages += 1;
      const { from, to = Number.POSITIVE_INFINITY } = span;
      const all = events.filter(({ time }) => time >= from && time <= to);
      const start = Number(nextToken ?? 0);
      const end = start + Math.floor(random() * pageSize);
      return {
        events: () => all.slice(start, end),
        nextToken: end < all.length ? String(end) : undefined,
      };
    },
  };
  return kept;
}

async function read(span: Span, ask: AskPage, atOnce: number): Promise<TimelineEvent[]> {
  const found: TimelineEvent[] = [];
  for await (const batch of inParts(span, ask, atOnce)) found.push(...batch);
  return found;
}

test("however lines are spread over time and pages, each comes once, in order, and calls stay few", async () => {
  const clumps = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 30 })),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(
      clumps,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 5 }),
      fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
      async (spread, pageSize, atOnce, to, chances) => {
        const events = eventsAt(spread.flatMap(([time, count]) => Array(count).fill(time)));
        let draw = 0;
        // Never nothing for ever: the last of the chances is a full page.
        const random = () => [...chances, 1][draw++ % (chances.length + 1)] ?? 1;
        const pages = shelf(events, pageSize, random);
        const found = await read({ from: 3, to }, pages.ask, atOnce);
        const wanted = ({ time }: TimelineEvent) => time >= 3 && time <= (to ?? time);
        expect(found).toEqual(events.filter(wanted));
        expect(pages.busiest).toBeLessThanOrEqual(atOnce);
      },
    ),
    { numRuns: 300 },
  );
});

test("what fits on one page takes one call", async () => {
  const pages = shelf(eventsAt([1, 2, 3]), 10);
  await read({ from: 0, to: undefined }, pages.ask, 4);
  expect(pages.pages).toBe(1);
});

test("many pages are asked for beside each other, and few of them twice", async () => {
  const events = eventsAt(Array.from({ length: 10_000 }, (_, time) => time));
  const pages = shelf(events, 100);
  expect(await read({ from: 0, to: undefined }, pages.ask, 4)).toEqual(events);
  expect(pages.busiest).toBe(4);
  expect(pages.pages).toBeLessThan(150);
});

test("parts in which lines are a bit closer are one page each, too", async () => {
  const events = eventsAt(
    Array.from({ length: 10_000 }, (_, index) =>
      Math.round(100 * index + 3000 * Math.sin(index / 250)),
    ),
  );
  const pages = shelf(events, 100);
  expect(await read({ from: 0, to: undefined }, pages.ask, 6)).toEqual(events);
  expect(pages.pages).toBeLessThan(135);
});

test("where the open rest answers first, the next parts wait for their turn", async () => {
  const events = eventsAt(Array.from({ length: 10_000 }, (_, time) => time));
  const pages = shelf(events, 100);
  let busy = 0;
  let busiest = 0;
  const ask: AskPage = async (span, token, signal) => {
    busy += 1;
    busiest = Math.max(busiest, busy);
    if (span.to !== undefined) for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    const page = await pages.ask(span, token, signal);
    busy -= 1;
    return page;
  };
  expect(await read({ from: 0, to: undefined }, ask, 4)).toEqual(events);
  expect(busiest).toBe(4);
});

test("nobody reads on for a reader that has stopped, and a slow one is not overrun", async () => {
  const events = eventsAt(Array.from({ length: 10_000 }, (_, time) => time));
  const pages = shelf(events, 100);
  const signals: AbortSignal[] = [];
  const ask: AskPage = (span, token, signal) => {
    signals.push(signal);
    return pages.ask(span, token, signal);
  };
  const reader = inParts({ from: 0, to: undefined }, ask, 4);
  await reader.next();
  for (let turn = 0; turn < 1000; turn += 1) await Promise.resolve();
  // Its own page, and four for each call.
  expect(pages.pages).toBeLessThanOrEqual(17);
  await reader.return(undefined);
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});

test("a part of several pages has its next one before later parts have theirs, and before it is read", async () => {
  // Thin at first, so that each short part behind it has three pages.
  const thin = Array.from({ length: 100 }, (_, index) => index * 3);
  const events = eventsAt([...thin, ...Array.from({ length: 2700 }, (_, index) => 300 + index)]);
  const pages = shelf(events, 100);
  const asked: string[] = [];
  const ask: AskPage = async (span, token, signal) => {
    asked.push(`${span.from}+${token ?? 0}`);
    if (span.to !== undefined) for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    return pages.ask(span, token, signal);
  };
  const reader = inParts({ from: 0, to: undefined }, ask, 3);
  await reader.next();
  for (let turn = 0; turn < 1000; turn += 1) await Promise.resolve();
  expect(asked).toContain("297+100");
  expect(asked.indexOf("297+100")).toBeLessThan(asked.indexOf("1131+0"));
  await reader.return(undefined);
});

test("behind a page that is out of order it goes on page by page", async () => {
  const events = [5, 1, 9, 2, 7, 3].map(event);
  const pages = shelf(events, 2);
  expect(await read({ from: 0, to: undefined }, pages.ask, 4)).toEqual(events);
  expect(pages.spans).toHaveLength(1);
});

test("a call that fails ends the reading with its failure", async () => {
  const pages = shelf(eventsAt(Array.from({ length: 1000 }, (_, time) => time)), 100);
  const ask: AskPage = async (span, token, signal) => {
    if (span.from > 400) throw new Error("refused");
    return pages.ask(span, token, signal);
  };
  await expect(read({ from: 0, to: undefined }, ask, 4)).rejects.toThrow("refused");
});
