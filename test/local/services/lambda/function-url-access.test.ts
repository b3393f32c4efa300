import type { FunctionUrlConfig } from "@aws-sdk/client-lambda";
import { describe, expect, test } from "vitest";
import { send, startUrl } from "./url-bench.ts";

const signature =
  "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261125/us-east-1/lambda/aws4_request, SignedHeaders=host, " +
  `Signature=${"0".repeat(64)}`;

const asks = (origin: string) => ({
  method: "OPTIONS",
  headers: { origin, "access-control-request-method": "POST" },
});

describe("CORS settings", () => {
  const Cors = {
    AllowOrigins: ["https://shop.example"],
    AllowMethods: ["GET", "POST"],
    AllowHeaders: ["x-order"],
    ExposeHeaders: ["x-number"],
    AllowCredentials: true,
    MaxAge: 60,
  };

  test("answer preflights, and speak for the function", async () => {
    const { send: call, lambda } = await startUrl({ Cors });
    const allowed = await call("/fails", asks("https://shop.example"));
    expect(allowed.status).toBe(200);
    expect(allowed.headers).toMatchObject({
      "access-control-allow-origin": "https://shop.example",
      "access-control-allow-methods": "GET,POST",
      "access-control-allow-headers": "x-order",
      "access-control-allow-credentials": "true",
      "access-control-max-age": "60",
    });
    const refused = await call("/fails", asks("https://evil.example"));
    expect(refused.headers).not.toHaveProperty("access-control-allow-origin");
    const answer = await call("/cors", { headers: { origin: "https://shop.example" } });
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": "https://shop.example",
      "access-control-expose-headers": "x-number",
    });
    const other = await call("/cors", { headers: { origin: "https://evil.example" } });
    expect(other.headers).not.toHaveProperty("access-control-allow-origin");
    await lambda.call("UpdateFunctionUrlConfig", {
      FunctionName: "f",
      Cors: { AllowOrigins: ["*"] },
    });
    const any = await call("/json", { headers: { origin: "https://evil.example" } });
    expect(any.headers["access-control-allow-origin"]).toBe("*");
  });

  test("none: the function answers everything itself", async () => {
    const { send: call } = await startUrl();
    const headers = { origin: "https://shop.example", "access-control-request-method": "GET" };
    expect((await call("/event", { method: "OPTIONS", headers })).value).toMatchObject({
      requestContext: { http: { method: "OPTIONS" } },
    });
    const answer = await call("/cors", { headers: { origin: "https://x.example" } });
    expect(answer.headers["access-control-allow-origin"]).toBe("https://function.example");
  });
});

describe("who may call", () => {
  const forbidden = { status: 403, value: { Message: "Forbidden" } };

  test("with AWS_IAM: whoever signed for Lambda, and no other site's page", async () => {
    const { send: call } = await startUrl({
      AuthType: "AWS_IAM",
      Cors: { AllowOrigins: ["https://shop.example", "*"], AllowHeaders: ["*"] },
    });
    expect(await call("/event")).toMatchObject(forbidden);
    const authorization = signature;
    expect((await call("/event", { headers: { authorization } })).value).toMatchObject({
      requestContext: {
        accountId: "000000000000",
        authorizer: { iam: { accessKey: "AKIDEXAMPLE", accountId: "000000000000" } },
      },
    });
    const refused: Record<string, string>[] = [
      { authorization: signature.replace("/lambda/", "/s3/") },
      { authorization: "Bearer token" },
      { authorization, origin: "https://evil.example" },
      { authorization, "sec-fetch-site": "cross-site" },
    ];
    for (const headers of refused) {
      expect(await call("/event", { headers }), JSON.stringify(headers)).toMatchObject(forbidden);
    }
    const named = { authorization, origin: "https://shop.example", "sec-fetch-site": "cross-site" };
    expect((await call("/event", { headers: named })).status).toBe(200);
  });

  test("names of functions that are not there, or of others, reach no AWS API", async () => {
    const { send: call, lambda, hostname, port } = await startUrl();
    const unknown = `${"0".repeat(32)}.lambda-url.us-east-1.localhost`;
    for (const host of [unknown, hostname.replace("us-east-1", "eu-west-1")]) {
      const headers = { authorization: signature };
      expect(await call("/", { host, headers }), host).toMatchObject(forbidden);
    }
    // A page whose name was rebound still sends its own name.
    for (const host of ["evil.example", hostname.replace("localhost", "evil.example")])
      expect((await call("/json", { host })).status, host).toBe(403);
    expect((await send(port, "127.0.0.1", "/", {})).value).toBe("an AWS API");
    await lambda.call("DeleteFunctionUrlConfig", { FunctionName: "f" });
    expect(await call("/json")).toMatchObject(forbidden);
  });

  test("nobody guesses a URL from the function's name", async () => {
    const { hostname, lambda, config } = await startUrl();
    expect(hostname).toMatch(/^[0-9a-f]{32}\.lambda-url\.us-east-1\.localhost$/);
    expect(await lambda.call("GetFunctionUrlConfig", { FunctionName: "f" })).toEqual(config);
    expect(config).not.toHaveProperty("UrlId");
    await lambda.call("DeleteFunctionUrlConfig", { FunctionName: "f" });
    const again = await lambda.call<FunctionUrlConfig>("CreateFunctionUrlConfig", {
      FunctionName: "f",
      AuthType: "NONE",
    });
    expect(again.FunctionUrl).not.toBe(config.FunctionUrl);
  });
});
