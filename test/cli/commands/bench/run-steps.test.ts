import { expect, test, vi } from "vitest";

import { newHistogram } from "../../../../src/bench/load/latency.ts";
import { record } from "../../../../src/bench/load/latency.ts";
import type { LoadResult } from "../../../../src/bench/load/measurement.ts";
import type { Bill } from "../../../../src/cli/commands/bench/bill.ts";
import { EnvironmentMeter } from "../../../../src/cli/commands/bench/environment-use.ts";
import type { LoadRequest } from "../../../../src/cli/commands/bench/generator.ts";
import { readPlan } from "../../../../src/cli/commands/bench/plan.ts";
import { runSteps } from "../../../../src/cli/commands/bench/run-steps.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { benchDefaults } from "./bench-fixture.ts";

function result(given: Partial<LoadResult>): LoadResult {
  const latency = newHistogram();
  record(latency, 10);
  return {
    latency,
    late: newHistogram(),
    measuredMs: 1000,
    offered: 100,
    completed: 100,
    resolved: 100,
    halves: [
      { sum: 500, count: 50 },
      { sum: 500, count: 50 },
    ],
    failures: new Map(),
    sent: 100,
    inFlight: 1,
    overrun: false,
    interrupted: false,
    utilisation: 0.1,
    ...given,
  };
}

/** Runs steps against a generator that answers with these results, one after the other. */
async function run(
  given: Partial<typeof benchDefaults>,
  {
    bill,
    results,
    takesMs = 0,
  }: {
    readonly bill?: Bill;
    readonly results: readonly Partial<LoadResult>[];
    readonly takesMs?: number;
  },
) {
  const asked: LoadRequest[] = [];
  let renewed = 0;
  const aws = recordingAws({ credentials: { accessKeyId: "A", secretAccessKey: "s" } });
  const system = recordingSystem();
  const subject = {
    functionName: "hello",
    providerName: "cp",
    memory: 2048,
    memoryPerVCpu: 2,
    concurrency: 64,
    minEnvironments: 3,
    maxEnvironments: undefined,
    timeout: 3,
  } as const;
  const ran = await runSteps(
    {
      plan: readPlan({ ...benchDefaults, ...given }),
      generator: {
        run: async (request) => {
          asked.push(request);
          if (takesMs > 0) await new Promise((resolve) => void setTimeout(resolve, takesMs));
          return [result(results[asked.length - 1] ?? {})];
        },
        renew: () => {
          renewed += 1;
        },
        close: async () => {},
      },
      meter: new EnvironmentMeter(aws, subject, system.now()),
      aws,
      bill,
      timeoutMs: 3000,
    },
    { system, reporter: new RecordingReporter() },
  );
  return { ran, asked, renewed };
}

test("credentials are renewed before a step and each minute of it", async () => {
  vi.useFakeTimers();
  const running = run(
    { rps: "10", duration: "2m", warmUp: "0s" },
    { results: [], takesMs: 130_000 },
  );
  await vi.advanceTimersByTimeAsync(200_000);
  vi.useRealTimers();
  expect((await running).renewed).toBe(3);
});

const bill: Bill = { perRequest: 0.001, perHourAtCap: 3.6 };

test("a load may spend what is left after the warm-up and what stays after the run", async () => {
  const { asked } = await run(
    { rps: "10", duration: "1s", maxUsd: "2" },
    { bill, results: [{ sent: 300 }, { sent: 20 }] },
  );
  // A quarter of an hour that instances stay: 0.90; of the warm-up 300 requests: 0.30.
  expect(asked[0]?.allowance?.usd).toBeCloseTo(1.1, 1);
  expect(asked[1]?.allowance?.usd).toBeCloseTo(0.8, 1);
  expect(asked[1]?.allowance).toMatchObject({ perRequest: 0.001, perMs: 0.000_001 });
});

test("nothing bounds a load that costs nothing", async () => {
  const { asked } = await run({ rps: "10", duration: "1s" }, { results: [] });
  expect(asked.map(({ allowance }) => allowance)).toEqual([undefined, undefined]);
});

test.each(["budget", "errors"] as const)(
  "no step comes after one that ended by %s",
  async (stopped) => {
    const { ran, asked } = await run(
      { rps: "10,20", duration: "1s", maxErrors: "5" },
      { results: [{}, { stopped }] },
    );
    expect(ran).toMatchObject({ ended: stopped, steps: [{ stopped }] });
    expect(asked.map(({ maxErrors }) => maxErrors)).toEqual([0.05, 0.05]);
  },
);

test("a step that was ended before it measured anything is none", async () => {
  const { ran } = await run(
    { rps: "10", duration: "1s" },
    { results: [{}, { stopped: "budget", offered: 0, completed: 0, measuredMs: 0 }] },
  );
  expect(ran).toEqual({ ended: "budget", steps: [] });
});
