import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { type BenchOptions, runBench } from "../../../../src/cli/commands/bench.ts";
import type { BenchResult } from "../../../../src/cli/commands/bench/render.ts";
import { renderResult } from "../../../../src/cli/commands/bench/render.ts";
import { sharedDefaults } from "../../../deploy/recording-deps.ts";
import { deployedProject } from "../../../helpers/deployed-stack.ts";
import { recordingAws } from "../../../helpers/recording-aws.ts";
import { RecordingPrompter } from "../../../helpers/recording-prompter.ts";
import { RecordingReporter } from "../../../helpers/recording-reporter.ts";
import { recordingSystem } from "../../../helpers/recording-system.ts";
import { temporaryFolder } from "../../../helpers/temporary-folder.ts";
import { benchDefaults } from "./bench-fixture.ts";

const options: BenchOptions = { ...sharedDefaults(), ...benchDefaults, local: true };
const quick = { rps: "20,40", duration: "300ms", warmUp: "100ms", arrivals: "even" } as const;

describe("on the local target", () => {
  test("measures rates, proposes settings and writes a page", async () => {
    const { cwd, deps } = await deployedProject();
    const reporter = new RecordingReporter();
    await runBench({ ...options, ...quick, p99: "60s", report: "r.html" }, { ...deps(), reporter });
    const result = reporter.results.at(-1) as BenchResult;
    expect(result).toMatchObject({
      ended: "done",
      place: { local: true },
      wanted: { rps: 40, p99: 60_000 },
      knee: { rps: 40, from: 40, limit: "none" },
      confidence: { level: "low" },
      report: "r.html",
    });
    expect(result.steps.map(({ load, requests }) => ({ load, requests }))).toEqual([
      { load: { kind: "rate", rps: 20 }, requests: 6 },
      { load: { kind: "rate", rps: 40 }, requests: 12 },
    ]);
    expect(result.proposal?.settings.memory).toBe(2048);
    const text = renderResult(result);
    expect(text).toMatch(/^load +answered +p50 ms/);
    expect(text).toContain("Knee: beyond 40 requests/s");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    const page = await readFile(join(cwd, "r.html"), "utf8");
    expect(page).toContain("Latency, from when a request was due");
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  test("threads share the load", async () => {
    const { deps } = await deployedProject();
    const reporter = new RecordingReporter();
    await runBench({ ...options, ...quick, rps: "40", workers: "2" }, { ...deps(), reporter });
    const result = reporter.results.at(-1) as BenchResult;
    expect(result.steps[0]).toMatchObject({ requests: 12, errors: {}, unanswered: 0 });
  });

  test("an interruption ends it with the report so far", async () => {
    const { deps } = await deployedProject();
    const reporter = new RecordingReporter();
    const given = deps();
    const stopping = new AbortController();
    const stopped = { ...given.system, interrupt: stopping.signal };
    const run = runBench(
      { ...options, ...quick, rps: "20", duration: "600s", warmUp: "0s" },
      { ...given, reporter, system: stopped },
    );
    setTimeout(() => stopping.abort(), 300);
    await run;
    expect(reporter.results.at(-1)).toMatchObject({ ended: "interrupted" });
  });

  test("a report that cannot be written any more costs nobody the result", async () => {
    const { cwd, deps } = await deployedProject();
    const reporter = new RecordingReporter();
    reporter.info = () => void mkdirSync(join(cwd, "r.html"), { recursive: true });
    const run = runBench(
      { ...options, ...quick, rps: "20", report: "r.html" },
      { ...deps(), reporter },
    );
    await expect(run).rejects.toMatchObject({ code: "LMI_OUTPUT_NOT_WRITABLE" });
    expect(reporter.results.at(-1)).toMatchObject({ ended: "done", report: undefined });
  });

  test("a function that is not there is told", async () => {
    const { deps } = await deployedProject({ runs: false });
    await expect(runBench({ ...options, function: "other" }, deps())).rejects.toMatchObject({
      code: "LMI_FUNCTION_NOT_FOUND",
    });
  });
});

describe("on AWS", () => {
  const managed = {
    Runtime: "nodejs24.x",
    MemorySize: 2048,
    Timeout: 3,
    CapacityProviderConfig: {
      LambdaManagedInstancesCapacityProviderConfig: {
        CapacityProviderArn: "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:cp",
      },
    },
  };

  const route = {
    origin: "https://lambda.eu-west-1.amazonaws.com",
    path: "/",
    query: {},
    contentType: "application/json",
    region: "eu-west-1",
    ca: undefined,
  };

  async function bench(
    given: Partial<BenchOptions>,
    { properties = managed, proxy }: { readonly properties?: object; readonly proxy?: string } = {},
  ) {
    const settings = { name: "hello", functions: { hello: { entry: "src/handler.ts" } } };
    const cwd = await temporaryFolder({ "lmi.json": JSON.stringify(settings) });
    const aws = recordingAws({
      target: { local: false },
      functions: { properties: async () => ({ ...properties }) },
      invocationRoutes: { find: async () => ({ ...route, proxy }) },
    });
    const reporter = new RecordingReporter();
    const prompter = new RecordingPrompter();
    const error: unknown = await runBench(
      { ...options, local: false, ...given },
      { system: recordingSystem({ cwd }), reporter, prompter, aws: async () => aws },
    ).catch((thrown: unknown) => thrown);
    return { error, reporter, prompter };
  }

  async function forecast(given: Partial<BenchOptions>): Promise<string> {
    const { reporter } = await bench(given);
    return reporter.said.join("\n");
  }

  test("says what it costs, and asks", async () => {
    const { error, reporter } = await bench({ rps: "100,200", duration: "60s" });
    expect(error).toMatchObject({ code: "LMI_DECLINED", exitCode: 4 });
    // Steps settle for 5 s: 3 s before the first and 2 × 65 s are 133 s, with 300 × 65 requests. A request takes 13 s at
    // most, the timeout and 10 s: then they settle 1.5 times as long and wait for 14 s, 3 + 14 + 2 × (19.5 + 60 + 14) = 204 s.
    expect(reporter.said.join("\n")).toMatch(
      /About 19,500 requests in 3–4 min, ≈ \$0\.01 with 0\.5 kB of log each/,
    );
    expect(reporter.said.join("\n")).toMatch(/Further instances: at most ≈ \$\d/);
  });

  test("knows that a search with --p99 measures slow rates longer", async () => {
    // 1/s to 16/s settle for 2 s and are measured for 30 s each, three times what is asked, instead of for 10 s:
    // 3 + 9 × 12 = 111 s, 3 + 9 × 32 = 291 s; of up to 16 steps, each with 19.5 s + 14 s: 713 s and 1033 s.
    expect(await forecast({ targetRps: "8" })).toContain("About 756 requests in 2–12 min");
    expect(await forecast({ targetRps: "8", p99: "1s" })).toContain(
      "About 2,016 requests in 5–18 min",
    );
  });

  test("says what waiting for CloudWatch costs, unless nobody waits", async () => {
    expect(await forecast({ rps: "100" })).toContain(
      "Then up to 10 min for CloudWatch's metrics, which costs less than $0.01 (--wait-metrics).",
    );
    expect(await forecast({ rps: "100", waitMetrics: "0s" })).not.toContain("CloudWatch");
  });

  test("more than the budget is refused, and nobody is asked", async () => {
    const { error } = await bench({ rps: "10000", duration: "10m", maxUsd: "1" });
    expect(error).toMatchObject({ code: "LMI_BENCH_BUDGET", exitCode: 2 });
  });

  test("where instances have no known price, says that only requests are bounded", async () => {
    const { reporter } = await bench({ rps: "100", function: "other" });
    expect(reporter.said.join("\n")).toContain("The run ends before its requests cost $5.00");
  });

  test.each([
    ["a proxy", {}, { proxy: "http://proxy.example:3128" }, "LMI_BENCH_PROXY"],
    ["an unwritable report", { report: "lmi.json/r.html" }, {}, "LMI_OUTPUT_NOT_WRITABLE"],
  ])("%s is refused before anybody is asked", async (_, given, about, code) => {
    const { error, reporter } = await bench({ rps: "100", ...given }, about);
    expect(error).toMatchObject({ code });
    expect(reporter.said.join("\n")).not.toContain("The run ends before");
  });

  test("an ordinary function is refused", async () => {
    const { error } = await bench({}, { properties: { Runtime: "nodejs24.x" } });
    expect(error).toMatchObject({ code: "LMI_FUNCTION_NOT_MANAGED" });
  });
});
