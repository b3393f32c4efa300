/** Time as the local target sees it; tests hand in one that they move themselves. */
export interface Clock {
  now(): Date;
  /** Resolves after `milliseconds`, or at once when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Waiting takes the so manieth part of the time: for whoever looks at the time instead of sleeping. */
  readonly hurry?: number;
}

/** Node.js fires a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      let timer: NodeJS.Timeout;
      const wait = (left: number) => {
        const slice = Math.min(left, longestTimerMs);
        timer = setTimeout(() => (left > slice ? wait(left - slice) : done()), slice);
      };
      wait(milliseconds);
      signal?.addEventListener("abort", done, { once: true });
    }),
};

/** A clock on which waiting takes the `factor`th part of the time; what time it is stays true. */
export function hurriedClock(clock: Clock, factor: number): Clock {
  return {
    hurry: factor,
    now: () => clock.now(),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds / factor, signal),
  };
}
