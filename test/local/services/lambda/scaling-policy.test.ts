import { describe, expect, test } from "vitest";
import type { LoadSample } from "../../../../src/local/services/lambda/scaling-policy.ts";
import {
  autoTarget,
  scalingPaces,
  ScalingPolicy,
} from "../../../../src/local/services/lambda/scaling-policy.ts";

const bounds = { min: 3, max: 15_000, cpuTarget: autoTarget };
const idle = { concurrency: 0, cpu: 0, refused: 0 };
type Load = Partial<Omit<LoadSample, "at" | "environments">>;

/** A version whose environments are what the policy says, under a load that the test gives. */
function version(pace: "fast" | "realistic", limits: Partial<typeof bounds> = {}) {
  const policy = new ScalingPolicy(scalingPaces[pace]);
  const { intervalMs } = scalingPaces[pace];
  let at = Date.parse("2026-11-25T12:00:00Z");
  let environments = limits.min ?? bounds.min;
  return {
    get environments() {
      return environments;
    },
    /** The load lasts this long; how many environments there were after each sample. */
    run(load: Load | ((environments: number) => Load), milliseconds: number): number[] {
      const seen: number[] = [];
      for (const end = at + milliseconds; at < end; at += intervalMs) {
        const now = typeof load === "function" ? load(environments) : load;
        const sample = { ...idle, ...now, at, environments };
        environments = policy.next(sample, { ...bounds, ...limits });
        seen.push(environments);
      }
      return seen;
    },
  };
}

/** Requests in flight, of which each environment takes 64. */
const inFlight = (requests: number) => (environments: number) => ({
  concurrency: Math.min(1, requests / (environments * 64)),
  refused: requests > environments * 64 ? 1 : 0,
});
/** vCPUs in use, of which each environment has one. */
const busy = (vCpus: number) => (environments: number) => ({
  cpu: Math.min(1, vCpus / environments),
});
const minutes = (count: number) => count * 60_000;

describe("scaling out", () => {
  test("keeps a third of the places free", () => {
    const one = version("fast");
    one.run(inFlight(128), minutes(1));
    expect(one.environments).toBe(3);
    one.run(inFlight(129), minutes(1));
    expect(one.environments).toBe(4);
  });

  test("follows refused requests until they stop", () => {
    const one = version("fast");
    expect(one.run(inFlight(1000), 4000)).toEqual([6, 12, 24, 24]);
  });

  test("at most doubles in five minutes, as on AWS", () => {
    const one = version("realistic");
    const seen = one.run(inFlight(5000), minutes(16));
    const after = (count: number) => seen[count * 2 - 1];
    expect([after(1), after(4), after(6), after(11), after(16)]).toEqual([6, 6, 12, 24, 48]);
  });

  test("follows the CPU, averaged over a window", () => {
    const one = version("fast");
    // Two busy seconds are no load.
    one.run(busy(3), 2000);
    expect(one.environments).toBe(3);
    one.run(busy(3), minutes(1));
    // 3 vCPUs in use at two thirds of each environment.
    expect(one.environments).toBe(5);
  });

  test("keeps the CPU at a target of its own", () => {
    const one = version("fast", { cpuTarget: 0.3 });
    one.run(busy(3), minutes(1));
    expect(one.environments).toBe(10);
  });

  test("stops at the maximum", () => {
    const one = version("fast", { max: 5 });
    one.run(inFlight(1000), minutes(1));
    expect(one.environments).toBe(5);
  });

  test("does not need to know the CPU", () => {
    const one = version("fast");
    one.run((environments) => ({ ...inFlight(300)(environments), cpu: undefined }), minutes(1));
    expect(one.environments).toBe(8);
  });
});

describe("scaling in", () => {
  test("waits until nothing has called for the environments for a while, then ends at the minimum", () => {
    const one = version("fast");
    one.run(inFlight(1000), minutes(1));
    expect(one.environments).toBe(24);
    one.run(idle, 29_000);
    expect(one.environments).toBe(24);
    one.run(idle, 3000);
    expect(one.environments).toBe(3);
  });

  test("is gradual with realistic timing", () => {
    const one = version("realistic");
    one.run(inFlight(5000), minutes(60));
    const most = one.environments;
    expect(most).toBe(118);
    one.run(idle, minutes(14));
    expect(one.environments).toBe(most);
    const seen = one.run(idle, minutes(60));
    for (const [index, environments] of seen.entries()) {
      const before = seen[index - 1] ?? most;
      expect(before - environments).toBeLessThanOrEqual(Math.max(1, before / 10));
    }
    expect(one.environments).toBe(3);
  });

  test("starts over with a load in between", () => {
    const one = version("fast");
    one.run(inFlight(1000), minutes(1));
    one.run(idle, 20_000);
    one.run(inFlight(800), 1000);
    one.run(idle, 20_000);
    // 800 requests call for 19 environments.
    expect(one.environments).toBe(19);
    one.run(idle, 12_000);
    expect(one.environments).toBe(3);
  });
});
