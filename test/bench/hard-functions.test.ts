import { describe, expect, test } from "vitest";

import { confidenceIn } from "../../src/bench/confidence.ts";
import { kneeOf, verdictOf } from "../../src/bench/knee.ts";
import { nextRate } from "../../src/bench/search.ts";
import type { Step } from "../../src/bench/step.ts";
import { isCapped, timesOf } from "../../src/bench/step-times.ts";
import { concurrencyStep, type Queue, rateStep } from "./queue.ts";

interface Run {
  readonly durationMs: number;
  readonly maxErrors?: number;
  /** Number of the step that one pause of the function spoils. */
  readonly spoilt?: number;
}

/** With 500 slots, which no rate here needs. */
const failing = (failsEvery: number) => ({ slots: 500, serviceMs: 50, failsEvery });
const late = (lateP99: number) => ({ limited: true, lateP99, utilisation: 1 });

/** Searches as the command does, with its times. */
function search(queue: Queue, { durationMs, maxErrors, spoilt }: Run) {
  const steps: Step[] = [];
  const first = Math.max(10, 1000 / queue.serviceMs);
  for (;;) {
    const rps = nextRate(steps, { first, most: 200, p99: undefined, maxErrors });
    if (rps === undefined) return { knee: kneeOf(steps, undefined, maxErrors), steps };
    const step = rateStep(queue, rps, times(queue, rps, durationMs));
    steps.push(steps.length === spoilt ? { ...step, resolved: step.resolved / 2, rise: 4 } : step);
  }
}

function times({ serviceMs }: Queue, rps: number, durationMs: number) {
  const pace = { durationMs, meanMs: serviceMs, timeoutMs: 13_000, p99: undefined };
  const { settleMs, measureMs } = timesOf({ kind: "rate", rps }, pace);
  return { settleMs, seconds: measureMs / 1000 };
}

describe("a function that takes seconds", () => {
  test.each([1, 2, 3, 4, 5])("of unlimited capacity keeps up, arrivals %i", (seed) => {
    const queue = { slots: 500, serviceMs: 4000 };
    const step = rateStep(queue, 5, { ...times(queue, 5, 10_000), seed });
    expect(verdictOf(step, undefined)).toBe("holds");
  });

  test("has its knee where its slots are full", () => {
    const { knee } = search({ slots: 64, serviceMs: 3000 }, { durationMs: 5000 });
    expect(knee?.limit).toBe("saturated");
    expect(Math.abs((knee?.rps ?? 0) / 21.3 - 1)).toBeLessThan(0.25);
  });

  test("settles until its requests are under way, and is waited for as long as Lambda lets it", () => {
    const pace = { durationMs: 5000, meanMs: 4000, timeoutMs: 910_000, p99: undefined };
    const { settleMs, drainMs } = timesOf({ kind: "rate", rps: 5 }, pace);
    expect(settleMs).toBe(6000);
    expect(drainMs).toBeGreaterThan(910_000);
  });
});

describe("a search that meets one pause", () => {
  const queue = { slots: 8, serviceMs: 50 };

  test.each([0, 1, 2, 3])("in step %i finds the knee all the same", (spoilt) => {
    const { knee } = search(queue, { durationMs: 10_000, spoilt });
    expect(Math.abs((knee?.rps ?? 0) / 160 - 1)).toBeLessThan(0.15);
  });

  test("doubts the rate that held only once", () => {
    const { knee, steps } = search(queue, { durationMs: 10_000, spoilt: 1 });
    const evidence = { steps, knee, targetRps: undefined, p99: 200, local: false };
    const { doubts } = confidenceIn({ ...evidence, environmentsMeasured: true });
    expect(doubts.join("\n")).toMatch(/At 40 requests\/s one try held and another did not/);
  });
});

test("a rate above one that did not hold, and that held, is a doubt", () => {
  const queue = { slots: 8, serviceMs: 50 };
  const [low, high] = [rateStep(queue, 50), rateStep(queue, 100)];
  const steps = [{ ...low, resolved: 0, rise: 4 }, high];
  const knee = kneeOf(steps, undefined);
  const evidence = { steps, knee, targetRps: undefined, p99: 200, local: false };
  const { doubts } = confidenceIn({ ...evidence, environmentsMeasured: true });
  expect(doubts.join("\n")).toMatch(/100 requests\/s held and 50 did not/);
});

describe("a function that fails sometimes", () => {
  test("and has no limit has no knee, but a doubt", () => {
    const { knee, steps } = search(failing(20), { durationMs: 10_000 });
    expect(knee).toMatchObject({ rps: 200, limit: "none" });
    const evidence = { steps, knee, targetRps: undefined, p99: 200, local: false };
    const { doubts } = confidenceIn({ ...evidence, environmentsMeasured: true });
    expect(doubts.join("\n")).toMatch(/5(\.\d)? % of the requests failed/);
  });

  test("may fail as often as --max-errors lets it", () => {
    const { knee } = search(failing(5), { durationMs: 10_000, maxErrors: 0.5 });
    expect(knee).toMatchObject({ rps: 200, limit: "none" });
    expect(search(failing(5), { durationMs: 10_000 }).knee?.limit).toBe("failing");
  });

  test("is not in time where one of a hundred never gets an answer", () => {
    const step = rateStep({ slots: 64, serviceMs: 50 }, 100);
    expect(verdictOf(step, 100)).toBe("holds");
    const errors = { ETIMEDOUT: 30 };
    expect(verdictOf({ ...step, errors, lost: 30 }, 100)).toBe("slow");
    expect(verdictOf({ ...step, errors, lost: 30 }, undefined)).toBe("holds");
  });

  test("has no knee among callers beyond the first step that fails", () => {
    const queue = { slots: 8, serviceMs: 20 };
    const [one, four, many] = [1, 4, 16].map((callers) => concurrencyStep(queue, callers));
    if (!one || !four || !many) throw new Error("three steps");
    const failed = { ...many, errors: { Error: many.requests / 2 }, throughput: 10_000 };
    expect(kneeOf([one, four, failed], undefined)).toMatchObject({ rps: 200, limit: "failing" });
    expect(kneeOf([failed], undefined)).toMatchObject({ rps: 0, limit: "failing" });
  });
});

describe("this machine's limits are not the function's", () => {
  test("where more would have to be under way than it lets", () => {
    const load = { kind: "rate", rps: 1000 } as const;
    expect(isCapped(load, 4000)).toBe(true);
    // A queue of 5000, where 50 would do, is the function's.
    expect(isCapped(load, 50)).toBe(false);
    const step = { ...rateStep({ slots: 64, serviceMs: 50 }, 100), overrun: true };
    const generator = { ...step.generator, capped: true };
    expect(verdictOf({ ...step, generator }, undefined)).toBe("generator");
    expect(verdictOf(step, undefined)).toBe("saturated");
  });

  test("where answers would be in time without its own delay", () => {
    const step = rateStep({ slots: 64, serviceMs: 50 }, 100);
    const latency = step.latency && { ...step.latency, p99: 100 };
    expect(verdictOf({ ...step, latency, generator: late(40) }, 70)).toBe("generator");
    expect(verdictOf({ ...step, latency, generator: late(20) }, 70)).toBe("slow");
  });

  test("and late starts are a doubt, whatever held", () => {
    const step = rateStep({ slots: 64, serviceMs: 50 }, 100);
    const steps = [{ ...step, generator: { limited: true, lateP99: 20, utilisation: 1 } }];
    const knee = kneeOf(steps, 200);
    const evidence = { steps, knee, targetRps: undefined, p99: 200, local: false };
    const { doubts } = confidenceIn({ ...evidence, environmentsMeasured: true });
    expect(doubts.join("\n")).toMatch(/started late/);
  });
});

test("a step at a low rate is as long as its 99th percentile needs, within bounds", () => {
  const pace = { durationMs: 10_000, meanMs: 50, timeoutMs: 13_000, p99: 200 };
  expect(timesOf({ kind: "rate", rps: 50 }, pace).measureMs).toBe(20_000);
  expect(timesOf({ kind: "rate", rps: 1 }, pace).measureMs).toBe(30_000);
  expect(timesOf({ kind: "rate", rps: 500 }, pace).measureMs).toBe(10_000);
});
