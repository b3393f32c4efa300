import { describe, expect, test } from "vitest";

import { connectAws } from "../../src/aws/connect.ts";
import { explain, explained } from "../../src/aws/explain.ts";
import type { AwsTarget } from "../../src/aws/target.ts";
import { LmiError } from "../../src/errors.ts";
import { startTestTarget } from "../helpers/local-target.ts";

const aws: AwsTarget = {
  region: "eu-west-1",
  profile: undefined,
  endpoint: undefined,
  credentials: undefined,
  local: false,
};

const sdkError = (name: string, message = "the message", fields: object = {}) =>
  Object.assign(new Error(message), { name, ...fields });

test.each([
  [
    "CredentialsProviderError",
    "Could not load credentials from any providers",
    "LMI_CREDENTIALS_MISSING",
    5,
  ],
  ["Error", "Credential is missing", "LMI_CREDENTIALS_MISSING", 5],
  [
    "CredentialsProviderError",
    "The SSO session associated with this profile has expired",
    "LMI_CREDENTIALS_EXPIRED",
    5,
  ],
  ["TokenProviderError", "Token is expired", "LMI_CREDENTIALS_EXPIRED", 5],
  ["ExpiredToken", "m", "LMI_CREDENTIALS_EXPIRED", 5],
  ["ExpiredTokenException", "m", "LMI_CREDENTIALS_EXPIRED", 5],
  ["InvalidClientTokenId", "m", "LMI_CREDENTIALS_INVALID", 5],
  ["UnrecognizedClientException", "m", "LMI_CREDENTIALS_INVALID", 5],
  ["AccessDenied", "not authorized to perform: x", "LMI_ACCESS_DENIED", 5],
  ["AccessDeniedException", "m", "LMI_ACCESS_DENIED", 5],
  ["UnauthorizedOperation", "m", "LMI_ACCESS_DENIED", 5],
  ["ThrottlingException", "m", "LMI_THROTTLED", 1],
  ["TooManyRequestsException", "m", "LMI_THROTTLED", 1],
  ["NotImplemented", "m", "LMI_NOT_IMPLEMENTED", 1],
  ["ValidationError", "bad stack", "LMI_AWS_ERROR", 1],
])("%s: %s", (name, message, code, exitCode) => {
  const cause = sdkError(name, message);
  expect(explain(cause, aws)).toMatchObject({ code, exitCode, cause });
});

describe("connections", () => {
  test.each([
    ["ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1", "LMI_ENDPOINT_UNREACHABLE"],
    ["ECONNRESET", "socket hang up", "LMI_ENDPOINT_UNREACHABLE"],
    ["ENOTFOUND", "getaddrinfo ENOTFOUND my.proxy", "LMI_ENDPOINT_UNREACHABLE"],
    ["ENOTFOUND", "getaddrinfo ENOTFOUND lambda.eu-wst-1.amazonaws.com", "LMI_REGION_UNREACHABLE"],
  ])("%s", (code, message, expected) => {
    expect(explain(sdkError("Error", message, { code }), aws)).toMatchObject({ code: expected });
  });

  test("one tried over several addresses", () => {
    const error = new AggregateError([sdkError("Error", "connect", { code: "ECONNREFUSED" })], "");
    expect(explain(error, { ...aws, local: true })).toMatchObject({
      code: "LMI_ENDPOINT_UNREACHABLE",
      message: "The local target does not answer.",
      next: expect.stringContaining("lmi local up"),
    });
  });
});

test("no credentials at all: the way without an account is named", () => {
  const error = explain(sdkError("CredentialsProviderError", "none"), aws);
  expect(error).toMatchObject({ next: expect.stringContaining("--local") });
});

test("a profile is named", () => {
  const error = explain(sdkError("ExpiredToken"), { ...aws, profile: "work" });
  expect(error).toMatchObject({ next: "Log in again: aws sso login --profile work" });
});

test("request id and AWS's own name stay as details", () => {
  const error = explain(
    sdkError("AccessDenied", "no", { $metadata: { requestId: "r-1", httpStatusCode: 403 } }),
    aws,
  );
  expect(error).toMatchObject({
    details: {
      awsError: "AccessDenied",
      awsRequestId: "r-1",
      httpStatus: 403,
      region: "eu-west-1",
    },
  });
});

test("our own failures and aborted calls pass through", async () => {
  const own = new LmiError("LMI_X", "x");
  const aborted = new DOMException("aborted", "AbortError");
  await expect(explained(aws, () => Promise.reject(own))).rejects.toBe(own);
  await expect(explained(aws, () => Promise.reject(aborted))).rejects.toBe(aborted);
});

test("an error that the local target was told to make says so, and any other does not", () => {
  const told = { $response: { headers: { "x-lmi-fault": "throttle" } } };
  expect(explain(sdkError("Throttling", "Rate exceeded", told), aws)).toMatchObject({
    code: "LMI_THROTTLED",
    why: "The local target was told to answer so; see: lmi local fault list",
  });
  const usual = { $response: { headers: {} } };
  expect(explain(sdkError("Throttling", "Rate exceeded", usual), aws)).toMatchObject({
    why: undefined,
  });
});

test("the SDK's hint for its programmers is left out", () => {
  const text =
    "aborted\n  Deserialization error: to see the raw response, inspect the hidden field {error}.$response on this object.";
  const reset = explain(sdkError("Error", text, { code: "ECONNRESET" }), aws);
  expect(reset).toMatchObject({ code: "LMI_ENDPOINT_UNREACHABLE", why: "aborted" });
  expect(explain(sdkError("Odd", text), aws)).toMatchObject({
    message: "AWS answered Odd: aborted",
  });
});

describe("what the local target was told to answer", () => {
  const portsOf = async () => {
    const target = await startTestTarget();
    const { endpoint } = target;
    const credentials = { accessKeyId: "lmi-local", secretAccessKey: "lmi-local" };
    const ports = connectAws({ ...local, endpoint, credentials }, {});
    const invoke = () => ports.functions.invoke({ functionName: "f", payload: new Uint8Array() });
    return { target, ports, invoke };
  };
  const local = { ...aws, region: "us-east-1", local: true };

  test("AWS's own trouble names the operation, and what to do", async () => {
    const { target, ports } = await portsOf();
    await target.faults.add({ fault: "error", service: "lambda", status: 503 });
    await expect(ports.functions.find("f")).rejects.toMatchObject({
      code: "LMI_AWS_ERROR",
      message:
        "Lambda GetFunctionConfiguration answered ServiceUnavailable (503) after 3 attempts.",
      why: expect.stringContaining("The local target was told to answer so"),
      next: "Try again in a moment",
    });
  });

  test("a connection that breaks, and how often an invoke was sent", async () => {
    const { target, ports, invoke } = await portsOf();
    await target.faults.add({ fault: "reset", service: "lambda" });
    const invoked: unknown = await invoke().catch((error: unknown) => error);
    expect(invoked).toMatchObject({
      code: "LMI_CONNECTION_BROKEN",
      message: "The connection to the local target broke; it runs.",
      why: expect.stringMatching(
        /may have been carried out\.\nIt was sent 3 times: the function may have run more than once\.[^]*lmi local fault list/,
      ),
      next: "Try again",
    });
    const found: unknown = await ports.functions.find("f").catch((error: unknown) => error);
    expect(found).toMatchObject({ code: "LMI_CONNECTION_BROKEN" });
    expect((found as LmiError).why).not.toContain("function may have run");
  });

  test("a connection that breaks in the middle of the answer", async () => {
    const { target, ports } = await portsOf();
    await target.faults.add({ fault: "reset", service: "sts", when: "after" });
    const failed: unknown = await ports.identity.caller().catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "LMI_CONNECTION_BROKEN" });
    expect(String((failed as LmiError).why)).not.toContain("Deserialization");
  });

  test("one that has ended does not answer", async () => {
    const { target, invoke } = await portsOf();
    await target.close();
    await expect(invoke()).rejects.toMatchObject({
      code: "LMI_ENDPOINT_UNREACHABLE",
      message: "The local target does not answer.",
    });
  });
});
