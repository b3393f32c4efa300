import { expect, test } from "vitest";

import { bar, sparkline } from "../../../../src/cli/commands/status/bars.ts";
import { dailyCost } from "../../../../src/cli/commands/status/daily-cost.ts";
import { readLoads } from "../../../../src/cli/commands/status/load.ts";
import { throttleReasons } from "../../../../src/cli/commands/status/throttle-reasons.ts";
import type { ThrottleScene } from "../../../../src/cli/commands/status/throttle-reasons.ts";
import { vCpusInUse, vCpusOf } from "../../../../src/cli/commands/status/vcpus.ts";
import type { MetricQuery } from "../../../../src/aws/ports.ts";
import { tablePrices } from "../../../../src/synth/cost/prices.ts";

const running = (instanceType: string) => ({ instanceType, state: "running" });

test("a day costs 24 hours of what runs, with the fee; a type without a price is that of a similar one", () => {
  const known = dailyCost([running("m7g.large"), running("m7g.large")], undefined, tablePrices);
  expect(known.perDay).toBeCloseTo(2 * 24 * 0.0816 * 1.15, 6);
  expect(known.items.map(({ label }) => label)).toEqual(["2 × m7g.large", "Lambda's fee, 15 %"]);
  const similar = dailyCost([running("m9gd.xlarge")], undefined, tablePrices);
  expect(similar).toMatchObject({ estimated: ["m9gd.xlarge"], unpriced: [] });
  expect(similar.perDay).toBeCloseTo(24 * 4 * 0.04488 * 1.15, 6);
  const unknown = dailyCost([running("x9.large")], undefined, tablePrices);
  expect(unknown).toMatchObject({ perDay: 0, unpriced: ["x9.large"] });
  const starting = { instanceType: "m7g.large", state: "pending" };
  expect(dailyCost([starting], undefined, tablePrices).perDay).toBe(0);
});

test.each([
  ["c7g.medium", 1],
  ["m7i.large", 2],
  ["c8i.xlarge", 4],
  ["r8g.12xlarge", 48],
  ["m7i.metal-24xl", 96],
  ["m7i.metal", undefined],
])("%s has %s vCPUs", (type, vCpus) => {
  expect(vCpusOf(type)).toBe(vCpus);
});

const minuteOf = (minute: number, value: number) => ({
  time: new Date(Date.UTC(2026, 10, 23, 12, minute)),
  value,
});

test("vCPUs allocated and free are of one minute, of types that run, and no more than run", async () => {
  const points: Readonly<Record<string, readonly ReturnType<typeof minuteOf>[]>> = {
    vCPUAllocated: [minuteOf(20, 8), minuteOf(25, 4)],
    vCPUAvailable: [minuteOf(20, 0), minuteOf(25, 4), minuteOf(26, 8)],
  };
  const subjects = {
    functions: [],
    types: ["m7i.xlarge", "c7i.large"].map((instanceType) => ({ providerName: "p", instanceType })),
  };
  const read = async (queries: readonly MetricQuery[]) => {
    const own = queries.filter(({ name }) => name.startsWith("vCPU"));
    expect(new Set(own.map(({ period }) => period))).toEqual(new Set([60]));
    return queries.map(({ name }) => points[name] ?? []);
  };
  const now = new Date("2026-11-23T12:30:00Z");
  const { types } = await readLoads(subjects, { read }, now);
  const loads = types.get("p");
  const two = ["m7i.xlarge", "m7i.xlarge"];
  // The other type is gone, and its metrics are still there.
  expect(vCpusInUse(two, loads)).toEqual({ allocated: 4, available: 4 });
  const unknown = { allocated: undefined, available: undefined };
  expect(vCpusInUse(["m7i.xlarge"], loads)).toEqual(unknown);
  expect(vCpusInUse([...two, "r7i.large"], loads)).toEqual(unknown);
  expect(vCpusInUse([], loads)).toEqual(unknown);
});

test("bars and lines show shares, and something where there is something", () => {
  expect(bar(50, 100, 4)).toBe("██░░");
  expect(bar(0.1, 100, 4)).toBe("█░░░");
  expect(bar(undefined, 100, 4)).toBe("░░░░");
  expect(bar(200, 100, 4)).toBe("████");
  expect(sparkline([0, 1, 8])).toBe("▁▂█");
  expect(sparkline([0, 0])).toBe("▁▁");
});

const time = new Date(2026, 10, 23, 12, 30);
const load = {
  invocations: 10,
  errors: 0,
  throttles: 5,
  p50: undefined,
  p99: undefined,
  concurrency: { value: 64, time },
  concurrencyLimit: { value: 64, time },
  environments: { value: 3, time },
  cpu: undefined,
  cpuMaximum: { value: 97, time },
  memory: undefined,
  memoryMaximum: undefined,
  history: { invocations: [], throttles: [] },
} satisfies ThrottleScene["load"];
const quiet = { ...load, concurrency: { value: 3, time }, cpuMaximum: { value: 10, time } };
const vCpus = { cap: 12, running: 12, headroom: 0, allocated: undefined, available: undefined };
const none = { version: undefined, vCpus: undefined, launchFailures: [] };
const withMaximum = (max: number) => ({
  version: "$LATEST.PUBLISHED",
  state: "Active",
  scaling: { applied: { min: 0, max }, requested: { min: 0, max } },
});

test.each<[string, ThrottleScene, string[]]>([
  ["no throttles", { ...none, load: { ...load, throttles: 0 } }, []],
  ["full environments", { ...none, load }, ["environments-full", "cpu-full"]],
  ["no room under the cap", { ...none, load: quiet, vCpus }, ["vcpu-cap"]],
  [
    "a launch that failed",
    { ...none, load: quiet, launchFailures: [{ time, message: "no capacity" }] },
    ["launch-failed"],
  ],
  ["nothing that shows", { ...none, load: quiet }, ["unknown"]],
  [
    "no further environment",
    { ...none, load: quiet, version: withMaximum(3) },
    ["environments-at-maximum"],
  ],
  [
    "another maximum, before it was paused",
    { ...none, load: quiet, version: withMaximum(0) },
    ["unknown"],
  ],
])("throttled with %s", (_name, scene, reasons) => {
  expect(throttleReasons(scene).map(({ reason }) => reason)).toEqual(reasons);
});

const at = (text: string, value: number) => ({ time: new Date(`2026-11-23T${text}:00Z`), value });

test("metrics are read in one request, by periods that begin on five minutes; none is told as none", async () => {
  const asked: { readonly queries: readonly MetricQuery[]; readonly from: Date }[] = [];
  const now = new Date("2026-11-23T12:33:20Z");
  const points: Readonly<Record<string, ReturnType<typeof at>[]>> = {
    Invocations: [at("12:20", 7), at("12:28", 2), at("12:33", 3)],
    ExecutionEnvironmentCount: [at("12:25", 3), at("12:30", 4)],
  };
  const { functions, types } = await readLoads(
    {
      functions: [{ name: "fn", providerName: "cp" }],
      types: [{ providerName: "cp", instanceType: "m7i.xlarge" }],
    },
    {
      read: async (queries, { from }) => {
        asked.push({ queries, from });
        return queries.map(({ name }) => points[name] ?? []);
      },
    },
    now,
  );
  expect(asked).toHaveLength(1);
  expect(asked[0]?.from).toEqual(new Date("2026-11-23T12:00:00Z"));
  expect(functions.get("fn")).toMatchObject({
    invocations: 5,
    errors: undefined,
    throttles: undefined,
    p99: undefined,
    environments: { value: 4 },
  });
  expect(functions.get("fn")?.history.invocations.slice(-14)).toEqual([
    7, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3,
  ]);
  expect(types.get("cp")).toMatchObject([{ instanceType: "m7i.xlarge", cpu: undefined }]);
});
