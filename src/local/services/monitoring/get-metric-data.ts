import type {
  GetMetricDataInput,
  GetMetricDataOutput,
  MetricDataQuery,
  MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import type { CallContext, TargetContext } from "../../service.ts";
import type { MetricStore } from "./metric-store.ts";
import { invalidNextToken, notImplementedHere, validationError } from "./monitoring-errors.ts";
import { offsetOf, tokenOf } from "./next-token.ts";
import { checkPeriod, checkUnit, series } from "./series.ts";
import { statistic } from "./statistics.ts";

/** CloudWatch API reference, GetMetricData. */
const maxQueries = 500;
const maxDatapoints = 100_800;

interface Series {
  readonly id: string;
  readonly label: string;
  readonly timestamps: readonly Date[];
  readonly values: readonly number[];
}

export function getMetricData(
  target: TargetContext,
  store: MetricStore,
  input: GetMetricDataInput,
  context: CallContext,
): GetMetricDataOutput {
  const queries = input.MetricDataQueries ?? [];
  checkQueries(queries);
  const range = rangeOf(input);
  const found = queries
    .filter(({ ReturnData }) => ReturnData !== false)
    .map((query) => read(target, store, query, { ...range, scanBy: input.ScanBy }, context));
  return pageOf(found, input);
}

function rangeOf({ StartTime, EndTime }: GetMetricDataInput): { start: Date; end: Date } {
  const start = StartTime ?? new Date(0);
  const end = EndTime ?? new Date(0);
  if (!(start < end))
    throw validationError("The parameter StartTime must be less than the parameter EndTime.");
  return { start, end };
}

function checkQueries(queries: readonly MetricDataQuery[]): void {
  if (queries.length > maxQueries)
    throw validationError(
      `The collection MetricDataQueries must not have a size greater than ${maxQueries}.`,
    );
  const seen = new Set<string>();
  for (const [index, { Id = "", MetricStat, Expression }] of queries.entries()) {
    const parameter = `MetricDataQueries.member.${index + 1}`;
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id))
      throw validationError(
        `The value ${Id} for parameter ${parameter}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    if (seen.has(Id))
      throw validationError(`The values for parameter id in MetricDataQueries are not unique.`);
    seen.add(Id);
    if (Expression !== undefined) throw notImplementedHere("expressions in GetMetricData");
    if (!MetricStat)
      throw validationError(
        `Exactly one of MetricStat and Expression must be specified for ${parameter}.`,
      );
    checkPeriod(MetricStat.Period ?? 0, `${parameter}.MetricStat.Period`);
    checkUnit(MetricStat.Unit, `${parameter}.MetricStat.Unit`);
  }
}

function read(
  target: TargetContext,
  store: MetricStore,
  { Id: id = "", MetricStat, Label }: MetricDataQuery,
  range: { readonly start: Date; readonly end: Date; readonly scanBy: string | undefined },
  context: CallContext,
): Series {
  const { Metric = {}, Period: period = 60, Stat = "", Unit: unit } = MetricStat ?? {};
  const { Namespace: namespace = "", MetricName: name = "", Dimensions: dimensions = [] } = Metric;
  const calculate = statistic(Stat, "MetricStat.Stat");
  const { start, end } = range;
  const request = { namespace, name, dimensions, start, end, period, unit };
  const buckets = series(target, store, request, context);
  // A metric has one unit; where it was written with several, they cannot be one line.
  const [first] = buckets;
  const points = buckets
    .filter((bucket) => bucket.unit === first?.unit)
    .flatMap(({ at, values }) => {
      const value = calculate(values);
      return value === undefined ? [] : [{ at, value }];
    });
  const ordered = range.scanBy === "TimestampAscending" ? points : points.toReversed();
  return {
    id,
    label: Label ?? name,
    timestamps: ordered.map(({ at }) => at),
    values: ordered.map(({ value }) => value),
  };
}

/** As many data points as one answer may have, of one series after the other. */
function pageOf(all: readonly Series[], input: GetMetricDataInput): GetMetricDataOutput {
  const size = Math.min(input.MaxDatapoints ?? maxDatapoints, maxDatapoints);
  const from = offsetOf(input.NextToken, invalidNextToken);
  let before = 0;
  const results = all.flatMap(({ id, label, timestamps, values }): MetricDataResult[] => {
    const begin = Math.max(0, from - before);
    const end = Math.min(values.length, from + size - before);
    before += values.length;
    // Told on an earlier page, or to be told on a later one; a series without points is told on the first.
    if (values.length > 0 ? begin >= values.length || end <= 0 : from > 0) return [];
    return [
      {
        Id: id,
        Label: label,
        Timestamps: timestamps.slice(begin, end),
        Values: values.slice(begin, end),
        StatusCode: end < values.length ? "PartialData" : "Complete",
      },
    ];
  });
  const more = from + size < before;
  return {
    MetricDataResults: results,
    Messages: [],
    ...(more ? { NextToken: tokenOf(from + size) } : {}),
  };
}
