import type { RateLoad } from "./load-spec.ts";

/** Milliseconds from one arrival to the next, without end. */
export function gapsOf({ rate, arrivals, seed }: Omit<RateLoad, "kind" | "phase">): () => number {
  const mean = 1000 / rate;
  if (arrivals === "even") return () => mean;
  const random = seeded(seed);
  // Arrivals of many independent callers are a Poisson process: its gaps are exponential.
  return () => -Math.log(1 - random()) * mean;
}

/** Mulberry32 (T. Ettinger): 0 to below 1, the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
