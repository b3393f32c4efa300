import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";

import { once } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { MetricPoint, MetricQuery, Metrics, MetricWindow } from "./ports.ts";

/** Queries of one request (CloudWatch API reference, GetMetricData). */
const maxQueries = 500;

export function createMetrics(connection: Connection): Metrics {
  const cloudWatch = once(() => cloudWatchClient(connection));
  return {
    read: (queries, window) =>
      explained(connection.target, () => read(queries, window, cloudWatch)),
  };
}

async function cloudWatchClient(connection: Connection) {
  const [sdk, settings] = await Promise.all([import("./sdk/cloudwatch.ts"), connection.settings()]);
  return { sdk, client: new sdk.CloudWatchClient(settings) };
}

type CloudWatchConnection = () => ReturnType<typeof cloudWatchClient>;

async function read(
  queries: readonly MetricQuery[],
  window: MetricWindow,
  cloudWatch: CloudWatchConnection,
): Promise<readonly (readonly MetricPoint[])[]> {
  const parts: (readonly MetricQuery[])[] = [];
  for (let from = 0; from < queries.length; from += maxQueries)
    parts.push(queries.slice(from, from + maxQueries));
  const found = await Promise.all(parts.map((part) => readPart(part, window, cloudWatch)));
  return found.flat();
}

async function readPart(
  queries: readonly MetricQuery[],
  { from, to }: MetricWindow,
  cloudWatch: CloudWatchConnection,
): Promise<readonly (readonly MetricPoint[])[]> {
  const { sdk, client } = await cloudWatch();
  const series = queries.map((): MetricPoint[] => []);
  const pages = sdk.paginateGetMetricData(
    { client },
    {
      MetricDataQueries: queries.map(toQuery),
      StartTime: from,
      EndTime: to,
      ScanBy: "TimestampAscending",
    },
  );
  for await (const page of pages) {
    for (const { Id = "", Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const points = Timestamps.map((time, index) => ({ time, value: Values[index] ?? 0 }));
      series[Number(Id.slice(1))]?.push(...points);
    }
  }
  return series;
}

function toQuery(query: MetricQuery, index: number): MetricDataQuery {
  const { name, dimensions, statistic, period } = query;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    Id: `m${index}`,
    MetricStat: {
      Metric: { Namespace: "AWS/Lambda", MetricName: name, Dimensions },
      Period: period,
      Stat: statistic,
    },
  };
}
