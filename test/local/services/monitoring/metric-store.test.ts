import { expect, test } from "vitest";
import {
  distributionOf,
  merge,
  percentile,
} from "../../../../src/local/services/monitoring/distribution.ts";
import { MetricStore } from "../../../../src/local/services/monitoring/metric-store.ts";

const metric = { namespace: "Shop", name: "Orders", dimensions: [] };
const day = 86_400;
const now = Date.parse("2026-11-25T12:00:00Z") / 1000;

function storeWith(ages: readonly number[], period = 60): MetricStore {
  const store = new MetricStore(":memory:");
  store.add(
    "us-east-1",
    ages.map((age) => ({
      metric,
      point: { at: now - age, period, unit: "Count", values: distributionOf(1) },
    })),
  );
  return store;
}

const minutes = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index * 60);
const all = (store: MetricStore) => store.points("us-east-1", metric, { from: 0, to: now + 1 });

test("old points become part of longer periods, and the oldest go", () => {
  const store = storeWith([
    ...minutes(0, 10),
    ...minutes(20 * day, 10),
    ...minutes(80 * day, 60),
    ...minutes(500 * day, 3),
  ]);
  store.compact(now);
  const points = all(store);
  const of = (period: number) => points.filter((point) => point.period === period);
  expect([of(60), of(300), of(3600)].map((each) => each.length)).toEqual([10, 3, 2]);
  // Nothing is lost on the way but what is older than 15 months.
  expect(points.reduce((sum, { values }) => sum + values.count, 0)).toBe(80);
  store.compact(now + 600 * day);
  expect(all(store)).toEqual([]);
  expect(store.metrics("us-east-1", 0)).toEqual([]);
});

test("what is stored depends on the time, not on how much happened", () => {
  const store = storeWith(Array.from({ length: 5000 }, () => 30));
  expect(all(store)).toHaveLength(1);
  expect(all(store)[0]?.values).toMatchObject({ count: 5000, sum: 5000 });
});

test("all points of a write are stored, or none", () => {
  const store = new MetricStore(":memory:");
  const broken = { at: Number.NaN, period: 60, unit: "Count", values: distributionOf(1) };
  const good = { at: now, period: 60, unit: "Count", values: distributionOf(1) };
  expect(() =>
    store.add("us-east-1", [
      { metric, point: good },
      { metric, point: broken },
    ]),
  ).toThrow();
  expect(all(store)).toEqual([]);
});

test("percentiles of values of any sign and size", () => {
  const values = [-100, -1, 0, 0.001, 1, 1000, 1e9].map((value) => distributionOf(value));
  const [first = distributionOf(0), ...rest] = values;
  const merged = rest.reduce(merge, first);
  expect(percentile(merged, 0)).toBe(-100);
  expect(percentile(merged, 30)).toBe(0);
  expect(percentile(merged, 100)).toBe(1e9);
  expect(percentile(merged, 50)).toBeCloseTo(0.001, 4);
});
