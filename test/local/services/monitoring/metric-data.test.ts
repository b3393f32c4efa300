import { GetMetricDataCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { describe, expect, test } from "vitest";
import { after, orders, queryOf, start, startMetrics } from "./metrics-bench.ts";

const shopOf = (index: number) => [{ Name: "Shop", Value: String(index) }];

describe("GetMetricData", () => {
  test("answers several metrics, in either order of time", async () => {
    const { put, client } = await startMetrics();
    await put([orders(1, 1), orders(2, 2), orders(1, 10, { MetricName: "Refunds" })]);
    const queries = ["Orders", "Refunds", "Nothing"].map((MetricName, index) => ({
      Id: `m${index}`,
      Label: index === 1 ? "Money back" : undefined,
      MetricStat: { Metric: { Namespace: "Shop", MetricName }, Period: 60, Stat: "Sum" },
    }));
    const read = (ScanBy?: "TimestampAscending") =>
      client.send(new GetMetricDataCommand(queryOf({ MetricDataQueries: queries, ScanBy })));
    expect((await read()).MetricDataResults).toEqual([
      {
        Id: "m0",
        Label: "Orders",
        Timestamps: [after(2), after(1)],
        Values: [2, 1],
        StatusCode: "Complete",
      },
      {
        Id: "m1",
        Label: "Money back",
        Timestamps: [after(1)],
        Values: [10],
        StatusCode: "Complete",
      },
      { Id: "m2", Label: "Nothing", Timestamps: [], Values: [], StatusCode: "Complete" },
    ]);
    expect((await read("TimestampAscending")).MetricDataResults?.[0]?.Values).toEqual([1, 2]);
  });

  test("goes on where a page ended", async () => {
    const { put, client } = await startMetrics();
    await put(Array.from({ length: 7 }, (_, minute) => orders(minute, minute)));
    const values: number[] = [];
    const states: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new GetMetricDataCommand(
          queryOf({ NextToken, MaxDatapoints: 3, ScanBy: "TimestampAscending" }),
        ),
      );
      values.push(...(page.MetricDataResults?.[0]?.Values ?? []));
      states.push(page.MetricDataResults?.[0]?.StatusCode);
      ({ NextToken } = page);
    } while (NextToken);
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(states).toEqual(["PartialData", "PartialData", "Complete"]);
  });

  test.each([
    [{ MetricDataQueries: [{ Id: "A" }] }, "ValidationException", "pattern"],
    [{ MetricDataQueries: [{ Id: "a" }] }, "ValidationException", "Exactly one of"],
    [{ MetricDataQueries: [{ Id: "a", Expression: "a*2" }] }, "NotImplemented", "expressions"],
    [{ EndTime: start }, "ValidationException", "StartTime must be less"],
  ])("refuses %o", async (input, name, message) => {
    const { client } = await startMetrics();
    await expect(client.send(new GetMetricDataCommand(queryOf(input)))).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });
});

describe("ListMetrics", () => {
  test("filters, pages, and forgets what has had no data for two weeks", async () => {
    const { put, client, clock } = await startMetrics();
    for (const from of [0, 300])
      await put(
        Array.from({ length: 300 }, (_, index) =>
          orders(1, 1, { Dimensions: shopOf(from + index) }),
        ),
      );
    const list = (input: object = {}) => client.send(new ListMetricsCommand(input));
    const first = await list();
    expect(first.Metrics).toHaveLength(500);
    expect((await list({ NextToken: first.NextToken })).Metrics).toHaveLength(100);
    expect((await list({ Dimensions: shopOf(7) })).Metrics).toEqual([
      { Namespace: "Shop", MetricName: "Orders", Dimensions: shopOf(7) },
    ]);
    expect((await list({ Dimensions: [{ Name: "Shop" }], MetricName: "None" })).Metrics).toEqual(
      [],
    );
    expect((await list({ RecentlyActive: "PT3H" })).Metrics).toHaveLength(500);
    await clock.advance(4 * 3_600_000);
    expect((await list({ RecentlyActive: "PT3H" })).Metrics).toEqual([]);
    expect((await list({ Namespace: "Shop" })).Metrics).toHaveLength(500);
    await clock.advance(15 * 86_400_000);
    expect((await list()).Metrics).toEqual([]);
  });
});
