import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
  type CloudWatchClientConfig,
  type MetricDatum,
} from "@aws-sdk/client-cloudwatch";
import { SmithyRpcV2CborProtocol } from "@smithy/core/cbor";
import { startTestTarget, type TestTargetOptions } from "../../../helpers/local-target.ts";
import { manualClock } from "../../../helpers/manual-clock.ts";

export const start = new Date("2026-11-25T12:00:00Z");
export const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

/** The form of a client that speaks CBOR. */
export class CborCloudWatchClient extends CloudWatchClient {
  constructor(settings: CloudWatchClientConfig) {
    super({ ...settings, protocol: SmithyRpcV2CborProtocol });
  }
}

export async function startMetrics(
  Client: typeof CloudWatchClient | typeof CborCloudWatchClient = CloudWatchClient,
  options: TestTargetOptions = {},
) {
  const clock = manualClock("2026-11-25T13:00:00Z");
  const target = await startTestTarget({ clock, ...options });
  const client = target.client(Client);
  const put = (data: readonly MetricDatum[], Namespace = "Shop") =>
    client.send(new PutMetricDataCommand({ Namespace, MetricData: [...data] }));
  const statistics = (more: object = {}) =>
    client.send(
      new GetMetricStatisticsCommand({
        Namespace: "Shop",
        MetricName: "Orders",
        StartTime: start,
        EndTime: after(60),
        Period: 300,
        Statistics: ["SampleCount", "Sum", "Average", "Minimum", "Maximum"],
        ...more,
      }),
    );
  return { target, clock, client, put, statistics };
}

export const orders = (minute: number, Value: number, more: object = {}): MetricDatum => ({
  MetricName: "Orders",
  Timestamp: after(minute),
  Value,
  Unit: "Count",
  ...more,
});
export const queryOf = (more: object, period = 60, stat = "Sum") => ({
  StartTime: start,
  EndTime: after(60),
  MetricDataQueries: [
    {
      Id: "a",
      MetricStat: {
        Metric: { Namespace: "Shop", MetricName: "Orders" },
        Period: period,
        Stat: stat,
      },
    },
  ],
  ...more,
});
