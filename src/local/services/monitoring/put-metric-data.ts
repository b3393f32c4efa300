import type { MetricDatum, PutMetricDataInput } from "@aws-sdk/client-cloudwatch";
import type { CallContext, TargetContext } from "../../service.ts";
import type { Distribution } from "./distribution.ts";
import { distributionOf, distributionOfAll } from "./distribution.ts";
import type { MetricName, MetricStore, Point } from "./metric-store.ts";
import { invalidCombination, invalidValue } from "./monitoring-errors.ts";
import { units } from "./units.ts";

/** CloudWatch user guide, cloudwatch_limits: data points, values of one data point, dimensions. */
const maxData = 1000;
const maxValues = 150;
const maxDimensions = 30;
/** A time stamp may lie two weeks in the past and two hours in the future (CloudWatch API reference, PutMetricData). */
const maxPastMs = 14 * 86_400_000;
const maxFutureMs = 2 * 3_600_000;

export function putMetricData(
  target: TargetContext,
  store: MetricStore,
  input: PutMetricDataInput,
  context: CallContext,
): object {
  const { Namespace: namespace = "" } = input;
  checkNamespace(namespace, context);
  const data = [
    ...(input.MetricData ?? []),
    ...(input.EntityMetricData ?? []).flatMap(({ MetricData = [] }) => MetricData),
  ];
  if (data.length > maxData)
    throw invalidValue(`The collection MetricData must not have a size greater than ${maxData}.`);
  const now = target.clock.now();
  const points = data.map((datum, index) => {
    const parameter = `MetricData.member.${index + 1}`;
    return {
      metric: metricOf(namespace, datum, parameter),
      point: pointOf(datum, parameter, now),
    };
  });
  store.add(context.region, points);
  return {};
}

/** Namespaces of AWS are written by its services alone. */
function checkNamespace(namespace: string, { accessKeyId }: CallContext): void {
  const ofAws = namespace.startsWith("AWS/") && !accessKeyId.endsWith(".amazonaws.com");
  if (ofAws || namespace.startsWith(":"))
    throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
}

function metricOf(
  namespace: string,
  { MetricName: name = "", Dimensions = [] }: MetricDatum,
  parameter: string,
): MetricName {
  if (Dimensions.length > maxDimensions)
    throw invalidValue(
      `The collection ${parameter}.Dimensions must not have a size greater than ${maxDimensions}.`,
    );
  const dimensions = Dimensions.map(({ Name = "", Value = "" }) => ({ Name, Value }));
  return { namespace, name, dimensions };
}

function pointOf(datum: MetricDatum, parameter: string, now: Date): Point {
  const { Unit: unit = "None", Timestamp = now, StorageResolution = 60 } = datum;
  if (!units.has(unit))
    throw invalidValue(`The value ${unit} for parameter ${parameter}.Unit is invalid.`);
  if (StorageResolution !== 1 && StorageResolution !== 60)
    throw invalidValue(
      `The value ${StorageResolution} for parameter ${parameter}.StorageResolution is invalid.`,
    );
  const age = now.getTime() - Timestamp.getTime();
  if (age > maxPastMs || -age > maxFutureMs)
    throw invalidValue(
      `The parameter ${parameter}.Timestamp must specify a time no more than two weeks in the past and two hours in the future.`,
    );
  const seconds = Math.floor(Timestamp.getTime() / 1000);
  return {
    at: seconds - (seconds % StorageResolution),
    period: StorageResolution,
    unit,
    values: valuesOf(datum, parameter),
  };
}

function valuesOf(datum: MetricDatum, parameter: string): Distribution {
  const { Value, Values, Counts, StatisticValues } = datum;
  const given = [Value, Values, StatisticValues].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw invalidCombination(
      `The parameters ${parameter}.Value, ${parameter}.Values and ${parameter}.StatisticValues are mutually exclusive, and one of them must be specified.`,
    );
  if (StatisticValues) {
    const { SampleCount = 0, Sum = 0, Minimum = 0, Maximum = 0 } = StatisticValues;
    for (const value of [SampleCount, Sum, Minimum, Maximum])
      checkNumber(value, `${parameter}.StatisticValues`);
    const buckets = SampleCount === 1 ? distributionOf(Sum).buckets : undefined;
    return { count: SampleCount, sum: Sum, min: Minimum, max: Maximum, buckets };
  }
  if (Value !== undefined) return distributionOf(checkNumber(Value, `${parameter}.Value`));
  return manyValues(Values ?? [], Counts, parameter);
}

function manyValues(
  values: readonly number[],
  counts: readonly number[] | undefined,
  parameter: string,
): Distribution {
  if (counts && counts.length !== values.length)
    throw invalidCombination(
      `The parameters ${parameter}.Values and ${parameter}.Counts must be of the same size.`,
    );
  if (values.length === 0 || values.length > maxValues)
    throw invalidValue(
      `The collection ${parameter}.Values must have a size between 1 and ${maxValues}.`,
    );
  return distributionOfAll(
    values.map((value, index) => [checkNumber(value, `${parameter}.Values`), counts?.[index] ?? 1]),
  );
}

/** CloudWatch refuses what is no number, and what is beyond 2^360 (CloudWatch API reference, MetricDatum). */
function checkNumber(value: number, parameter: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > 2 ** 360)
    throw invalidValue(`The value ${value} for parameter ${parameter} is invalid.`);
  return value;
}
