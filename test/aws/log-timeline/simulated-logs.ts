import type { LogClock } from "../../../src/aws/log-timeline/clock.ts";
import { follow } from "../../../src/aws/log-timeline/follow.ts";
import type { Pace } from "../../../src/aws/log-timeline/follow.ts";
import { LiveFeed } from "../../../src/aws/log-timeline/live-feed.ts";
import type { LiveUpdate } from "../../../src/aws/log-timeline/live-feed.ts";
import type { TimelineEvent } from "../../../src/aws/ports.ts";
import { manualClock } from "../../helpers/manual-clock.ts";
import { seededRandom } from "../../helpers/seeded-random.ts";

const pace: Pace = {
  pollEvery: 2000,
  lookBack: 10_000,
  farBack: 60_000,
  farEvery: 30_000,
  hold: 5000,
  settle: [10_000, 30_000],
};

export interface Weather {
  /** Milliseconds until what was ingested can be read by FilterLogEvents. */
  readonly readableAfter: number;
  /** Lines are ingested at most so much later than their own time says. */
  readonly lateness: number;
  /** Chance of each second of live tail to end the session, or to show a sample only. */
  readonly sessionEnds: number;
  readonly sampled: number;
  /** Chance of a session to fail at its start. */
  readonly refused: number;
  /** Milliseconds that a page takes. */
  readonly pageTakes: number;
}

interface Stored {
  readonly event: TimelineEvent;
  readonly ingested: number;
}

export interface Followed {
  readonly written: readonly TimelineEvent[];
  readonly shown: readonly TimelineEvent[];
  /** Milliseconds between a line's ingestion and when it was shown. */
  readonly delays: readonly number[];
  readonly sweeps: number;
  readonly sessions: number;
}

/** Five simulated minutes of lines, written by a few streams, followed as AWS would have it in this weather. */
export async function followSimulated(seed: number, weather: Weather): Promise<Followed> {
  const random = seededRandom(seed);
  const manual = manualClock();
  const clock: LogClock = {
    now: () => manual.now().getTime(),
    sleep: (ms, signal) => manual.sleep(ms, signal),
  };
  const start = clock.now();
  const stored = writtenLines(random, start, weather.lateness);
  const stop = new AbortController();
  let sweeps = 0;
  let sessions = 0;

  async function* sweep(from: number, to: number) {
    sweeps += 1;
    const readable = stored
      .filter(({ event, ingested }) => {
        const isReadable = ingested + weather.readableAfter <= clock.now();
        return isReadable && event.time >= from && event.time <= to;
      })
      .map(({ event }) => event)
      .toSorted((one, other) => one.time - other.time);
    for (let first = 0; first < readable.length; first += 50) {
      await clock.sleep(weather.pageTakes, stop.signal);
      yield readable.slice(first, first + 50);
    }
  }

  async function* session(signal: AbortSignal): AsyncGenerator<LiveUpdate> {
    let heard = clock.now();
    while (!signal.aborted) {
      await clock.sleep(1000, signal);
      if (random() < weather.sessionEnds) throw new Error("ended");
      const now = clock.now();
      const events = stored
        .filter(({ ingested }) => ingested > heard && ingested <= now)
        .map(({ event }) => event);
      heard = now;
      const sampled = random() < weather.sampled;
      yield { events: sampled ? events.slice(0, 3) : events, sampled };
    }
  }

  const feed = new LiveFeed({
    open: async (signal) => {
      await clock.sleep(200, signal);
      if (random() < weather.refused) throw new Error("not now");
      sessions += 1;
      return session(signal);
    },
    clock,
    signal: stop.signal,
    retryAfter: () => 3000,
    onWay: () => {},
  });
  const shown: TimelineEvent[] = [];
  const delays: number[] = [];
  const ingestedAt = new Map(stored.map(({ event, ingested }) => [event, ingested]));
  const reading = (async () => {
    for await (const batch of follow({
      sweep,
      feed,
      clock,
      pace,
      since: start - 60_000,
      signal: stop.signal,
    })) {
      shown.push(...batch);
      delays.push(...batch.map((event) => clock.now() - (ingestedAt.get(event) ?? 0)));
    }
  })();
  await manual.advance(6 * 60_000);
  stop.abort();
  await manual.advance(1);
  await reading;
  return { written: stored.map(({ event }) => event), shown, delays, sweeps, sessions };
}

/** Some seconds bring many lines, some lines are alike in everything. */
function writtenLines(random: () => number, start: number, lateness: number): Stored[] {
  const lines: Stored[] = [];
  let number = 0;
  for (let second = -50; second < 290; second += 1) {
    const count = random() < 0.1 ? 60 : Math.floor(random() * 4);
    for (let index = 0; index < count; index += 1) {
      number += 1;
      const time = start + second * 1000 + Math.floor((index * 1000) / count);
      const stream = Math.floor(random() * 3);
      const isTwin = random() < 0.1;
      const event: TimelineEvent = {
        logGroup: "/g",
        logStream: `s${stream}`,
        time,
        message: isTwin ? "twin" : String(number),
      };
      const ingested = time + Math.floor(lateness * random());
      lines.push({ event, ingested });
      if (isTwin) lines.push({ event: { ...event }, ingested });
    }
  }
  return lines.toSorted((one, other) => one.ingested - other.ingested);
}
