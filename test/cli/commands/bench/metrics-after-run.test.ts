import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { Metrics } from "../../../../src/aws/ports.ts";
import { periodMs } from "../../../../src/bench/period-use.ts";
import { type BenchOptions, runBench } from "../../../../src/cli/commands/bench.ts";
import type { BenchResult } from "../../../../src/cli/commands/bench/render.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { deployedProject } from "../../../helpers/deployed-stack.ts";
import { RecordingPrompter } from "../../../helpers/recording-prompter.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { benchDefaults } from "./bench-fixture.ts";

const options: BenchOptions = {
  ...sharedDefaults(),
  ...benchDefaults,
  rps: "20",
  duration: "300ms",
  warmUp: "100ms",
  arrivals: "even",
  report: "r.html",
};

const valueOf = (name: string) => (name.endsWith("Count") ? 3 : name.includes("CPU") ? 40 : 25);

/** CloudWatch is two minutes late: of each period 3 environments, 40 % CPU, 25 % memory. */
function cloudWatch(now: () => number): Metrics["read"] {
  return async (queries, { from, to }) => {
    const points: { time: Date; value: number }[] = [];
    for (let start = from.getTime(); start < to.getTime(); start += periodMs)
      if (now() >= start + periodMs + 120_000) points.push({ time: new Date(start), value: 0 });
    return queries.map(({ name }) => points.map(({ time }) => ({ time, value: valueOf(name) })));
  };
}

/** A function of the local target as if it were one of AWS: only the metrics are a test's, and only sleeping takes long. */
async function bench(given: Partial<BenchOptions>) {
  const { aws, cwd, deps } = await deployedProject();
  // At the beginning of a period, so that the run is in one.
  let slept = periodMs - (Date.now() % periodMs);
  const now = () => Date.now() + slept;
  const system = {
    ...deps().system,
    now: () => new Date(now()),
    sleep: async (milliseconds: number) => void (slept += milliseconds),
  };
  const reporter = new RecordingReporter();
  const prompter = new RecordingPrompter({ "--yes": true });
  const target = { ...aws.target, local: false };
  const serverClock = { read: async () => ({ time: new Date(now()), took: 0 }) };
  const onAws = { ...aws, target, serverClock, metrics: { read: cloudWatch(now) } };
  await runBench({ ...options, ...given }, { system, reporter, prompter, aws: async () => onAws });
  const page = await readFile(join(cwd, "r.html"), "utf8");
  return { result: reporter.results.at(-1) as BenchResult, page, rendered: reporter.rendered };
}

test("on AWS the report waits for CloudWatch, and gives short steps no CPU of their own", async () => {
  const { result, page, rendered } = await bench({ waitMetrics: "10m" });
  expect(result.metrics).toMatchObject({ state: "complete", periods: [{ cpu: { mean: 40 } }] });
  expect(result.steps[0]?.use).toEqual({ environments: 3, cpu: undefined, memory: undefined });
  expect(result.confidence.doubts.join("\n")).toContain("as --rps 20 --duration 10m would");
  expect(result.confidence.doubts.join("\n")).not.toContain("How many environments");
  for (const text of [page, ...rendered])
    expect(text).toMatch(/\d\d:\d\d–\d\d:\d\d +3 +40 % +40 % +25 % +25 %/);
});

test("a report without CloudWatch's metrics says so", async () => {
  const { result, page } = await bench({ waitMetrics: "0s" });
  expect(result.metrics).toEqual({ state: "skipped", periods: [] });
  expect(page).toMatch(/CloudWatch's metrics were not waited for: lmi status/);
  expect(result.confidence.doubts).toContain(
    "CPU and memory of the environments were not measured.",
  );
});
