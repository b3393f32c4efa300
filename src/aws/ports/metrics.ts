/** One metric of `AWS/Lambda`, as a series of points. */
export interface MetricQuery {
  /** `Invocations`, `ExecutionEnvironmentConcurrency`. */
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Maximum`, or a percentile such as `p99`. */
  readonly statistic: string;
  /** Seconds, a multiple of 60. */
  readonly period: number;
}

export interface MetricPoint {
  /** Where its period begins. */
  readonly time: Date;
  readonly value: number;
}

export interface MetricWindow {
  /** Periods begin here: a multiple of the longest one. */
  readonly from: Date;
  readonly to: Date;
}

export interface Metrics {
  /** The points of each query, in their order, the oldest first; none where nothing was measured. */
  read(
    queries: readonly MetricQuery[],
    window: MetricWindow,
  ): Promise<readonly (readonly MetricPoint[])[]>;
}
