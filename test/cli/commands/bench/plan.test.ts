import { describe, expect, test } from "vitest";

import { readPlan } from "../../../../src/cli/commands/bench/plan.ts";
import { benchDefaults } from "./bench-fixture.ts";

const read = (given: Partial<typeof benchDefaults>) => readPlan({ ...benchDefaults, ...given });
const rates = (...all: number[]) => all.map((rps) => ({ kind: "rate", rps }));

test("without loads the rates are searched", () => {
  expect(read({})).toMatchObject({ loads: undefined, targetRps: undefined, durationMs: 10_000 });
});

test.each([
  ["50", rates(50)],
  ["200,50,100", rates(50, 100, 200)],
  ["50..200:50", rates(50, 100, 150, 200)],
  ["10,0.5..1.5:0.5", rates(0.5, 1, 1.5, 10)],
  ["50,50", rates(50)],
])("--rps %s", (rps, loads) => {
  expect(read({ rps })).toMatchObject({ loads, targetRps: undefined });
});

test("--concurrency 1,8 are callers", () => {
  expect(read({ concurrency: "8,1" }).loads).toEqual([
    { kind: "concurrency", callers: 1 },
    { kind: "concurrency", callers: 8 },
  ]);
});

test("one rate with a p99 is what is wanted, and is searched for", () => {
  expect(read({ rps: "500", p99: "200ms" })).toMatchObject({
    loads: undefined,
    targetRps: 500,
    p99: 200,
  });
});

test("the highest of several rates with a p99 is what is wanted, unless another is named", () => {
  expect(read({ rps: "50,100", p99: "1s" })).toMatchObject({
    loads: rates(50, 100),
    targetRps: 100,
    p99: 1000,
  });
  expect(read({ rps: "50,100", p99: "1s", targetRps: "900" }).targetRps).toBe(900);
});

describe("what cannot be is refused", () => {
  test.each([
    [{ rps: "50", concurrency: "3" }, /exclude each other/],
    [{ rps: "" }, /--rps/],
    [{ rps: "fast" }, /--rps fast/],
    [{ rps: "0" }, /--rps 0/],
    [{ rps: "9..1:1" }, /no range/],
    [{ rps: "1..1000:1" }, /no range/],
    [{ concurrency: "1.5" }, /not a count/],
    [{ p99: "200" }, /--p99 200 is not a time/],
    [{ duration: "10ms" }, /--duration 10ms/],
    [{ workers: "0" }, /--workers 0/],
    [{ workers: "1.5" }, /--workers 1\.5/],
    [{ maxErrors: "101" }, /--max-errors/],
    [{ maxUsd: "-1" }, /--max-usd/],
    [{ seed: "x" }, /--seed/],
    [{ seed: "1.5" }, /--seed 1\.5 is not a whole number/],
  ])("%o", (given, message) => {
    let error: unknown;
    try {
      read(given);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: "LMI_USAGE",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });
});
