import { machineClock } from "./log-timeline/clock.ts";
import type { LogClock } from "./log-timeline/clock.ts";
import { follow } from "./log-timeline/follow.ts";
import type { Pace } from "./log-timeline/follow.ts";
import { LiveFeed } from "./log-timeline/live-feed.ts";
import { liveTail, mostLiveGroups, retryLiveTailAfter } from "./log-timeline/live-tail.ts";
import { merged } from "./log-timeline/merge.ts";
import { pages } from "./log-timeline/pages.ts";
import type { Span } from "./log-timeline/parts.ts";
import { Patience } from "./log-timeline/patience.ts";
import type { LogsConnection } from "./logs-client.ts";
import type { FollowQuery, LogTimeline, TimelineEvent, TimelineQuery } from "./ports.ts";
import type { AwsTarget } from "./target.ts";

/** Half a minute of trouble without a pause; who follows has all the time. */
const storedRetries = 6;

/**
 * Calls under way at once, of all groups together: with fewer, a reader 50 ms away from the service waits for pages a
 * third of its time. What is beyond the quota below is refused, and asked for again.
 */
const mostCalls = 6;

/** FilterLogEvents may be called 5 to 25 times a second, by region (CloudWatch Logs quotas): each group takes its share. */
const pace = (groups: number): Pace => ({
  pollEvery: Math.max(2000, groups * 400),
  lookBack: 10_000,
  farBack: 60_000,
  farEvery: 30_000,
  hold: 5000,
  settle: [10_000, 30_000],
});

/** The local target knows no quotas, and what it has stored can be read at once. */
const localPace: Pace = {
  pollEvery: 250,
  lookBack: 2000,
  farBack: 10_000,
  farEvery: 10_000,
  hold: 0,
  settle: [1000],
};

export function createLogTimeline(
  target: AwsTarget,
  logs: LogsConnection,
  clock: LogClock = machineClock,
): LogTimeline {
  return {
    stored: (query) => {
      const span = { from: query.since.getTime(), to: query.until?.getTime() };
      return read(query, span, patienceOf(query, storedRetries), logs);
    },
    followed: (query) => followed(query),
  };

  function patienceOf({ onTrouble }: TimelineQuery, retries: number): Patience {
    return new Patience({ target, clock, retries, onTrouble });
  }

  async function* followed(query: FollowQuery): AsyncGenerator<readonly TimelineEvent[]> {
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, ...(query.signal ? [query.signal] : [])]);
    const feed = liveFeed(query, signal);
    if (feed === undefined) query.onWay?.("polling");
    const once = { ...query, onMissing: firstOnly(query.onMissing) };
    // One for all sweeps: what has answered once is only out of reach for a while.
    const patience = patienceOf(query, Number.POSITIVE_INFINITY);
    try {
      yield* follow({
        sweep: (from, to) => read({ ...once, signal }, { from, to }, patience, logs),
        feed,
        clock,
        pace: target.local ? localPace : pace(query.logGroups.length),
        since: query.since.getTime(),
        signal,
      });
    } finally {
      end.abort();
    }
  }

  function liveFeed(query: FollowQuery, signal: AbortSignal): LiveFeed | undefined {
    const { logGroups, filter, onWay = () => {} } = query;
    if (!query.liveTail || logGroups.length > mostLiveGroups) return undefined;
    return new LiveFeed({
      open: liveTail({ logGroups, filter }, logs),
      clock,
      signal,
      retryAfter: retryLiveTailAfter,
      onWay,
    });
  }
}

function firstOnly(tell: ((logGroup: string) => void) | undefined): (logGroup: string) => void {
  const told = new Set<string>();
  return (logGroup) => {
    if (!told.has(logGroup)) tell?.(logGroup);
    told.add(logGroup);
  };
}

function read(
  query: TimelineQuery,
  span: Span,
  patience: Patience,
  logs: LogsConnection,
): AsyncIterable<readonly TimelineEvent[]> {
  const { logGroups, filter, signal } = query;
  const onMissing = query.onMissing ?? (() => {});
  const atOnce = Math.max(1, Math.floor(mostCalls / logGroups.length));
  return merged(
    logGroups.map((logGroup) =>
      pages({ logGroup, span, filter, signal, onMissing, atOnce }, logs, patience),
    ),
  );
}
