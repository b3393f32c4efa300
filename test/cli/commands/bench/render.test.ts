import { expect, test } from "vitest";

import type { Knee } from "../../../../src/bench/knee.ts";
import { type BenchResult, renderResult } from "../../../../src/cli/commands/bench/render.ts";

const settings = {
  memory: 2048,
  memoryPerVCpu: 2,
  concurrency: 16,
  minEnvironments: 3,
  maxEnvironments: 6,
  maxVCpu: 12,
} as const;

/** Of a target of 20 a second that the settings, as they are, would not carry with room for more. */
function resultWith(knee: Knee): BenchResult {
  return {
    function: { functionName: "hello", providerName: "cp", timeout: 3, ...settings },
    place: { local: false, region: "eu-west-1", url: undefined },
    wanted: { rps: 20, p99: undefined, maxErrors: 0.1 },
    ended: "done",
    steps: [],
    metrics: undefined,
    knee,
    proposal: {
      targetRps: 20,
      atMost: knee.limit === "none" ? ["minEnvironments", "maxVCpu"] : [],
      rpsPerEnvironment: 7,
      now: settings,
      settings,
      reasons: [],
      monthly: 100,
      perMillion: 2,
      monthlyNow: undefined,
    },
    confidence: { level: "low", doubts: [] },
    report: "r.html",
  };
}

const said = (knee: Knee) => renderResult(resultWith(knee)).replaceAll(/\s+/g, " ");

test("what carried the target a moment ago would carry it, without headroom", () => {
  const held = { rps: 20, from: 20, to: 25, concurrency: 1, limit: "saturated" } as const;
  expect(said(held)).toContain("What is deployed carried it, without headroom.");
  expect(said({ ...held, rps: 15, from: 15 })).toContain("What is deployed would not carry it.");
});

test("where no knee was reached, nothing is said to be needed", () => {
  const held = { rps: 20, from: 20, to: undefined, concurrency: 1, limit: "none" } as const;
  const text = said(held);
  expect(text).toContain("Knee: beyond 20 requests/s");
  expect(text).toMatch(/minEnvironments 3 ≤ 3 maxEnvironments 6 6 maxVCpu 12 ≤ 12/);
  expect(text).toContain("At most ≈ $100 a month");
  expect(text).toContain("What is deployed carried it, and more was not tried.");
  expect(said({ ...held, rps: 15, from: 15 })).toContain(
    "Whether what is deployed would carry it was not tried.",
  );
});
