import type {
  GetMetricDataInput,
  GetMetricStatisticsInput,
  ListMetricsInput,
  PutMetricDataInput,
} from "@aws-sdk/client-cloudwatch";
import type { CallContext, Service, TargetContext } from "../../service.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricStatistics } from "./get-metric-statistics.ts";
import { listMetrics } from "./list-metrics.ts";
import { MetricStore } from "./metric-store.ts";
import { putMetricData } from "./put-metric-data.ts";

/** Old points become part of longer periods this often. */
const compactEveryMs = 3_600_000;

/** CloudWatch's metrics. `path` is their database; `:memory:` keeps nothing. */
export function createMonitoringService(target: TargetContext, path: string): Service {
  const store = new MetricStore(path);
  let compacted = 0;
  const compact = () => {
    const now = target.clock.now().getTime();
    if (now - compacted < compactEveryMs) return;
    compacted = now;
    store.compact(Math.floor(now / 1000));
  };
  return {
    name: "monitoring",
    operations: {
      PutMetricData: async (input: PutMetricDataInput, context: CallContext) => {
        compact();
        return putMetricData(target, store, input, context);
      },
      GetMetricData: async (input: GetMetricDataInput, context: CallContext) =>
        getMetricData(target, store, input, context),
      GetMetricStatistics: async (input: GetMetricStatisticsInput, context: CallContext) =>
        getMetricStatistics(target, store, input, context),
      ListMetrics: async (input: ListMetricsInput, context: CallContext) =>
        listMetrics(target, store, input, context),
    },
    close: async () => store.close(),
  };
}
