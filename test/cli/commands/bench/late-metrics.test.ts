import { expect, test } from "vitest";

import type { MetricQuery } from "../../../../src/aws/ports.ts";
import { lateMetrics } from "../../../../src/cli/commands/bench/late-metrics.ts";
import { metricsText } from "../../../../src/cli/commands/bench/render-metrics.ts";
import { LmiError } from "../../../../src/errors.ts";
import { rateStep } from "../../../bench/queue.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";

const minute = 60_000;
/** The clock of the recording system begins here, and so does a period. */
const noon = Date.parse("2026-11-23T12:00:00Z");

const values: Readonly<Record<string, number>> = { Minimum: 2, Average: 3, Maximum: 4 };

interface World {
  /** Minutes after noon from which metrics of the period at noon can be read; those of memory come half a minute later. */
  readonly from?: number;
  readonly waitMs?: number;
  /** Minutes after noon. */
  readonly interruptedAt?: number;
  readonly failsAt?: number;
  readonly clockOffsetMs?: number;
}

/** A step of 10 s just after noon; the run is over at 12:01. */
async function waited(world: World) {
  const { from = Infinity, waitMs = 6 * minute, clockOffsetMs = 0 } = world;
  const { interruptedAt = Infinity, failsAt = Infinity } = world;
  const system = recordingSystem();
  const elapsed = () => (system.now().getTime() - noon) / minute;
  const sleep = async (milliseconds: number) => {
    await system.sleep(milliseconds);
    if (elapsed() >= interruptedAt) system.press();
  };
  let looks = 0;
  const read = async (queries: readonly MetricQuery[]) => {
    looks += 1;
    if (elapsed() >= failsAt) throw new LmiError("LMI_ACCESS_DENIED", "Not allowed.");
    return queries.map(({ name, statistic }) =>
      elapsed() < from + (name.includes("Memory") ? 0.5 : 0)
        ? []
        : [{ time: new Date(noon), value: values[statistic] ?? 0 }],
    );
  };
  const reporter = new RecordingReporter();
  await system.sleep(minute);
  const metrics = await lateMetrics(
    {
      aws: recordingAws({ metrics: { read } }),
      subject: { functionName: "hello", providerName: "cp" },
      steps: [{ ...rateStep({ slots: 8, serviceMs: 20 }, 10), startedAt: new Date(noon) }],
      waitMs,
      clockOffsetMs,
    },
    { system: { ...system, sleep }, reporter },
  );
  return { metrics, minutes: elapsed(), looks, reporter };
}

test("waits until the period is over and nothing more comes", async () => {
  const { metrics, minutes, reporter } = await waited({ from: 2 });
  const all = { least: 2, mean: 3, most: 4 };
  const period = { from: new Date(noon), environments: all, cpu: all, memory: all };
  expect(metrics).toEqual({ state: "complete", periods: [period] });
  expect(minutes).toBe(5);
  expect((await waited({ from: 5.2 })).minutes).toBe(6.25);
  expect(await waited({ from: 6.4 })).toMatchObject({ metrics: { state: "complete" }, minutes: 7 });
  expect(reporter.said.slice(0, 3)).toEqual([
    "step Waiting for CloudWatch's metrics",
    "progress Waiting for CloudWatch's metrics: at most 6:00 more, Ctrl-C skips it",
    "progress Waiting for CloudWatch's metrics: at most 5:59 more, Ctrl-C skips it",
  ]);
});

test("AWS's clock decides when a period is over", async () => {
  expect((await waited({ from: 2, clockOffsetMs: 2 * minute })).minutes).toBe(3);
});

test("does not wait longer than asked, and keeps what came", async () => {
  const never = await waited({ waitMs: 2 * minute });
  expect(never).toMatchObject({ metrics: { state: "late", periods: [] }, minutes: 3 });
  const part = await waited({ from: 6.8 });
  expect(part).toMatchObject({ metrics: { state: "late", periods: [{}] }, minutes: 7 });
  expect(metricsText(part.metrics)).toMatch(/^CloudWatch, UTC[^]+12:00–12:05 [^]+did not all come/);
});

test("Ctrl-C ends the waiting with what came", async () => {
  const { metrics, minutes } = await waited({ interruptedAt: 1.5 });
  expect(metrics).toEqual({ state: "interrupted", periods: [] });
  expect(minutes).toBe(1.5);
  expect(metricsText(metrics)).toContain("no longer waited for");
});

test("metrics that cannot be read are not waited for", async () => {
  const { metrics, looks } = await waited({ failsAt: 0 });
  expect(metrics).toEqual({ state: "failed", periods: [], failure: "Not allowed." });
  expect(looks).toBe(1);
  expect(metricsText(metrics)).toBe("CloudWatch's metrics could not be read: Not allowed.");
});

test("a look that fails later is tried again", async () => {
  expect((await waited({ from: 1, failsAt: 2 })).metrics).toMatchObject({
    state: "late",
    periods: [{ cpu: { mean: 3 } }],
  });
});

test("nothing is read where nobody wants to wait", async () => {
  const { metrics, looks } = await waited({ from: 0, waitMs: 0 });
  expect(metrics).toEqual({ state: "skipped", periods: [] });
  expect(looks).toBe(0);
});
