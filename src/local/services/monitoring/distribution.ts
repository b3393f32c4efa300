/**
 * Values of one metric in one period: enough for all statistics, in bounded space. Percentiles come from buckets whose
 * bounds grow by 1 %; a statistic set of several values has none (CloudWatch API reference, PutMetricData).
 */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Values by bucket; undefined where the values themselves were never known. */
  readonly buckets: Buckets | undefined;
}

/** Count of values by bucket number: `0` for zero, `n` + number for what is below zero. */
export type Buckets = Readonly<Record<string, number>>;

const growth = Math.log(1.01);

export function distributionOf(value: number): Distribution {
  return { count: 1, sum: value, min: value, max: value, buckets: { [bucketOf(value)]: 1 } };
}

/** Many values at once; there is at least one. */
export function distributionOfAll(
  values: readonly (readonly [value: number, count: number])[],
): Distribution {
  const buckets: Record<string, number> = {};
  const total = { count: 0, sum: 0, min: Infinity, max: -Infinity };
  for (const [value, count] of values) {
    const bucket = bucketOf(value);
    buckets[bucket] = (buckets[bucket] ?? 0) + count;
    total.count += count;
    total.sum += value * count;
    total.min = Math.min(total.min, value);
    total.max = Math.max(total.max, value);
  }
  return { ...total, buckets };
}

export function merge(one: Distribution, other: Distribution): Distribution {
  return {
    count: one.count + other.count,
    sum: one.sum + other.sum,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    buckets: one.buckets && other.buckets ? mergeBuckets(one.buckets, other.buckets) : undefined,
  };
}

function mergeBuckets(one: Buckets, other: Buckets): Buckets {
  const merged: Record<string, number> = { ...one };
  for (const [bucket, count] of Object.entries(other))
    merged[bucket] = (merged[bucket] ?? 0) + count;
  return merged;
}

function bucketOf(value: number): string {
  if (value === 0) return "0";
  const number = Math.round(Math.log(Math.abs(value)) / growth);
  // Shifted, so that a bucket of ones is not the one of zeros.
  return `${value < 0 ? "n" : "p"}${number}`;
}

function valueOf(bucket: string): number {
  if (bucket === "0") return 0;
  const size = Math.exp(Number(bucket.slice(1)) * growth);
  return bucket.startsWith("n") ? -size : size;
}

/** The value that `percent` of the values do not exceed, within 1 %; undefined where the values were never known. */
export function percentile(distribution: Distribution, percent: number): number | undefined {
  const { buckets, count, min, max } = distribution;
  if (min === max) return min;
  if (!buckets) return undefined;
  const values = Object.entries(buckets)
    .map(([bucket, times]) => [valueOf(bucket), times] as const)
    .toSorted(([one], [other]) => one - other);
  let left = (percent / 100) * count;
  for (const [value, times] of values) {
    left -= times;
    if (left <= 1e-9) return Math.min(max, Math.max(min, value));
  }
  return max;
}
