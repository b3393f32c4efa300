import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { TargetContext } from "../../service.ts";
import { ownCall } from "./lambda-context.ts";

export interface MetricWriter {
  write(region: string, data: readonly MetricDatum[]): Promise<void>;
}

/** Data points of one PutMetricData (CloudWatch user guide, cloudwatch_limits). */
const maxData = 1000;

/** Writes to the namespace of Lambda. Trouble with metrics is told in the target's log: it never fails a request. */
export function metricWriter(target: TargetContext): MetricWriter {
  return {
    write: async (region, data) => {
      try {
        for (let from = 0; from < data.length; from += maxData) {
          const MetricData = data.slice(from, from + maxData);
          const input = { Namespace: "AWS/Lambda", MetricData };
          await target.call("monitoring", "PutMetricData", input, ownCall(target, region));
        }
      } catch (error) {
        target.log(`Metrics were lost: ${String(error)}`);
      }
    },
  };
}
