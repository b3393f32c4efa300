import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
} from "@aws-sdk/client-cloudwatch";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  after,
  CborCloudWatchClient,
  orders,
  queryOf,
  start,
  startMetrics,
} from "./metrics-bench.ts";

const authorization = `AWS4-HMAC-SHA256 Credential=a/20261125/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;

describe.each([
  ["JSON", CloudWatchClient],
  ["CBOR", CborCloudWatchClient],
])("a client that speaks %s", (_name, Client) => {
  test("writes, and reads statistics by period", async () => {
    const { put, statistics } = await startMetrics(Client);
    await put([orders(1, 3), orders(4, 5), orders(6, 1.5)]);
    const { Label, Datapoints = [] } = await statistics();
    expect(Label).toBe("Orders");
    expect(Datapoints).toEqual([
      {
        Timestamp: start,
        Unit: "Count",
        SampleCount: 2,
        Sum: 8,
        Average: 4,
        Minimum: 3,
        Maximum: 5,
      },
      {
        Timestamp: after(5),
        Unit: "Count",
        SampleCount: 1,
        Sum: 1.5,
        Average: 1.5,
        Minimum: 1.5,
        Maximum: 1.5,
      },
    ]);
  });

  test("is told what is wrong by the error that it knows", async () => {
    const { put, client } = await startMetrics(Client);
    await expect(put([orders(1, 1)], "AWS/Lambda")).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "The value AWS/Lambda for parameter Namespace is invalid.",
    });
    await expect(client.send(new ListMetricsCommand({ NextToken: "?" }))).rejects.toMatchObject({
      name: "InvalidParameterValueException",
    });
    await expect(
      client.send(new GetMetricDataCommand(queryOf({ NextToken: "?" }))),
    ).rejects.toMatchObject({ name: "InvalidNextToken", $metadata: { httpStatusCode: 400 } });
  });
});

test("a client that speaks the query protocol reads the same in XML", async () => {
  const { target, put } = await startMetrics();
  await put([orders(1, 3)]);
  const query = async (form: Record<string, string>) => {
    const response = await fetch(target.endpoint, {
      method: "POST",
      headers: {
        authorization,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ Version: "2010-08-01", ...form }),
    });
    return { status: response.status, text: await response.text() };
  };
  const found = await query({
    Action: "GetMetricStatistics",
    Namespace: "Shop",
    MetricName: "Orders",
    StartTime: start.toISOString(),
    EndTime: after(60).toISOString(),
    Period: "60",
    "Statistics.member.1": "Sum",
  });
  expect(found.status).toBe(200);
  expect(found.text).toContain("<Timestamp>2026-11-25T12:01:00Z</Timestamp>");
  expect(found.text).toContain("<Sum>3</Sum>");
  const refused = await query({
    Action: "PutMetricData",
    Namespace: "AWS/Lambda",
    "MetricData.member.1.MetricName": "m",
    "MetricData.member.1.Value": "1",
  });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain("<Code>InvalidParameterValue</Code>");
});

test("CBOR that is none, or nested without end, is refused as such", async () => {
  const { target } = await startMetrics();
  const answers = [
    Buffer.from([0x9b, 0, 0, 0, 255, 255, 255, 255, 255]),
    Buffer.alloc(200_000, 0x81),
  ].map(async (body) => {
    const response = await fetch(
      `${target.endpoint}/service/GraniteServiceVersion20100801/operation/ListMetrics`,
      { method: "POST", headers: { authorization, "smithy-protocol": "rpc-v2-cbor" }, body },
    );
    return [response.status, response.headers.get("x-amzn-query-error")];
  });
  expect(await Promise.all(answers)).toEqual([
    [400, "SerializationException;Sender"],
    [400, "SerializationException;Sender"],
  ]);
});

test("a compressed request is not inflated without bounds", async () => {
  const { target } = await startMetrics();
  const response = await fetch(target.endpoint, {
    method: "POST",
    headers: {
      authorization,
      "x-amz-target": "GraniteServiceVersion20100801.PutMetricData",
      "content-encoding": "gzip",
    },
    body: gzipSync(Buffer.alloc(64 * 1024 * 1024)),
  });
  expect(response.status).toBe(400);
  expect(response.headers.get("x-amzn-errortype")).toBe("RequestEntityTooLarge");
});
