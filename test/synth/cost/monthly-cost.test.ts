import { describe, expect, it } from "vitest";
import { approximately, monthlyCost } from "../../../src/synth/cost/monthly-cost.ts";
import { unpriced } from "../../../src/synth/cost/unpriced.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { settingsOf } from "../reference-settings.ts";

const costOf = (input: SettingsInput = {}) => monthlyCost(settingsOf(input));

function networkCosts(egress: "endpoints" | "public" | "none") {
  const [, , ...items] = costOf({ network: { egress, azs: 2 } }).items;
  return items.map(({ kind, monthly }) => [kind, Number(monthly.toFixed(1))]);
}

describe("monthlyCost", () => {
  it("itemises the reference stack", () => {
    // 4 vCPU × $0.0425 × 730 h; 15 % of it; $0.045 × 730 h; $0.005 × 730 h
    const cost = costOf();
    expect(cost.items.map(({ label, monthly }) => [label, Number(monthly.toFixed(2))])).toEqual([
      ["1 × c6i.xlarge", 124.1],
      ["Lambda's management fee, 15 %", 18.62],
      ["1 NAT gateway", 32.85],
      ["1 public IPv4 address", 3.65],
    ]);
    expect(cost.minimum).toBeCloseTo(179.21, 1);
    // 30 vCPU of c7i, the dearest that fits: × $0.044625 × 1.15 × 730 h, and the network
    expect(cost.cap).toBeCloseTo(1160.38, 1);
  });

  it("needs an instance in each zone", () => {
    expect(costOf({ network: { azs: 3 } }).items[0]?.label).toMatch(/^3 × /);
  });

  it("goes by architecture and by memory for each vCPU", () => {
    expect(costOf({ capacity: { architecture: "arm64" } }).items[0]?.label).toContain("c6g.xlarge");
    const large = costOf({ functions: { f: { memory: 8192, memoryPerVCpu: 8 } } });
    expect(large.items[0]?.label).toContain("r7i.xlarge");
  });

  it("counts instances for the minimum of environments", () => {
    const cost = costOf({ functions: { f: { minEnvironments: 7, maxEnvironments: 9 } } });
    // 3 environments of 1 vCPU on each c6i.xlarge, whose fourth vCPU Lambda keeps: 7 need 3 of them, or 1 c6i.2xlarge.
    expect(cost.items[0]?.label).toMatch(/^1 × c6i\.2xlarge/);
    expect(
      costOf({ functions: { f: { minEnvironments: 0, maxEnvironments: 0 } } }).items[0]?.monthly,
    ).toBe(0);
  });

  it("holds to allowed instance types, and says when it cannot", () => {
    const known = costOf({ capacity: { instanceTypes: { allow: ["m7i.large"] } } });
    expect(known.items[0]?.label).toBe("3 × m7i.large");
    expect(known.notes).toHaveLength(1);
    expect(costOf({ capacity: { instanceTypes: { allow: ["x2idn.xlarge"] } } }).notes).toHaveLength(
      2,
    );
  });

  it("prices the other ways out", () => {
    expect(networkCosts("endpoints")).toEqual([["endpoint", 14.6]]);
    expect(networkCosts("public")).toEqual([["address", 10.9]]);
    expect(networkCosts("none")).toEqual([]);
  });

  it("never has a cap below the minimum", () => {
    const cost = costOf({ capacity: { maxVCpu: 12 }, functions: { f: { memory: 32_768 } } });
    expect(cost.cap).toBeGreaterThanOrEqual(cost.minimum);
  });

  it("says whose prices these are", () => {
    expect(costOf({ region: "eu-west-1" }).notes[0]).toMatch(/us-east-1.*eu-west-1 may differ/);
    expect(costOf({ region: "us-east-1" }).notes[0]).not.toContain("differ");
    const events = [{ type: "sqs" as const, pollers: { minimum: 2 } }];
    expect(costOf({ functions: { f: { events } } }).notes.slice(1)).toEqual([
      "Without SQS requests, which Lambda makes all the time.",
    ]);
  });

  it("says what grows with events", () => {
    const events = [
      { type: "http" as const },
      { type: "rule" as const, pattern: { source: ["shop"] } },
      { type: "schedule" as const, expression: "rate(1 hour)" },
      { type: "sns" as const, arn: "arn:aws:sns:eu-west-1:123456789012:orders" },
    ];
    expect(unpriced(settingsOf({ functions: { f: { events } } }))).toEqual([
      "Without what grows with the events: requests of HTTP APIs, events of EventBridge, invocations of EventBridge Scheduler, messages of SNS.",
    ]);
  });
});

describe("approximately", () => {
  it("rounds to what is known", () => {
    expect([102.4, 999.6, 1066.2, 0].map(approximately)).toEqual([
      "≈ $102",
      "≈ $1,000",
      "≈ $1,070",
      "≈ $0",
    ]);
  });
});
