import type {
  Datapoint,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
} from "@aws-sdk/client-cloudwatch";
import type { CallContext, TargetContext } from "../../service.ts";
import type { MetricStore } from "./metric-store.ts";
import { invalidCombination, invalidValue } from "./monitoring-errors.ts";
import type { Bucket } from "./series.ts";
import { checkPeriod, checkUnit, series } from "./series.ts";
import { isSimple, statistic } from "./statistics.ts";

/** Data points of one answer (CloudWatch API reference, GetMetricStatistics). */
const maxDatapoints = 1440;

export function getMetricStatistics(
  target: TargetContext,
  store: MetricStore,
  input: GetMetricStatisticsInput,
  context: CallContext,
): GetMetricStatisticsOutput {
  const { Namespace = "", MetricName = "", Dimensions = [], Period = 60, Unit } = input;
  const { StartTime: start = new Date(0), EndTime: end = new Date(0) } = input;
  const names = { simple: input.Statistics ?? [], extended: input.ExtendedStatistics ?? [] };
  checkStatistics(names);
  checkPeriod(Period, "Period");
  checkUnit(Unit, "Unit");
  if (!(start < end))
    throw invalidCombination("The parameter StartTime must be less than the parameter EndTime.");
  const wanted = Math.ceil((end.getTime() - start.getTime()) / 1000 / Period);
  if (wanted > maxDatapoints) {
    // Observed text of the CloudWatch API.
    throw invalidCombination(
      `You have requested up to ${wanted.toLocaleString("en-US")} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  const buckets = series(
    target,
    store,
    {
      namespace: Namespace,
      name: MetricName,
      dimensions: Dimensions,
      start,
      end,
      period: Period,
      unit: Unit,
    },
    context,
  );
  return {
    Label: MetricName,
    Datapoints: buckets.flatMap((bucket) => datapoint(bucket, names) ?? []),
  };
}

interface StatisticNames {
  readonly simple: readonly string[];
  readonly extended: readonly string[];
}

function checkStatistics({ simple, extended }: StatisticNames): void {
  if (simple.length === 0 && extended.length === 0)
    throw invalidCombination(
      "At least one of Statistics and ExtendedStatistics must be specified.",
    );
  const unknown = simple.find((name) => !isSimple(name));
  if (unknown !== undefined)
    throw invalidValue(
      `The value ${unknown} for parameter Statistics.member.${simple.indexOf(unknown) + 1} is invalid.`,
    );
  for (const [index, name] of extended.entries())
    statistic(name, `ExtendedStatistics.member.${index + 1}`);
}

/** Nothing where only percentiles are wanted of values that were never known. */
function datapoint(
  { at, unit, values }: Bucket,
  { simple, extended }: StatisticNames,
): Datapoint | undefined {
  const point = Object.fromEntries(simple.map((name) => [name, statistic(name, "")(values)]));
  const percentiles = extended.flatMap((name) => {
    const value = statistic(name, "")(values);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (simple.length === 0 && percentiles.length === 0) return undefined;
  return {
    Timestamp: at,
    Unit: unit as NonNullable<Datapoint["Unit"]>,
    ...point,
    ...(percentiles.length > 0 ? { ExtendedStatistics: Object.fromEntries(percentiles) } : {}),
  };
}
