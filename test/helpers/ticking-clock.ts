import type { Clock } from "../../src/local/clock.ts";

export interface TickingClock extends Clock {
  /** Hours pass at once: sleeps that are over by then end. */
  jump(milliseconds: number): void;
  /** Ends, in milliseconds from now, of the sleeps that are under way. */
  sleeps(): number[];
}

/** A clock that goes as the wall's does, from another time, and can be put forward. */
export function tickingClock(start = "2026-11-25T12:00:00Z"): TickingClock {
  let offset = Date.parse(start) - Date.now();
  const now = () => Date.now() + offset;
  const sleeping = new Set<{ readonly end: number; readonly wake: () => void }>();
  return {
    now: () => new Date(now()),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          sleeping.delete(sleep);
          clearTimeout(timer);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleep = { end: now() + milliseconds, wake };
        // The longest that a timer takes.
        const timer = setTimeout(wake, Math.min(milliseconds, 2 ** 31 - 1)).unref();
        sleeping.add(sleep);
        signal?.addEventListener("abort", wake, { once: true });
      }),
    jump: (milliseconds) => {
      offset += milliseconds;
      for (const { end, wake } of sleeping) if (end <= now()) wake();
    },
    sleeps: () => [...sleeping].map(({ end }) => end - now()),
  };
}
