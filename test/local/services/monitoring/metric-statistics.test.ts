import type { Dimension } from "@aws-sdk/client-cloudwatch";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { after, orders, startMetrics } from "./metrics-bench.ts";

const shop = (Value: string): Dimension[] => [
  { Name: "Shop", Value },
  { Name: "Stage", Value: "live" },
];

describe("PutMetricData", () => {
  test.each([
    [{ Value: Number.NaN }, "InvalidParameterValueException"],
    [{ Value: 1, Values: [1] }, "InvalidParameterCombinationException"],
    [{ Value: undefined }, "InvalidParameterCombinationException"],
    [{ Value: undefined, Values: [1, 2], Counts: [1] }, "InvalidParameterCombinationException"],
    [{ Timestamp: new Date("2026-11-01T00:00:00Z") }, "InvalidParameterValueException"],
    [{ Timestamp: new Date("2026-11-25T16:00:00Z") }, "InvalidParameterValueException"],
    [{ Unit: "Dozens" }, "InvalidParameterValueException"],
  ])("refuses %o", async (more, name) => {
    const { put } = await startMetrics();
    await expect(put([orders(1, 1, more)])).rejects.toMatchObject({ name });
  });

  test("takes large requests, which the SDK compresses", async () => {
    const { put, statistics } = await startMetrics();
    await put(Array.from({ length: 900 }, (_, index) => orders(index % 60, 1)));
    const { Datapoints = [] } = await statistics({ Period: 3600 });
    expect(Datapoints[0]?.Sum).toBe(900);
  });
});

describe("GetMetricStatistics", () => {
  test("gives percentiles within one per cent, and none of statistic sets", async () => {
    const { put, statistics } = await startMetrics();
    const Values = Array.from({ length: 100 }, (_, index) => index + 1);
    await put([orders(1, 0, { Value: undefined, Values })]);
    const wanted = { Statistics: undefined, ExtendedStatistics: ["p50", "p99", "p100"] };
    const { Datapoints = [] } = await statistics(wanted);
    const { p50 = 0, p99 = 0, p100 = 0 } = Datapoints[0]?.ExtendedStatistics ?? {};
    expect(Math.abs(p50 - 50)).toBeLessThan(0.6);
    expect(Math.abs(p99 - 99)).toBeLessThan(1.1);
    expect(p100).toBe(100);
    await put([
      orders(20, 0, {
        Value: undefined,
        StatisticValues: { SampleCount: 10, Sum: 55, Minimum: 1, Maximum: 10 },
      }),
    ]);
    expect((await statistics(wanted)).Datapoints).toHaveLength(1);
    const sums = await statistics({ Statistics: ["Sum"] });
    expect(sums.Datapoints?.map(({ Sum }) => Sum)).toEqual([5050, 55]);
  });

  test("keeps units and dimensions apart", async () => {
    const { put, statistics } = await startMetrics();
    await put([
      orders(1, 1),
      orders(1, 2, { Unit: "Percent" }),
      orders(1, 4, { Dimensions: shop("north") }),
      orders(1, 8, { Dimensions: shop("south") }),
    ]);
    const sums = async (more: object) =>
      (await statistics(more)).Datapoints?.map(({ Sum, Unit }) => [Sum, Unit]);
    expect(await sums({})).toEqual([
      [1, "Count"],
      [2, "Percent"],
    ]);
    expect(await sums({ Unit: "Percent" })).toEqual([[2, "Percent"]]);
    // Dimensions have no order.
    expect(await sums({ Dimensions: shop("south").toReversed() })).toEqual([[8, "Count"]]);
    expect(await sums({ Dimensions: [{ Name: "Shop", Value: "south" }] })).toEqual([]);
  });

  test("periods begin at the start, rounded down to the minute", async () => {
    const { put, statistics } = await startMetrics();
    await put([orders(4, 1), orders(7, 2)]);
    const StartTime = new Date("2026-11-25T12:03:40Z");
    const { Datapoints } = await statistics({ StartTime, Period: 300 });
    expect(Datapoints?.map(({ Timestamp, Sum }) => [Timestamp, Sum])).toEqual([[after(3), 3]]);
  });

  test.each([
    [
      { StartTime: after(1), EndTime: after(1) },
      "InvalidParameterCombination",
      "StartTime must be less",
    ],
    [{ Period: 7 }, "InvalidParameterValue", "Period"],
    [{ Statistics: ["Median"] }, "InvalidParameterValue", "Median"],
    [{ Statistics: undefined }, "InvalidParameterCombination", "must be specified"],
    [{ Statistics: undefined, ExtendedStatistics: ["p101"] }, "InvalidParameterValue", "p101"],
    [
      { EndTime: after(3000), Period: 60 },
      "InvalidParameterCombination",
      "You have requested up to 3,000 datapoints, which exceeds the limit of 1,440.",
    ],
  ])("refuses %o", async (input, code, message) => {
    const { statistics } = await startMetrics();
    await expect(statistics(input)).rejects.toMatchObject({
      name: `${code}Exception`,
      message: expect.stringContaining(message),
    });
  });

  test("says which statistics it does not have", async () => {
    const { statistics } = await startMetrics();
    await expect(
      statistics({ Statistics: undefined, ExtendedStatistics: ["tm90"] }),
    ).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
  });
});

test("metrics survive a restart", async () => {
  const stateDir = await mkdtemp(join(tmpdir(), "lmi-metrics-"));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  const before = await startMetrics(undefined, { stateDir });
  await before.put([orders(1, 3)]);
  await before.target.close();
  const { statistics } = await startMetrics(undefined, { stateDir });
  expect((await statistics()).Datapoints).toMatchObject([{ Sum: 3 }]);
});
