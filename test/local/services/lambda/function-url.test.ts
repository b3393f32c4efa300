import { describe, expect, test } from "vitest";
import { providerArn } from "./lambda-bench.ts";
import { startUrl } from "./url-bench.ts";

test("the event is payload format 2.0", async () => {
  const { send: call, hostname, port } = await startUrl();
  const { value } = await call("/event/a%20b?x=1&x=2&y=%C3%A4&z", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      cookie: "a=1; b=2",
      "x-many": ["1", "2"],
      "user-agent": "a test",
    },
    body: '{"order":7}',
  });
  expect(value).toMatchObject({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/event/a%20b",
    rawQueryString: "x=1&x=2&y=%C3%A4&z",
    cookies: ["a=1", "b=2"],
    queryStringParameters: { x: "1,2", y: "ä", z: "" },
    headers: {
      host: `${hostname}:${port}`,
      "x-many": "1, 2",
      "x-forwarded-proto": "http",
      "x-forwarded-port": String(port),
    },
    requestContext: {
      accountId: "anonymous",
      apiId: hostname.split(".")[0],
      domainName: hostname,
      domainPrefix: hostname.split(".")[0],
      http: {
        method: "POST",
        path: "/event/a%20b",
        protocol: "HTTP/1.1",
        sourceIp: "127.0.0.1",
        userAgent: "a test",
      },
      stage: "$default",
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    body: '{"order":7}',
    isBase64Encoded: false,
  });
  expect(value.headers).not.toHaveProperty("cookie");
  expect(value.requestContext).not.toHaveProperty("authorizer");
  const binary = await call("/event", {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: Buffer.from([0, 255]),
  });
  expect(binary.value).toMatchObject({ body: "AP8=", isBase64Encoded: true });
  const none = await call("/event");
  expect(none.value).not.toHaveProperty("body");
  expect(none.value).not.toHaveProperty("cookies");
  expect(none.value).not.toHaveProperty("queryStringParameters");
});

describe("the answer", () => {
  test("is what the function says, or what is made of it", async () => {
    const { send: call } = await startUrl();
    const inferred = { "content-type": "application/json" };
    expect(await call("/text")).toMatchObject({ status: 200, headers: inferred });
    expect((await call("/text")).body.toString()).toBe('"Hello, world!"');
    expect((await call("/json")).body.toString()).toBe('{"message":"Hello, world!"}');
    expect((await call("/nothing")).body.toString()).toBe("null");
    const created = await call("/created");
    expect(created).toMatchObject({
      status: 201,
      headers: {
        "content-type": "text/html",
        "x-number": "7",
        "set-cookie": ["a=1; HttpOnly", "b=2"],
        "x-amzn-requestid": expect.any(String),
      },
      value: "<p>made</p>",
    });
    expect(created.headers).not.toHaveProperty("transfer-encoding");
    expect([...(await call("/binary")).body]).toEqual([0, 255, 1]);
    expect(await call("/empty")).toMatchObject({ status: 204, value: "" });
  });

  test("is 502 where the function failed or said nothing that can be sent", async () => {
    const { send: call } = await startUrl({}, { Timeout: 1 });
    for (const path of ["injected", "wrongStatus", "wrongBody", "fails", "large", "sleeps"]) {
      expect(await call(`/${path}`), path).toMatchObject({
        status: 502,
        value: "Internal Server Error",
      });
    }
  });

  test("is 413 for what is too large, and 429 where no environment has room", async () => {
    const { send: call, lambda } = await startUrl(
      {},
      {
        CapacityProviderConfig: {
          LambdaManagedInstancesCapacityProviderConfig: {
            CapacityProviderArn: providerArn,
            PerExecutionEnvironmentMaxConcurrency: 1,
          },
        },
        Timeout: 900,
      },
    );
    const large = { method: "POST", body: Buffer.alloc(6 * 1024 * 1024 + 1) };
    expect((await call("/event", large)).status).toBe(413);
    // Base64 and the event around it count as well.
    const inEvent = { method: "POST", body: Buffer.alloc(5 * 1024 * 1024) };
    expect((await call("/event", inEvent)).status).toBe(413);
    await lambda.call("PutFunctionScalingConfig", {
      FunctionName: "f",
      Qualifier: "$LATEST.PUBLISHED",
      FunctionScalingConfig: { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 1 },
    });
    await lambda.settled();
    const busy = call("/sleeps").catch(() => undefined);
    await expect.poll(async () => (await call("/json")).status, { timeout: 10_000 }).toBe(429);
    await lambda.service().close?.();
    await busy;
  });
});

describe("a streamed answer", () => {
  test("comes as the function writes it, with its head", async () => {
    const { send: call } = await startUrl(
      { InvokeMode: "RESPONSE_STREAM" },
      { Handler: "web.streaming" },
    );
    expect(await call("/plain")).toMatchObject({
      status: 200,
      headers: { "content-type": "text/plain", "transfer-encoding": "chunked" },
      value: "one two",
    });
    expect(await call("/html")).toMatchObject({
      status: 203,
      headers: { "content-type": "text/html", "x-a": "1", "set-cookie": ["a=1"] },
      value: "<p>streamed</p>",
    });
    expect(await call("/failsAtOnce")).toMatchObject({ status: 502 });
    await expect(call("/breaks")).rejects.toThrow(/aborted|socket hang up/);
  });

  test("of a function that does not stream is its payload", async () => {
    const { send: call } = await startUrl({ InvokeMode: "RESPONSE_STREAM" });
    expect((await call("/created")).value).toMatchObject({ statusCode: 201 });
    expect((await call("/fails")).status).toBe(502);
  });
});
