import { describe, expect, it, test } from "vitest";

import { sumOf } from "../../../src/synth/cost/cost-item.ts";
import { monthlyOf } from "../../../src/synth/cost/fleet.ts";
import { loadCost } from "../../../src/synth/cost/load-cost.ts";
import { monthlyCost } from "../../../src/synth/cost/monthly-cost.ts";
import { pollerItems } from "../../../src/synth/cost/poller-cost.ts";
import { hoursPerMonth, managementFee, tablePrices } from "../../../src/synth/cost/prices.ts";
import { typeCosts } from "../../../src/synth/cost/type-table.ts";
import type { SettingsInput } from "../../../src/synth/settings-schema.ts";
import { settingsOf } from "../reference-settings.ts";

/** EC2's price an hour, Lambda's fee, both; a month of one instance and of three, in whole dollars. */
type Row = readonly [string, ec2: number, fee: number, both: number, one: number, three: number];

/**
 * Public prices of us-east-1 of April 2026 with the 15 % fee, as somebody reckoned them by hand. Prices are in
 * ten-thousandths of a dollar.
 */
const rows: readonly Row[] = [
  ["c7g.large", 0.0725, 0.0109, 0.0834, 61, 183],
  ["c7g.xlarge", 0.145, 0.0217, 0.1667, 122, 365],
  ["c7g.2xlarge", 0.29, 0.0435, 0.3335, 243, 730],
  ["c8g.large", 0.0798, 0.012, 0.0918, 67, 201],
  ["c8g.xlarge", 0.1595, 0.0239, 0.1834, 134, 402],
  ["c7i.large", 0.0893, 0.0134, 0.1027, 75, 225],
  ["c7i.xlarge", 0.1785, 0.0268, 0.2053, 150, 450],
  ["c6i.xlarge", 0.17, 0.0255, 0.1955, 143, 428],
  ["c6i.2xlarge", 0.34, 0.051, 0.391, 285, 856],
  ["c6g.xlarge", 0.136, 0.0204, 0.1564, 114, 343],
  ["m7g.large", 0.0816, 0.0122, 0.0938, 69, 206],
  ["m7g.xlarge", 0.1632, 0.0245, 0.1877, 137, 411],
  ["m8g.large", 0.0898, 0.0135, 0.1033, 75, 226],
  ["m8g.xlarge", 0.1795, 0.0269, 0.2064, 151, 452],
  ["m7i.large", 0.1008, 0.0151, 0.1159, 85, 254],
  ["m7i.xlarge", 0.2016, 0.0302, 0.2318, 169, 508],
  ["m6g.large", 0.077, 0.0116, 0.0886, 65, 194],
  ["m5.large", 0.096, 0.0144, 0.1104, 81, 242],
  ["m6i.large", 0.096, 0.0144, 0.1104, 81, 242],
  ["r7g.large", 0.1071, 0.0161, 0.1232, 90, 270],
  ["r7g.xlarge", 0.2142, 0.0321, 0.2463, 180, 539],
  ["r8g.large", 0.1178, 0.0177, 0.1355, 99, 297],
  ["r8g.xlarge", 0.2356, 0.0353, 0.2709, 198, 593],
  ["r7i.large", 0.1323, 0.0198, 0.1521, 111, 333],
];

test.each(rows)("%s costs what its row says", (name, ec2, fee, both, one, three) => {
  const type = tablePrices.instanceTypes.find((each) => each.name === name);
  if (!type) throw new Error(`no price of ${name}`);
  // The rows are rounded to ten-thousandths, so half of one may be missing; their sums add what was rounded before.
  const half = 0.000051;
  expect(Math.abs(type.hourly - ec2)).toBeLessThan(half);
  expect(Math.abs(type.hourly * managementFee - fee)).toBeLessThan(half);
  expect(Math.abs(monthlyOf(type.hourly) / hoursPerMonth - both)).toBeLessThan(2 * half);
  expect(Math.round(monthlyOf(type.hourly))).toBe(one);
  expect(Math.abs(3 * monthlyOf(type.hourly) - three)).toBeLessThan(0.51);
});

type EventInput = NonNullable<
  NonNullable<NonNullable<SettingsInput["functions"]>[string]>["events"]
>[number];
const cluster =
  "arn:aws:kafka:us-east-1:123456789012:cluster/own/01234567-89ab-cdef-0123-456789abcdef-1";

const itemsOf = (input: SettingsInput, volumeGigabytes?: number) =>
  monthlyCost(settingsOf(input), { prices: tablePrices, volumeGigabytes }).items.map(
    ({ label, monthly }) => [label, Number(monthly.toFixed(2))],
  );

/** What pollers of one function cost, and of another one. */
const pollers = (count: "minimum" | "maximum", events: EventInput[], more: EventInput[] = []) =>
  pollerItems(
    settingsOf({ functions: { f: { events }, g: { events: more } } }),
    count,
    tablePrices,
  ).map(({ label, monthly }) => [label, Number(monthly.toFixed(2))]);

describe("a month, by hand", () => {
  it("of three zones with a gateway each, on Graviton", () => {
    // 3 × $0.077 × 730 = 168.63; × 0.15 = 25.29; 3 × $0.045 × 730 = 98.55; 3 × $0.005 × 730 = 10.95
    const input: SettingsInput = {
      capacity: { architecture: "arm64" },
      network: { azs: 3, natGateways: "each" },
    };
    expect(itemsOf(input)).toEqual([
      ["3 × m6g.large", 168.63],
      ["Lambda's management fee, 15 %", 25.29],
      ["3 NAT gateways", 98.55],
      ["3 public IPv4 addresses", 10.95],
    ]);
    const { minimum, cap } = monthlyCost(settingsOf(input));
    expect(minimum).toBeCloseTo(168.63 + 25.2945 + 98.55 + 10.95, 6);
    // 30 vCPU are at most those of c8g: 30 × $0.03988 × 1.15 × 730 = 1004.3778; network as before
    expect(cap).toBeCloseTo(1004.3778 + 98.55 + 10.95, 6);
  });

  it("of two zones with endpoints, with volumes of a given size", () => {
    // 3 × $0.096 × 730 = 210.24; × 0.15 = 31.54; 3 × 40 GB × $0.08 = 9.60; 2 zones × $0.01 × 730 = 14.60 an endpoint
    const input: SettingsInput = {
      network: { azs: 2, egress: "endpoints", endpoints: ["sqs", "dynamodb"] },
    };
    expect(itemsOf(input, 40)).toEqual([
      ["3 × m5.large", 210.24],
      ["Lambda's management fee, 15 %", 31.54],
      ["3 × 40 GB of EBS (gp3)", 9.6],
      ["CloudWatch Logs endpoint in 2 zones", 14.6],
      ["sqs endpoint in 2 zones", 14.6],
    ]);
    // At 30 vCPUs 15 × m5.large at most: 15 × ($0.096 × 1.15 × 730 + 40 × $0.08) + 29.20
    const { cap } = monthlyCost(settingsOf(input), { prices: tablePrices, volumeGigabytes: 40 });
    expect(cap).toBeCloseTo(15 * (80.592 + 3.2) + 29.2, 6);
  });

  it("of provisioned pollers, by the units that AWS counts", () => {
    const topic = {
      type: "msk" as const,
      arn: cluster,
      topic: "orders",
      startingPosition: "LATEST" as const,
    };
    // 8 × $0.00925 × 730 = 54.02; AWS's own example takes $74 for 8000 such hours.
    expect(pollers("minimum", [{ type: "sqs", pollers: { minimum: 8 } }])).toEqual([
      ["8 event pollers of f (sqs)", 54.02],
    ]);
    // Lambda's 2 and 200 where none are given: 200 × $0.00925 × 730
    expect(pollers("minimum", [{ type: "sqs", pollers: {} }])[0]?.[1]).toBe(13.5);
    expect(pollers("maximum", [{ type: "sqs", pollers: {} }])[0]?.[1]).toBe(1350.5);
    // Ten of Kafka on one unit at rest: $0.185 × 730 = 135.05; four at their full throughput
    expect(pollers("minimum", [{ ...topic, pollers: { minimum: 10 } }])[0]?.[1]).toBe(135.05);
    expect(pollers("minimum", [{ ...topic, pollers: { minimum: 11 } }])[0]?.[1]).toBe(270.1);
    expect(pollers("maximum", [{ ...topic, pollers: { maximum: 8 } }])[0]?.[1]).toBe(270.1);
    // Ten mappings of one group with a poller each share one unit, as in AWS's example of them.
    const group = { ...topic, pollers: { minimum: 5, group: "orders" } };
    expect(pollers("minimum", [group], [group])).toEqual([
      ["10 event pollers of group orders", 135.05],
    ]);
    expect(pollers("minimum", [{ type: "sqs" }])).toEqual([]);
  });

  it("is that of the cheapest row of the table, whatever Lambda is likely to take", () => {
    for (const input of [
      { functions: { f: { minEnvironments: 1, maxEnvironments: 1 } } },
      { network: { azs: 3 } },
      { functions: { f: { memory: 8192, memoryPerVCpu: 8 as const } } },
      { capacity: { instanceTypes: { exclude: ["m5.large", "c6i.xlarge"] } } },
    ]) {
      const settings = settingsOf(input);
      const [cheapest] = typeCosts(settings);
      const { items } = monthlyCost(settings);
      const instances = items.filter(({ kind }) => kind === "instances" || kind === "fee");
      expect(items[0]?.label).toBe(`${cheapest?.instances} × ${cheapest?.type}`);
      expect(sumOf(instances)).toBeCloseTo(cheapest?.monthly["on demand"] ?? Number.NaN, 6);
      // The break-even begins with the same.
      const load = {
        functionKey: Object.keys(settings.functions)[0] ?? "",
        rps: 0.1,
        durationMs: 1,
      };
      const none = { payloadBytes: 0, internetBytes: 0, logBytes: 0 };
      expect(loadCost(settings, { ...load, ...none }).items[0]?.label).toBe(items[0]?.label);
    }
    const small = monthlyCost(
      settingsOf({ functions: { f: { minEnvironments: 1, maxEnvironments: 1 } } }),
    );
    expect(small.items[0]?.label).toBe("1 × m5.large");
    expect(small.notes[1]).toBe(
      "The cheapest instances are assumed; by memoryPerVCpu Lambda would rather take 1 × c6i.xlarge: ≈ $143 with the fee.",
    );
  });

  it("of two providers, each with its own kind of instance", () => {
    // api: 3 environments of 1 vCPU on 1 × c6i.xlarge: 124.10 + 18.62
    // batch: 2 environments of 4 vCPU and 32 GiB; 2 × r7g.2xlarge (8 − 1 vCPU hold one each): 16 × $0.05355 × 730 = 625.46; + 93.82
    const input: SettingsInput = {
      network: { egress: "none" },
      capacityProviders: { batch: { architecture: "arm64" } },
      functions: {
        api: {},
        jobs: {
          capacityProvider: "batch",
          memory: 32_768,
          memoryPerVCpu: 8,
          minEnvironments: 2,
          maxEnvironments: 2,
        },
      },
    };
    expect(itemsOf(input)).toEqual([
      ["1 × c6i.xlarge", 124.1],
      ["Lambda's management fee, 15 %", 18.62],
      ["2 × r7g.2xlarge (batch)", 625.46],
      ["Lambda's management fee, 15 % (batch)", 93.82],
    ]);
  });

  it("of public subnets at the cap, where each instance has an address", () => {
    // 30 vCPUs are 7.5 × c7i.xlarge at most: 7.5 × ($0.1785 × 1.15 × 730 + $0.005 × 730)
    const { cap } = monthlyCost(settingsOf({ network: { egress: "public" } }));
    expect(cap).toBeCloseTo(7.5 * (149.85075 + 3.65), 6);
  });

  it("of 200 requests a second with everything that they move", () => {
    // 200 × 730 × 3600 = 525.6 million requests: × $0.20 = 105.12
    // in flight 200 × 0.04 s × 1.5 = 12, of 64 an environment: the three of the minimum do
    // logs 525.6 M × 500 B = 262.8 GB × $0.50 = 131.40
    // NAT 525.6 M × (1,000 + 200 + 500) B = 893.52 GB × $0.045 = 40.21; internet 105.12 GB × $0.09 = 9.46
    const cost = loadCost(settingsOf(), {
      functionKey: "my-managed-instance-function",
      rps: 200,
      durationMs: 40,
      payloadBytes: 1000,
      internetBytes: 200,
      logBytes: 500,
    });
    expect(cost.items.map(({ label, monthly }) => [label, Number(monthly.toFixed(2))])).toEqual([
      ["1 × c6i.xlarge", 124.1],
      ["Lambda's management fee, 15 %", 18.62],
      ["1 NAT gateway", 32.85],
      ["1 public IPv4 address", 3.65],
      ["525.6 million requests", 105.12],
      ["262.8 GB of logs", 131.4],
      ["893.5 GB through NAT", 40.21],
      ["105.1 GB to the internet", 9.46],
    ]);
    expect(cost.environments).toBe(3);
  });

  it("of a type with Savings Plans, which take nothing off the fee", () => {
    // m7g.large holds one environment (2 − 1 vCPU): 3 × $0.0816 × 730 = 178.70
    // × 1.15 = 205.51; × (1 − 0.32 + 0.15) = 148.32; × (1 − 0.65 + 0.15) = 89.35
    const [cost] = typeCosts(
      settingsOf({
        capacity: { architecture: "arm64", instanceTypes: { allow: ["m7g.large"] } },
      }),
    );
    expect(cost).toMatchObject({ type: "m7g.large", instances: 3 });
    expect(Object.values(cost?.monthly ?? {}).map((value) => Number(value.toFixed(2)))).toEqual([
      205.51, 148.32, 89.35,
    ]);
  });
});
