import { describe, expect, test } from "vitest";

import { type Knee, kneeOf, verdictOf } from "../../src/bench/knee.ts";
import { nextRate } from "../../src/bench/search.ts";
import type { Step } from "../../src/bench/step.ts";
import { concurrencyStep, type Queue, rateStep } from "./queue.ts";

/** Searches as the command does. */
function search(queue: Queue, p99?: number): { knee: Knee | undefined; steps: Step[] } {
  const steps: Step[] = [];
  for (;;) {
    const rps = nextRate(steps, { first: 1000 / queue.serviceMs, most: 1e5, p99 });
    if (rps === undefined) return { knee: kneeOf(steps, p99), steps };
    steps.push(rateStep(queue, rps, { seed: steps.length + 1 }));
  }
}

describe("the knee of a queue is its capacity, slots by service time", () => {
  test.each([
    [{ slots: 8, serviceMs: 20 }, 400],
    [{ slots: 1, serviceMs: 50 }, 20],
    [{ slots: 64, serviceMs: 100 }, 640],
    [{ slots: 4, serviceMs: 500 }, 8],
    [{ slots: 16, serviceMs: 5 }, 3200],
  ])("%o", (queue, capacity) => {
    const { knee, steps } = search(queue);
    expect(Math.abs((knee?.rps ?? 0) / capacity - 1)).toBeLessThan(0.15);
    expect(knee?.limit).toBe("saturated");
    expect(steps.length).toBeLessThanOrEqual(16);
  });
});

describe("where nothing waits, it is where one of a hundred independent callers finds every slot taken", () => {
  test.each([
    { slots: 8, serviceMs: 20, refuses: true },
    { slots: 64, serviceMs: 50, refuses: true },
  ])("%o", (queue) => {
    const { knee } = search(queue);
    const expected = (erlangs(queue.slots, 0.01) * 1000) / queue.serviceMs;
    // Chance decides near it, and the better of two tries counts.
    expect(Math.abs((knee?.rps ?? 0) / expected - 1)).toBeLessThan(0.2);
    expect(knee?.limit).toBe("throttles");
  });
});

/** The load under which that part of callers is refused (Erlang's B formula, by halving). */
function erlangs(slots: number, refused: number): number {
  let [low, high] = [0, slots];
  for (let round = 0; round < 40; round += 1) {
    const load = (low + high) / 2;
    let blocking = 1;
    for (let slot = 1; slot <= slots; slot += 1)
      blocking = (load * blocking) / (slot + load * blocking);
    if (blocking < refused) low = load;
    else high = load;
  }
  return low;
}

test("of given rates, it lies between the last that held and the first that did not", () => {
  const queue = { slots: 8, serviceMs: 20 };
  const steps = [500, 100, 300, 800].map((rps) => rateStep(queue, rps));
  expect(kneeOf(steps, undefined)).toMatchObject({ from: 300, to: 500, limit: "saturated" });
  expect(kneeOf(steps, undefined)?.rps).toBeCloseTo(400, -1);
});

test("of callers, it is where the line without queues meets the highest throughput", () => {
  const steps = [1, 4, 16, 64].map((callers) =>
    concurrencyStep({ slots: 8, serviceMs: 20 }, callers),
  );
  const knee = kneeOf(steps, undefined);
  expect(knee?.limit).toBe("saturated");
  expect(knee?.rps).toBeCloseTo(400, 0);
  expect(knee?.concurrency).toBeCloseTo(8, 0);
});

test("callers that get more with every step have found no knee", () => {
  const steps = [1, 2, 4].map((callers) => concurrencyStep({ slots: 8, serviceMs: 20 }, callers));
  expect(kneeOf(steps, undefined)?.limit).toBe("none");
});

test("a wanted p99 ends the search where it is missed, before throughput ends", () => {
  const { knee } = search({ slots: 8, serviceMs: 20 }, 25);
  expect(knee?.limit).toBe("slow");
  expect(knee?.rps).toBeLessThan(390);
  expect(knee?.rps).toBeGreaterThan(120);
});

test("a p99 below the service time never holds", () => {
  const { knee, steps } = search({ slots: 8, serviceMs: 20 }, 10);
  expect(knee).toMatchObject({ rps: 0, from: 0, limit: "slow" });
  expect(steps.length).toBeLessThanOrEqual(16);
});

test("rates that all held have no knee", () => {
  const steps = [50, 100].map((rps) => rateStep({ slots: 8, serviceMs: 20 }, rps));
  expect(kneeOf(steps, undefined)).toMatchObject({ rps: 100, to: undefined, limit: "none" });
});

test("interrupted steps tell nothing", () => {
  const step = { ...rateStep({ slots: 8, serviceMs: 20 }, 1000), interrupted: true };
  expect(kneeOf([step], undefined)).toBeUndefined();
});

describe("a step that did not hold", () => {
  const full = rateStep({ slots: 8, serviceMs: 20 }, 1000);

  test("is the machine's fault where requests waited to be sent", () => {
    const p99 = full.latency?.p99 ?? 0;
    const generator = { limited: true, lateP99: p99 * 0.9, utilisation: 1 };
    expect(verdictOf({ ...full, generator }, undefined)).toBe("generator");
    expect(verdictOf(full, undefined)).toBe("saturated");
  });

  test("is a failure where many requests failed", () => {
    const errors = { Error: Math.ceil(full.requests / 5) };
    expect(verdictOf({ ...full, errors }, undefined)).toBe("failing");
  });

  test("ends the search where the machine is the limit", () => {
    const p99 = full.latency?.p99 ?? 0;
    const generator = { limited: true, lateP99: p99, utilisation: 1 };
    const request = { first: 10, most: 1e5, p99: undefined };
    expect(nextRate([{ ...full, generator }], request)).toBeUndefined();
    expect(nextRate([full, full], request)).toBe(500);
  });
});

test("a search stays below what it may ask for", () => {
  const steps: Step[] = [];
  for (;;) {
    const rps = nextRate(steps, { first: 10, most: 100, p99: undefined });
    if (rps === undefined) break;
    steps.push(rateStep({ slots: 64, serviceMs: 1 }, rps));
  }
  expect(steps.map(({ load }) => (load.kind === "rate" ? load.rps : 0))).toEqual([
    10, 20, 40, 80, 100,
  ]);
});
