import type { Clock } from "../../../../src/local/clock.ts";

/** A clock that stands still between jumps; short sleeps pass by themselves. */
export interface JumpClock extends Clock {
  /** Moves time on and ends the sleeps that are over. */
  jump(milliseconds: number): void;
  /** Ends, in milliseconds from now, of the sleeps that wait for a jump. */
  sleeps(): number[];
}

/** Sleeps up to this are those that only make room for others. */
const shortMs = 10;

export function jumpClock(start = Date.parse("2026-11-25T12:00:00Z")): JumpClock {
  let now = start;
  const sleeping = new Set<{ readonly end: number; readonly wake: () => void }>();
  return {
    now: () => new Date(now),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        if (milliseconds <= shortMs) {
          setTimeout(resolve, milliseconds);
          return;
        }
        const sleep = { end: now + milliseconds, wake: resolve };
        sleeping.add(sleep);
        const aborted = () => {
          sleeping.delete(sleep);
          resolve();
        };
        signal?.addEventListener("abort", aborted, { once: true });
      }),
    jump: (milliseconds) => {
      now += milliseconds;
      for (const sleep of [...sleeping].filter(({ end }) => end <= now)) {
        sleeping.delete(sleep);
        sleep.wake();
      }
    },
    sleeps: () => [...sleeping].map(({ end }) => end - now).toSorted((one, other) => one - other),
  };
}
