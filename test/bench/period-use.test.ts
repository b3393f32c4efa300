import { expect, test } from "vitest";

import { type PeriodUse, periodsOf, withPeriods } from "../../src/bench/period-use.ts";
import type { Step } from "../../src/bench/step.ts";
import { rateStep } from "./queue.ts";

/** Minutes of one morning. */
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 8) + minutes * 60_000);

/** Settles in the second before. */
function step(minutes: number, long: number): Step {
  const startedAt = new Date(at(minutes).getTime() - 1000);
  return {
    ...rateStep({ slots: 8, serviceMs: 20 }, 10),
    startedAt,
    settledMs: 1000,
    seconds: long * 60,
  };
}

function period(minutes: number, cpu: number, [least, most] = [3, 3]): PeriodUse {
  return {
    from: at(minutes),
    environments: { least, mean: (least + most) / 2, most },
    cpu: { least: 0, mean: cpu, most: 100 },
    memory: { least: 10, mean: 20, most: 30 },
  };
}

const none = { cpu: undefined, memory: undefined };

test("the periods of a run are those in which a step was measured, once each", () => {
  const starts = periodsOf([step(1, 1), step(3, 4), step(15, 5)], 0);
  expect(starts).toEqual([0, 5, 15].map((minutes) => at(minutes).getTime()));
  expect(periodsOf([step(4, 0.5)], 60_000)).toEqual([at(5).getTime()]);
});

test("a step has CPU and memory of the periods that it fills, and of no other", () => {
  const periods = [period(0, 10), period(5, 40), period(10, 60), period(15, 90)];
  const [filled, short, exact] = withPeriods([step(1, 15), step(16, 2), step(15, 5)], periods, 0);
  expect(filled?.use).toEqual({ environments: 3, cpu: 50, memory: 20 });
  expect(short?.use).toEqual({ environments: 3, ...none });
  expect(exact?.use?.cpu).toBe(90);
});

test("AWS's clock decides what a step fills", () => {
  const [used] = withPeriods([step(1, 6)], [period(5, 40), period(0, 10)], 4 * 60_000);
  expect(used?.use?.cpu).toBe(40);
});

test("environments are known where their number never changed, else of filled periods only", () => {
  const steps = [step(1, 2), step(5, 5)];
  const [short, long] = withPeriods(steps, [period(0, 10), period(5, 40, [3, 5])], 0);
  expect(short?.use).toBeUndefined();
  expect(long?.use?.environments).toBe(4);
  expect(withPeriods(steps, [period(5, 40)], 0)[0]?.use).toBeUndefined();
});
