import {
  CreateIntegrationCommand,
  UpdateApiCommand,
  UpdateIntegrationCommand,
} from "@aws-sdk/client-apigatewayv2";
import { describe, expect, test } from "vitest";
import { manualClock } from "../../../helpers/manual-clock.ts";
import { startApi } from "./api-bench.ts";

test("the event is payload format 2.0 with route, stage and path parameters", async () => {
  const { send, hostname, ApiId } = await startApi({ routes: ["POST /orders/{id}"] });
  const { status, value, headers } = await send("/orders/a%20b?x=1&x=2", {
    method: "POST",
    headers: { "content-type": "application/json", cookie: "a=1" },
    body: '{"order":7}',
  });
  expect(status).toBe(200);
  expect(headers["apigw-requestid"]).toEqual(expect.any(String));
  expect(value).toMatchObject({
    version: "2.0",
    routeKey: "POST /orders/{id}",
    rawPath: "/orders/a%20b",
    rawQueryString: "x=1&x=2",
    cookies: ["a=1"],
    queryStringParameters: { x: "1,2" },
    pathParameters: { id: "a b" },
    requestContext: {
      accountId: "000000000000",
      apiId: ApiId,
      domainName: hostname,
      domainPrefix: ApiId,
      http: { method: "POST", path: "/orders/a%20b" },
      routeKey: "POST /orders/{id}",
      stage: "$default",
    },
    body: '{"order":7}',
    isBase64Encoded: false,
  });
});

describe("what is not there", () => {
  test("a path without a route", async () => {
    const { send } = await startApi({ routes: ["GET /orders"] });
    expect(await send("/other")).toMatchObject({ status: 404, value: { message: "Not Found" } });
    expect(await send("/orders", { method: "POST" })).toMatchObject({ status: 404 });
  });

  test("an API that nobody made", async () => {
    const { send } = await startApi({ routes: ["$default"] });
    const host = "abcdefghij.execute-api.us-east-1.localhost";
    expect(await send("/", { host })).toMatchObject({ status: 404 });
  });

  test("an API whose own endpoint is disabled, until it is enabled", async () => {
    const { send, client, ApiId } = await startApi({
      routes: ["$default"],
      api: { DisableExecuteApiEndpoint: true },
    });
    expect(await send("/")).toMatchObject({ status: 404, value: { message: "Not Found" } });
    await client.send(new UpdateApiCommand({ ApiId, DisableExecuteApiEndpoint: false }));
    expect(await send("/")).toMatchObject({ status: 200 });
  });

  test("a stage that was never deployed", async () => {
    const { send } = await startApi({ routes: ["$default"], stages: [] });
    expect(await send("/")).toMatchObject({ status: 404, value: { message: "Not Found" } });
  });
});

test("a named stage is the beginning of the path, and routes are below it", async () => {
  const { send } = await startApi({ routes: ["GET /orders"], stages: ["prod"] });
  expect((await send("/prod/orders")).value).toMatchObject({
    rawPath: "/prod/orders",
    requestContext: { stage: "prod", routeKey: "GET /orders" },
  });
  expect(await send("/orders")).toMatchObject({ status: 404 });
});

describe("the answer", () => {
  test("is what the function says", async () => {
    const { send } = await startApi({
      routes: ["$default"],
      answer: () => ({ statusCode: 201, headers: { "x-a": "1" }, cookies: ["c=1"], body: "made" }),
    });
    const answer = await send("/");
    expect(answer).toMatchObject({ status: 201, headers: { "x-a": "1", "set-cookie": ["c=1"] } });
    expect(answer.body.toString()).toBe("made");
  });

  test("is 500 when the function fails or answers nonsense", async () => {
    const { send } = await startApi({
      routes: ["$default"],
      answer: ({ rawPath }) => {
        if (rawPath === "/fails") throw new Error("no");
        return { statusCode: 9000 };
      },
    });
    const failed = { status: 500, value: { message: "Internal Server Error" } };
    expect(await send("/fails")).toMatchObject(failed);
    expect(await send("/nonsense")).toMatchObject(failed);
  });

  test("is 503 after 30 seconds", async () => {
    const clock = manualClock();
    const { promise: waiting, resolve: asked } = Promise.withResolvers<void>();
    const { send } = await startApi({
      routes: ["$default"],
      clock,
      answer: () => {
        asked();
        return new Promise(() => undefined);
      },
    });
    const answer = send("/");
    await waiting;
    await clock.advance(30_000);
    expect(await answer).toMatchObject({ status: 503, value: { message: "Service Unavailable" } });
  });
});

test("CORS settings answer preflights and replace the function's own headers", async () => {
  const { send } = await startApi({
    routes: ["GET /orders"],
    api: { CorsConfiguration: { AllowOrigins: ["https://*"], AllowMethods: ["GET"], MaxAge: 60 } },
    answer: () => ({ statusCode: 200, headers: { "access-control-allow-origin": "http://own" } }),
  });
  const preflight = await send("/anything", {
    method: "OPTIONS",
    headers: { origin: "https://a.example", "access-control-request-method": "GET" },
  });
  expect(preflight).toMatchObject({
    status: 204,
    headers: {
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-methods": "GET",
      "access-control-max-age": "60",
    },
  });
  const allowed = await send("/orders", { headers: { origin: "https://a.example" } });
  expect(allowed.headers["access-control-allow-origin"]).toBe("https://a.example");
  const other = await send("/orders", { headers: { origin: "http://a.example" } });
  expect(other.headers).not.toHaveProperty("access-control-allow-origin");
});

describe("routes with IAM", () => {
  const routes = [{ RouteKey: "GET /orders", AuthorizationType: "AWS_IAM" as const }];
  const scope = "lmi-local/20261125/us-east-1/execute-api/aws4_request";
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`;

  test("take requests signed for execute-api", async () => {
    const { send } = await startApi({ routes });
    expect(await send("/orders")).toMatchObject({ status: 403, value: { message: "Forbidden" } });
    const other = authorization.replace("execute-api", "lambda");
    expect(await send("/orders", { headers: { authorization: other } })).toMatchObject({
      status: 403,
    });
    const { value } = await send("/orders", { headers: { authorization } });
    expect(value.requestContext.authorizer.iam).toMatchObject({ accessKey: "lmi-local" });
  });

  test("take none that a web page could have made up", async () => {
    const { send } = await startApi({
      routes,
      api: { CorsConfiguration: { AllowOrigins: ["https://*"] } },
    });
    const headers = { authorization, origin: "https://a.example" };
    expect(await send("/orders", { headers })).toMatchObject({ status: 403 });
  });
});

test("what only API Gateway can do is refused by name", async () => {
  const { send } = await startApi({
    routes: [{ RouteKey: "GET /orders", AuthorizationType: "JWT", AuthorizerId: "abc" }],
  });
  expect(await send("/orders")).toMatchObject({
    status: 501,
    value: { message: expect.stringContaining("JWT") },
  });
});

test("requests for AWS's APIs never go to a URL of an HTTP API", async () => {
  const { send } = await startApi({ routes: ["GET /orders"] });
  const scope = "lmi-local/20261125/us-east-1/sts/aws4_request";
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${"0".repeat(64)}`;
  const answer = await send("/?Action=GetCallerIdentity", {
    method: "POST",
    headers: { authorization },
  });
  expect(answer).toMatchObject({ status: 404 });
});

test.each([0, 49, 30_001])("an integration may not take %d ms", async (TimeoutInMillis) => {
  const { client, ApiId } = await startApi({ routes: [] });
  const IntegrationType = "AWS_PROXY" as const;
  const { IntegrationId } = await client.send(
    new CreateIntegrationCommand({ ApiId, IntegrationType, TimeoutInMillis: 50 }),
  );
  const made = { ApiId, IntegrationType, TimeoutInMillis };
  await expect(client.send(new CreateIntegrationCommand(made))).rejects.toThrow(/50 ms and 30000/);
  const changed = { ApiId, IntegrationId, TimeoutInMillis };
  await expect(client.send(new UpdateIntegrationCommand(changed))).rejects.toThrow(/50 ms and/);
});
