import { describe, expect, test } from "vitest";

import type { TimelineEvent } from "../../../src/aws/ports.ts";
import { followSimulated } from "./simulated-logs.ts";
import type { Weather } from "./simulated-logs.ts";

const fair: Weather = {
  readableAfter: 3000,
  lateness: 0,
  sessionEnds: 0,
  sampled: 0,
  refused: 0,
  pageTakes: 100,
};

const keys = (events: readonly TimelineEvent[]) =>
  events.map(({ logStream, time, message }) => `${time} ${logStream} ${message}`);

const outOfOrder = (events: readonly TimelineEvent[]) => {
  const last = new Map<string, number>();
  return events.filter(({ logStream, time }) => {
    const before = last.get(logStream) ?? 0;
    last.set(logStream, Math.max(before, time));
    return time < before;
  });
};

describe.each([
  ["live tail alone", fair],
  ["sessions that end", { ...fair, sessionEnds: 0.05 }],
  ["seconds with too many lines", { ...fair, sampled: 0.1 }],
  ["sessions that often do not start", { ...fair, refused: 0.7, sessionEnds: 0.02 }],
  ["no live tail at all", { ...fair, refused: 1 }],
  ["slow pages", { ...fair, pageTakes: 1500, sampled: 0.1, sessionEnds: 0.02 }],
] satisfies [string, Weather][])("with %s", (_, weather) => {
  test.each([1, 2, 3])(
    "each line comes once, in order within its stream (seed %i)",
    async (seed) => {
      const { written, shown } = await followSimulated(seed, weather);
      expect(keys(shown).toSorted()).toEqual(keys(written).toSorted());
      expect(keys(outOfOrder(shown))).toEqual([]);
    },
  );
});

test.each([1, 2, 3])(
  "lines that are stored up to 40 s late come, too, and once (seed %i)",
  async (seed) => {
    const weather = { ...fair, lateness: 40_000, sessionEnds: 0.02, sampled: 0.05, refused: 0.3 };
    const { written, shown } = await followSimulated(seed, weather);
    expect(keys(shown).toSorted()).toEqual(keys(written).toSorted());
  },
);

test("while live tail shows everything, nothing is polled, and lines come within a second", async () => {
  const { delays, sweeps, sessions } = await followSimulated(1, fair);
  expect(sessions).toBe(1);
  expect(sweeps).toBeLessThan(8);
  expect(delays.filter((delay) => delay > 1000).length).toBeLessThan(delays.length * 0.3);
});
