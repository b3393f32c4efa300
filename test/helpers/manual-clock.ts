import type { Clock } from "../../src/local/clock.ts";

export interface ManualClock extends Clock {
  /** Lets time pass; whoever slept until then goes on, in the order of their times, before it returns. */
  advance(milliseconds: number): Promise<void>;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** Promises that follow from a wake-up are done before time goes on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that stands still until a test moves it. */
export function manualClock(start = "2026-11-25T12:00:00Z"): ManualClock {
  let now = Date.parse(start);
  const sleepers = new Set<Sleeper>();
  return {
    now: () => new Date(now),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper = { until: now + milliseconds, wake };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", wake, { once: true });
      }),
    advance: async (milliseconds) => {
      const end = now + milliseconds;
      await settle();
      for (;;) {
        const next = [...sleepers].toSorted((one, other) => one.until - other.until)[0];
        if (!next || next.until > end) break;
        now = next.until;
        next.wake();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}
