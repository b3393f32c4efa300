import type { Dimension as InputDimension } from "@aws-sdk/client-cloudwatch";
import type { CallContext, TargetContext } from "../../service.ts";
import type { Distribution } from "./distribution.ts";
import { merge } from "./distribution.ts";
import type { MetricStore } from "./metric-store.ts";
import { invalidValue } from "./monitoring-errors.ts";
import { units } from "./units.ts";

export interface SeriesRequest {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly InputDimension[];
  readonly start: Date;
  readonly end: Date;
  /** Seconds. */
  readonly period: number;
  readonly unit: string | undefined;
}

/** All values of one period and unit. */
export interface Bucket {
  readonly at: Date;
  readonly unit: string;
  readonly values: Distribution;
}

const day = 86_400;

/**
 * Values of a metric by period, the oldest first. Periods begin at the start time, which is rounded down: to the whole
 * minute, to five minutes where it is more than 15 days ago, to the hour where it is more than 63 days ago
 * (CloudWatch API reference, GetMetricStatistics).
 */
export function series(
  target: TargetContext,
  store: MetricStore,
  request: SeriesRequest,
  { region }: CallContext,
): Bucket[] {
  const { period, unit } = request;
  const now = seconds(target.clock.now());
  const start = roundedStart(seconds(request.start), now, period);
  const points = store.points(
    region,
    {
      namespace: request.namespace,
      name: request.name,
      dimensions: request.dimensions.map(({ Name = "", Value = "" }) => ({ Name, Value })),
    },
    { from: start, to: seconds(request.end), unit },
  );
  const buckets = new Map<string, { at: number; unit: string; values: Distribution }>();
  for (const point of points) {
    const at = start + Math.floor((point.at - start) / period) * period;
    const key = `${at} ${point.unit}`;
    const before = buckets.get(key);
    const values = before ? merge(before.values, point.values) : point.values;
    buckets.set(key, { at, unit: point.unit, values });
  }
  return [...buckets.values()]
    .toSorted((one, other) => one.at - other.at)
    .map((bucket) => ({ ...bucket, at: new Date(bucket.at * 1000) }));
}

const seconds = (date: Date) => Math.floor(date.getTime() / 1000);

function roundedStart(start: number, now: number, period: number): number {
  const age = now - start;
  let step = 60;
  if (age > 63 * day) step = 3600;
  else if (age > 15 * day) step = 300;
  else if (period < 60 && age <= 3 * 3600) step = period;
  return start - (start % step);
}

/** Periods of less than a minute are for metrics of high resolution (CloudWatch API reference, GetMetricData). */
export function checkPeriod(period: number, parameter: string): void {
  if (period > 0 && (period % 60 === 0 || [1, 5, 10, 20, 30].includes(period))) return;
  throw invalidValue(
    `The parameter ${parameter} must be 1, 5, 10, 20, 30 or a multiple of 60, and is ${period}.`,
  );
}

export function checkUnit(unit: string | undefined, parameter: string): void {
  if (unit !== undefined && !units.has(unit))
    throw invalidValue(`The value ${unit} for parameter ${parameter} is invalid.`);
}
