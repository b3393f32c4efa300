import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Milliseconds; the longest that Lambda lets a request take is 90 minutes. */
const longestMs = 90 * 60_000;

/** Milliseconds. */
export interface Percentiles {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/**
 * Times, kept to three figures: Node's own HDR histogram, which is HdrHistogram_c, counts in microseconds, and goes from
 * thread to thread without a copy.
 */
export function newHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: longestMs * 1000, figures: 3 });
}

export function record(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.max(1, Math.min(longestMs * 1000, Math.round(milliseconds * 1000))));
}

/** undefined where nothing was recorded. */
export function percentilesOf(histogram: RecordableHistogram): Percentiles | undefined {
  if (histogram.count === 0) return undefined;
  const at = (percent: number) => histogram.percentile(percent) / 1000;
  return {
    mean: histogram.mean / 1000,
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: histogram.max / 1000,
  };
}
