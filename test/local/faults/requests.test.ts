import { connect } from "node:net";
import { CloudFormationClient, ListStacksCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FaultRule } from "../../../src/local/faults/fault.ts";
import { startTestTarget, type TestTarget } from "../../helpers/local-target.ts";

let target: TestTarget;
const slept: number[] = [];

beforeAll(async () => {
  const clock = {
    now: () => new Date(),
    sleep: async (milliseconds: number) => void slept.push(milliseconds),
  };
  target = await startTestTarget({ manual: true, clock });
});
afterAll(() => target.close());
beforeEach(() => {
  target.faults.clear();
  slept.length = 0;
});

/** One request of each service, with as many attempts as it is given. */
const requests = {
  cloudformation: (attempts) =>
    target.client(CloudFormationClient, { maxAttempts: attempts }).send(new ListStacksCommand({})),
  ec2: (attempts) =>
    target.client(EC2Client, { maxAttempts: attempts }).send(new DescribeVpcsCommand({})),
  ecr: (attempts) =>
    target.client(ECRClient, { maxAttempts: attempts }).send(new DescribeRepositoriesCommand({})),
  iam: (attempts) =>
    target.client(IAMClient, { maxAttempts: attempts }).send(new ListRolesCommand({})),
  kms: (attempts) =>
    target.client(KMSClient, { maxAttempts: attempts }).send(new ListKeysCommand({})),
  lambda: (attempts) =>
    target.client(LambdaClient, { maxAttempts: attempts }).send(new ListFunctionsCommand({})),
  logs: (attempts) =>
    target
      .client(CloudWatchLogsClient, { maxAttempts: attempts })
      .send(new DescribeLogGroupsCommand({})),
  s3: (attempts) =>
    target.client(S3Client, { maxAttempts: attempts }).send(new ListBucketsCommand({})),
  ssm: (attempts) =>
    target.client(SSMClient, { maxAttempts: attempts }).send(new DescribeParametersCommand({})),
  sts: (attempts) =>
    target.client(STSClient, { maxAttempts: attempts }).send(new GetCallerIdentityCommand({})),
} satisfies Record<string, (attempts: number) => Promise<unknown>>;

type Service = keyof typeof requests;
const services = Object.keys(requests) as Service[];

describe.each(services)("%s", (service) => {
  test.each<[string, FaultRule]>([
    ["a throttle", { fault: "throttle", service, times: 1 }],
    ["a broken service", { fault: "error", service, times: 1 }],
    ["an unavailable service", { fault: "error", status: 503, service, times: 1 }],
    ["a broken connection", { fault: "reset", service, times: 1 }],
    ["an answer that breaks off", { fault: "reset", when: "after", service, times: 1 }],
  ])("the SDK tries again after %s, and is served", async (_, rule) => {
    await target.faults.add(rule);
    await expect(requests[service](2)).resolves.toMatchObject({ $metadata: { attempts: 2 } });
    expect(target.faults.list()).toMatchObject([{ hits: 1 }]);
  });

  test("an expired token and a denial are told in the service's own words, and not tried again", async () => {
    await target.faults.add({ fault: "expired-token", service, times: 1 });
    await expect(requests[service](2)).rejects.toMatchObject({
      name: expect.stringMatching(/^(ExpiredToken(Exception)?|RequestExpired)$/),
      message: expect.stringMatching(/expired/),
    });
    await target.faults.add({ fault: "access-denied", service });
    await expect(requests[service](2)).rejects.toMatchObject({
      name: expect.stringMatching(/^(AccessDenied(Exception)?|UnauthorizedOperation)$/),
      message: expect.stringMatching(
        new RegExp(
          `User: arn:aws:iam::000000000000:user/lmi-local is not authorized to perform: ${service}:\\w+`,
        ),
      ),
      $metadata: { attempts: 1 },
    });
  });
});

test.each<[Service, Partial<Record<string, unknown>>]>([
  ["cloudformation", { name: "Throttling", message: "Rate exceeded" }],
  ["ec2", { name: "RequestLimitExceeded" }],
  ["lambda", { name: "TooManyRequestsException", Reason: "CallerRateLimitExceeded" }],
  ["logs", { name: "ThrottlingException" }],
  ["s3", { name: "SlowDown" }],
  ["ssm", { name: "ThrottlingException" }],
])("%s is throttled as %o", async (service, error) => {
  await target.faults.add({ fault: "throttle", service });
  await expect(requests[service](1)).rejects.toMatchObject(error);
});

test("an error that a rule makes says so in a header", async () => {
  await target.faults.add({ fault: "throttle", service: "sts", times: 1 });
  await expect(requests.sts(1)).rejects.toMatchObject({
    $response: { headers: { "x-lmi-fault": "throttle" } },
  });
});

test("a slow request takes its time on the target's clock, and is served", async () => {
  await target.faults.add({ fault: "slow", delayMs: 600_000, service: "sts" });
  await expect(requests.sts(1)).resolves.toMatchObject({ Account: "000000000000" });
  expect(slept).toContain(600_000);
});

test("what breaks before the operation leaves nothing done; what breaks off after it leaves all done", async () => {
  const s3 = target.client(S3Client);
  await target.faults.add({ fault: "reset", operation: "CreateBucket", times: 1 });
  await expect(s3.send(new CreateBucketCommand({ Bucket: "before" }))).rejects.toMatchObject({
    code: "ECONNRESET",
  });
  await target.faults.add({ fault: "reset", when: "after", operation: "CreateBucket", times: 1 });
  await expect(s3.send(new CreateBucketCommand({ Bucket: "after" }))).rejects.toThrow();
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  expect(Buckets.map(({ Name }) => Name)).toEqual(["after"]);
});

const signed =
  "AWS4-HMAC-SHA256 Credential=lmi-local/20260101/us-east-1/lmi/aws4_request, SignedHeaders=host, Signature=" +
  "0".repeat(64);

/** The control endpoint as any program of this machine may ask it. */
async function ask(
  method: string,
  path: string,
  { authorization = signed, body }: { authorization?: string; body?: string } = {},
) {
  const answer = await fetch(`${target.endpoint}${path}`, {
    method,
    ...(authorization === "" ? {} : { headers: { authorization } }),
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text() };
}

describe("over HTTP", () => {
  test("rules are added, listed with their hits, and taken away", async () => {
    const rule = { fault: "throttle", service: "sts", times: 1 };
    const added = await ask("POST", "/faults", { body: JSON.stringify(rule) });
    expect(added.status).toBe(201);
    expect(JSON.parse(added.text)).toMatchObject({ id: "f1", rule, hits: 0 });
    await expect(requests.sts(1)).rejects.toMatchObject({ name: "Throttling" });
    expect(JSON.parse((await ask("GET", "/faults")).text)).toMatchObject({
      faults: [{ id: "f1", rule, hits: 1 }],
    });
    expect(JSON.parse((await ask("DELETE", "/faults/f1")).text)).toEqual({ removed: 1 });
    expect(JSON.parse((await ask("DELETE", "/faults/f1")).text)).toEqual({ removed: 0 });
    expect(JSON.parse((await ask("DELETE", "/faults")).text)).toEqual({ removed: 0 });
  });

  test.each([
    ["no JSON", "POST", "/faults", "{", 400, "LMI_FAULT_INVALID"],
    ["no rule", "POST", "/faults", '{"fault":"slow"}', 400, "delayMs (--delay) is missing"],
    ["an unknown path", "GET", "/fault", undefined, 404, "NotFound"],
    ["a path out of the folder", "DELETE", "/faults/../f1", undefined, 404, "NotFound"],
    ["a method that is none", "PUT", "/faults", "{}", 405, "MethodNotAllowed"],
  ] as const)("%s is refused", async (_, method, path, body, status, text) => {
    const answer = await ask(method, path, body === undefined ? {} : { body });
    expect(answer).toMatchObject({ status, text: expect.stringContaining(text) });
  });

  test("nothing is told or taken from a request that a web page could send", async () => {
    const body = JSON.stringify({ fault: "throttle" });
    for (const authorization of ["", "Basic bG1pOmxtaQ==", signed.replace(/0{64}/, "0")]) {
      const answer = await ask("POST", "/faults", { body, authorization });
      expect(answer.status).toBe(403);
    }
    const query =
      "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20260101%2Fus-east-1%2Flmi%2Faws4_request" +
      `&X-Amz-Date=20990101T000000Z&X-Amz-Expires=600&X-Amz-Signature=${"0".repeat(64)}`;
    expect((await ask("POST", `/faults${query}`, { body, authorization: "" })).status).toBe(403);
    // The browser asks first, and must not get a yes.
    expect((await ask("OPTIONS", "/faults", { authorization: "" })).status).toBe(403);
    expect(await rawly("evil.example")).toMatch(/^HTTP\/1\.1 403/);
    expect(target.faults.list()).toEqual([]);
  });
});

/** With a Host header of one's own, which fetch does not allow. */
function rawly(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: target.port });
    let answer = "";
    socket.on("data", (data: Buffer) => void (answer += data.toString()));
    socket.on("close", () => resolve(answer)).on("error", reject);
    socket.end(
      `DELETE /faults HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${signed}\r\nConnection: close\r\n\r\n`,
    );
  });
}
