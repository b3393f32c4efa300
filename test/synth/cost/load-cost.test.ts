import { describe, expect, it } from "vitest";
import { plotSvg } from "../../../src/cli/commands/cost/plot.ts";
import { costReport, renderReport } from "../../../src/cli/commands/cost/report.ts";
import { breakEven, ordinaryCost } from "../../../src/synth/cost/break-even.ts";
import { loadCost } from "../../../src/synth/cost/load-cost.ts";
import { tableBasis } from "../../../src/synth/cost/prices.ts";
import { typeCosts } from "../../../src/synth/cost/type-table.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { settingsOf } from "../reference-settings.ts";

const key = "my-managed-instance-function";
const request = {
  functionKey: key,
  durationMs: 100,
  payloadBytes: 1000,
  internetBytes: 0,
  logBytes: 500,
};
const under = (rps: number, input: SettingsInput = {}, more: object = {}) =>
  loadCost(settingsOf(input), { ...request, rps, ...more });

const dataOf = (input: SettingsInput, more: object = {}) =>
  under(100, input, more)
    .items.filter(({ kind }) => kind === "data")
    .map(({ label, monthly }) => [label, Number(monthly.toFixed(2))]);

describe("the cost of a load", () => {
  it("is the minimum with requests, logs and data while three environments do", () => {
    // 100 requests/s × 0.1 s are 10 at once; an environment of 1 vCPU takes 64.
    const cost = under(100);
    expect(cost.environments).toBe(3);
    expect(cost.beyondLimits).toBe(false);
    // 100 × 730 × 3600 = 262.8 million; × $0.20; × 500 B × $0.50/GB; × 1,500 B × $0.045/GB
    expect(cost.items.map(({ kind, monthly }) => [kind, Number(monthly.toFixed(2))])).toEqual([
      ["instances", 124.1],
      ["fee", 18.62],
      ["nat", 32.85],
      ["address", 3.65],
      ["requests", 52.56],
      ["logs", 65.7],
      ["data", 17.74],
    ]);
    expect(cost.monthly).toBeCloseTo(315.21, 1);
    expect(cost.perMillion).toBeCloseTo(315.21 / 262.8, 3);
  });

  it("needs environments for half as much again as is in flight", () => {
    // 4,000 × 0.1 s × 1.5 / 64 = 9.4
    expect(under(4000).environments).toBe(10);
    expect(under(4000, { functions: { [key]: { concurrency: 10 } } }).environments).toBe(60);
  });

  it("says when the limits let less through", () => {
    const limited = { functions: { [key]: { minEnvironments: 1, maxEnvironments: 4 } } };
    expect(under(4000, limited)).toMatchObject({ environments: 4, beyondLimits: true });
    expect(under(40_000)).toMatchObject({ environments: 94, beyondLimits: true });
    expect(under(40_000, { capacity: { maxVCpu: 400 } }).beyondLimits).toBe(false);
  });

  it("pays for data by the way that it takes", () => {
    // 262.8 million × 1,500 B = 394.2 GB; × $0.01
    expect(dataOf({ network: { egress: "endpoints" } })).toEqual([
      ["394.2 GB through endpoints", 3.94],
    ]);
    // Logs by their endpoint: 131.4 GB × $0.01; the rest, 262.8 GB × $0.045, by NAT.
    expect(dataOf({ network: { endpoints: ["logs"] } })).toEqual([
      ["262.8 GB through NAT", 11.83],
      ["131.4 GB through endpoints", 1.31],
    ]);
    // Two of three zones have their gateway in another one: 394.2 × 2/3 × $0.02; 394.2 × $0.045
    expect(dataOf({ network: { azs: 3 } })).toEqual([
      ["394.2 GB through NAT", 17.74],
      ["262.8 GB between zones", 5.26],
    ]);
    expect(dataOf({ network: { azs: 3, natGateways: "each" } })).toHaveLength(1);
    // 262.8 million × 2,000 B × $0.09
    expect(dataOf({ network: { egress: "public" } }, { internetBytes: 2000 })).toEqual([
      ["525.6 GB to the internet", 47.3],
    ]);
    expect(dataOf({ network: { egress: "none" } })).toEqual([]);
  });
});

describe("an ordinary function", () => {
  it("pays for GB-seconds and requests", () => {
    const settings = settingsOf();
    const own = settings.functions[key];
    if (!own) throw new Error("no function");
    // 26.28 million × 0.1 s × 2 GB × $0.0000166667 + 26.28 × $0.20, without logs
    const load = { ...request, rps: 10, logBytes: 0 };
    expect(ordinaryCost(own, "x86_64", load)).toBeCloseTo(92.86, 1);
    expect(ordinaryCost(own, "arm64", load)).toBeCloseTo(75.34, 1);
  });

  it("is cheaper below a rate that is found between the rows", () => {
    const { rows, rps } = breakEven(settingsOf(), "x86_64", request);
    if (rps === undefined) throw new Error("no break-even");
    for (const row of rows) expect(row.ordinary > row.managed).toBe(row.rps >= rps);
    const at = (rate: number) => {
      const own = settingsOf().functions[key];
      if (!own) throw new Error("no function");
      const ordinary = ordinaryCost(own, "x86_64", { ...request, rps: rate });
      return ordinary - under(rate).monthly;
    };
    expect(at(rps * 1.05)).toBeGreaterThan(0);
    expect(at(rps * 0.95)).toBeLessThan(0);
  });

  const half = { ...request, durationMs: 500, logBytes: 0, payloadBytes: 0 };
  const one = { functions: { [key]: { concurrency: 1, maxEnvironments: 3 } } };

  it("is compared with what the limits let through, and no more", () => {
    const { rows, rps, limit } = breakEven(settingsOf(one), "x86_64", half);
    // 3 environments with one request each, half as much kept free: 3 / (0.5 s × 1.5) = 4 requests/s.
    expect(limit).toMatchObject({ rps: 4, beyondLimits: false });
    expect(rps).toBeUndefined();
    for (const row of rows) expect(row.beyondLimits).toBe(row.rps > 4);
    const free = { functions: { [key]: { concurrency: 1 } }, capacity: { maxVCpu: 400 } };
    expect(breakEven(settingsOf(free), "x86_64", half).rps).toBeGreaterThan(4);
    const none = { functions: { [key]: { minEnvironments: 0, maxEnvironments: 0 } } };
    expect(breakEven(settingsOf(none), "x86_64", half).limit?.rps).toBeLessThan(0.001);
  });

  it("is found within the last step before a limit", () => {
    // 9 environments with two requests each: 18 / (0.5 s × 1.5) = 24 requests/s, between the rows of 20 and 50.
    const two = { functions: { [key]: { concurrency: 2, maxEnvironments: 9 } } };
    const { rps, limit, rows } = breakEven(settingsOf(two), "x86_64", half);
    expect(limit?.rps).toBe(24);
    expect(rps).toBeLessThan(24);
    expect(rows.find((row) => row.beyondLimits)?.rps).toBe(50);
  });

  it.each([
    [one, "cheaper at all of these that the limits let through.\nFrom ≈ 4 requests/s on max"],
    [{}, "Managed instances are cheaper from ≈ "],
  ])("the table and the plot end where the limits do", (input, words) => {
    const report = costReport(settingsOf(input), { ...half, rps: undefined }, tableBasis);
    const text = renderReport(report);
    expect(text).toContain(words);
    expect(/^10000 +over limits +\d+$/m.test(text)).toBe(true);
    const svg = plotSvg(report.breakEven, "plot");
    expect(svg).toContain(`limits: ${report.breakEven.limit?.rps.toLocaleString("en-US")}/s`);
    expect(svg).not.toMatch(/NaN|Infinity/);
    const [managed, ordinary] = [...svg.matchAll(/points="([^"]*)"/g)].map(
      ([, points = ""]) => points.split(" ").length,
    );
    expect(managed).toBeLessThan(ordinary ?? 0);
  });

  it("may be cheaper everywhere", () => {
    // A microsecond a request: an ordinary function pays for almost nothing but the requests, which cost both the same.
    expect(
      breakEven(settingsOf(), "x86_64", { ...request, durationMs: 0.001 }).rps,
    ).toBeUndefined();
  });
});

describe("instance types", () => {
  it("are those that settings allow, the cheapest first, with Savings Plans on the EC2 part alone", () => {
    const all = typeCosts(settingsOf());
    expect(all[0]).toMatchObject({ type: "c6i.xlarge", instances: 1 });
    // $0.17 × (1.15, 0.83, 0.50) × 730 h
    expect(Object.values(all[0]?.monthly ?? {}).map((value) => Number(value.toFixed(2)))).toEqual([
      142.72, 103, 62.05,
    ]);
    const allowed = typeCosts(
      settingsOf({ capacity: { instanceTypes: { allow: ["m7i.large", "c7i.xlarge"] } } }),
    );
    expect(allowed.map(({ type, instances }) => `${instances} × ${type}`)).toEqual([
      "1 × c7i.xlarge",
      "3 × m7i.large",
    ]);
  });
});
