import type {
  DimensionFilter,
  ListMetricsInput,
  ListMetricsOutput,
} from "@aws-sdk/client-cloudwatch";
import type { CallContext, TargetContext } from "../../service.ts";
import type { MetricStore, StoredMetric } from "./metric-store.ts";
import { invalidValue } from "./monitoring-errors.ts";
import { offsetOf, tokenOf } from "./next-token.ts";

/** CloudWatch API reference, ListMetrics: metrics of one answer, and how long a metric without data is listed. */
const pageSize = 500;
const listedSeconds = 14 * 86_400;
const recentlySeconds = 3 * 3600;

export function listMetrics(
  target: TargetContext,
  store: MetricStore,
  input: ListMetricsInput,
  context: CallContext,
): ListMetricsOutput {
  const { RecentlyActive, NextToken } = input;
  if (RecentlyActive !== undefined && RecentlyActive !== "PT3H")
    throw invalidValue(
      `The value ${String(RecentlyActive)} for parameter RecentlyActive is invalid.`,
    );
  const now = Math.floor(target.clock.now().getTime() / 1000);
  const since = now - (RecentlyActive ? recentlySeconds : listedSeconds);
  const found = store.metrics(context.region, since).filter((metric) => matches(metric, input));
  const from = offsetOf(NextToken, () =>
    // Its model declares no other error for it.
    invalidValue("The value for parameter NextToken is invalid."),
  );
  const page = found.slice(from, from + pageSize);
  return {
    Metrics: page.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: [...dimensions],
    })),
    ...(input.IncludeLinkedAccounts ? { OwningAccounts: page.map(() => context.accountId) } : {}),
    ...(from + pageSize < found.length ? { NextToken: tokenOf(from + pageSize) } : {}),
  };
}

function matches(
  { namespace, name, dimensions }: StoredMetric,
  { Namespace, MetricName, Dimensions = [] }: ListMetricsInput,
): boolean {
  return (
    (Namespace === undefined || namespace === Namespace) &&
    (MetricName === undefined || name === MetricName) &&
    Dimensions.every((filter) => dimensions.some((dimension) => fits(dimension, filter)))
  );
}

const fits = (
  dimension: { readonly Name: string; readonly Value: string },
  { Name, Value }: DimensionFilter,
) => dimension.Name === Name && (Value === undefined || dimension.Value === Value);
