import { describe, expect, test } from "vitest";

import { verdictOf } from "../../src/bench/knee.ts";
import { stepOf } from "../../src/bench/step.ts";
import { gapsOf } from "../../src/bench/load/arrivals.ts";
import { generateLoad } from "../../src/bench/load/generate.ts";
import { percentilesOf } from "../../src/bench/load/latency.ts";
import type { LoadSpec } from "../../src/bench/load/load-spec.ts";
import { answered, type Outcome, type Sender } from "../../src/bench/load/sender.ts";

const times = { settleMs: 0, measureMs: 200, drainMs: 50, maxInFlight: 1000 };
const rate = (rps: number): LoadSpec => ({
  ...times,
  load: { kind: "rate", rate: rps, arrivals: "even", seed: 0, phase: 0 },
});
const callers = (count: number): LoadSpec => ({
  ...times,
  load: { kind: "concurrency", callers: count },
});
const never = new AbortController().signal;

/** Answers with what `outcome` gives, after so many milliseconds; those that are never answered wait for the end. */
function senderOf(outcome: (index: number) => Outcome | undefined, milliseconds = 0, events = 1) {
  const sent: number[] = [];
  const open = new Set<(outcome: Outcome) => void>();
  const sender: Sender = {
    events,
    send: (event, done) => {
      const found = outcome(sent.length);
      sent.push(event);
      if (found === undefined) open.add(done);
      else setTimeout(() => done(found), milliseconds);
    },
    abandon: async () => {
      for (const done of open) done({ kind: "cut-off", name: "" });
      open.clear();
    },
    close: async () => {},
  };
  return { sender, sent };
}

test("an open loop starts what is due, whether others are answered or not", async () => {
  const { sender, sent } = senderOf(() => undefined);
  const result = await generateLoad(rate(100), sender, never);
  expect(sent).toHaveLength(20);
  expect(result.inFlight).toBe(20);
  expect(result.offered).toBe(20);
  expect(result.completed).toBe(0);
  expect(Object.fromEntries(result.failures)).toEqual({ "cut-off/": 20 });
});

test("a caller of a closed loop waits for its answer", async () => {
  const { sender } = senderOf(() => answered, 5);
  const result = await generateLoad(callers(3), sender, never);
  expect(result.inFlight).toBe(3);
  expect(result.sent).toBeLessThanOrEqual(3 * 40 + 3);
  expect(result.latency.count).toBeGreaterThan(0);
});

test("latency counts from when a request was due, not from when a busy machine got to it", async () => {
  let blocked = false;
  const { sender } = senderOf(() => {
    if (!blocked) {
      blocked = true;
      const until = performance.now() + 100;
      // Nothing else runs meanwhile, as in a pause of the garbage collector.
      while (performance.now() < until);
    }
    return answered;
  });
  const result = await generateLoad(rate(100), sender, never);
  // About ten of twenty were due in these 100 ms: the first of them waited nearly all of it.
  expect(percentilesOf(result.late)?.max).toBeGreaterThan(80);
  expect(percentilesOf(result.latency)?.p90).toBeGreaterThan(50);
  expect(result.offered).toBe(20);
});

test("events take turns", async () => {
  const { sender, sent } = senderOf(() => answered, 0, 3);
  await generateLoad(rate(50), sender, never);
  expect(sent.slice(0, 6)).toEqual([0, 1, 2, 0, 1, 2]);
});

test("what is not answered is counted by kind and name, and has no latency", async () => {
  const { sender } = senderOf((index) =>
    index % 2 === 0 ? answered : { kind: "throttled", name: "ConcurrentInvocationLimitExceeded" },
  );
  const result = await generateLoad(rate(100), sender, never);
  expect(result.latency.count).toBe(10);
  expect(Object.fromEntries(result.failures)).toEqual({
    "throttled/ConcurrentInvocationLimitExceeded": 10,
  });
});

test("what this machine could not send is its own limit, not a failure of the function", async () => {
  const { sender } = senderOf((index) =>
    index % 2 === 0 ? answered : { kind: "not-sent", name: "EMFILE" },
  );
  const result = await generateLoad({ ...rate(1000), maxErrors: 0.1 }, sender, never);
  const step = stepOf({ kind: "rate", rps: 1000 }, new Date(), [result], undefined);
  expect(step).toMatchObject({
    errors: {},
    generator: { limited: true, notSent: { EMFILE: 100 } },
  });
  expect(verdictOf(step, undefined)).toBe("generator");
});

describe("a load ends early", () => {
  test("where ever more requests are under way", async () => {
    const { sender, sent } = senderOf(() => undefined);
    const result = await generateLoad({ ...rate(1000), maxInFlight: 10 }, sender, never);
    expect(result.overrun).toBe(true);
    expect(sent.length).toBeLessThan(200);
  });

  test.each([
    ["open", rate(5000)],
    ["closed", callers(50)],
  ])("where too many fail, %s loop", async (_, spec) => {
    const { sender, sent } = senderOf((index) =>
      index % 2 === 0 ? answered : { kind: "function-error", name: "Error" },
    );
    const long = { ...spec, measureMs: 600_000, maxErrors: 0.1 };
    const result = await generateLoad(long, sender, never);
    expect(result.stopped).toBe("errors");
    expect(sent.length).toBeLessThan(1000);
  });

  test.each([
    ["open", rate(5000)],
    ["closed", callers(50)],
  ])("before it costs more than it may, %s loop", async (_, spec) => {
    const { sender, sent } = senderOf(() => answered, 1);
    const allowance = { usd: 1, perRequest: 0.01, perMs: 0 };
    const result = await generateLoad({ ...spec, measureMs: 600_000, allowance }, sender, never);
    expect(result.stopped).toBe("budget");
    expect(sent).toHaveLength(100);
  });

  test("when what runs beside it has used up the sum", async () => {
    const { sender } = senderOf(() => answered);
    const allowance = { usd: 1, perRequest: 0, perMs: 0.02 };
    const result = await generateLoad(
      { ...rate(100), measureMs: 600_000, allowance },
      sender,
      never,
    );
    expect(result.stopped).toBe("budget");
    expect(result.measuredMs).toBeLessThan(600_000);
  });

  test("and tells what failed before anything was measured", async () => {
    const { sender } = senderOf(() => ({ kind: "function-error", name: "TypeError" }));
    const result = await generateLoad(
      { ...rate(5000), settleMs: 600_000, maxErrors: 0.1 },
      sender,
      never,
    );
    expect(result).toMatchObject({ stopped: "errors", offered: 0, measuredMs: 0 });
    expect(result.failures.get("function-error/TypeError")).toBeGreaterThan(100);
    const step = stepOf({ kind: "rate", rps: 5000 }, new Date(), [result], undefined);
    expect(verdictOf(step, undefined)).toBe("failing");
  });

  test("and not where Lambda turns requests away, or few were sent", async () => {
    const { sender } = senderOf((index) =>
      index < 3 ? { kind: "refused", name: "x" } : { kind: "throttled", name: "x" },
    );
    const result = await generateLoad({ ...rate(1000), maxErrors: 0.1 }, sender, never);
    expect(result.stopped).toBeUndefined();
  });

  test.each([
    ["open", rate(100)],
    ["closed", callers(2)],
  ])("at a signal, %s loop", async (_, spec) => {
    const { sender } = senderOf(() => undefined);
    const stopping = new AbortController();
    setTimeout(() => stopping.abort(), 20);
    const result = await generateLoad(
      { ...spec, measureMs: 600_000, drainMs: 600_000 },
      sender,
      stopping.signal,
    );
    expect(result.interrupted).toBe(true);
    expect(result.measuredMs).toBeLessThan(600_000);
  });
});

describe("arrivals", () => {
  test.each(["poisson", "even"] as const)("%s have the wanted rate on average", (arrivals) => {
    const gap = gapsOf({ rate: 200, arrivals, seed: 7 });
    let sum = 0;
    for (let count = 0; count < 20_000; count += 1) sum += gap();
    expect(sum / 20_000).toBeCloseTo(5, 0);
  });

  test("of the same seed are the same", () => {
    const [one, again, other] = [3, 3, 4].map((seed) =>
      Array.from({ length: 5 }, gapsOf({ rate: 10, arrivals: "poisson", seed })),
    );
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
  });

  test("of independent callers vary as an exponential distribution does", () => {
    const gap = gapsOf({ rate: 1000, arrivals: "poisson", seed: 5 });
    const gaps = Array.from({ length: 20_000 }, gap).toSorted((a, b) => a - b);
    // The median of an exponential distribution is ln 2 of its mean.
    expect(gaps[10_000]).toBeCloseTo(Math.LN2, 1);
  });
});
