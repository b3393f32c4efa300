import { request } from "node:http";
import { expect, test } from "vitest";
import { isLoopbackHost } from "../../src/local/security.ts";
import { startTestTarget, type TestTarget } from "../helpers/local-target.ts";

const signature = "a".repeat(64);
const authorization = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=AKID/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=${signature}`;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

function ask(
  target: TestTarget,
  options: { method?: string; path?: string; headers?: Record<string, string>; body?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, ...rest } = options;
    const sent = request(
      { host: "127.0.0.1", port: target.port, agent: false, ...rest },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    sent.on("error", reject).end(body);
  });
}

test.each([
  ["127.0.0.1:4566", true],
  ["localhost:4566", true],
  ["LOCALHOST:4566", true],
  ["bucket.localhost:4566", true],
  ["[::1]:4566", true],
  ["127.0.0.1:1", false],
  ["127.0.0.1", false],
  ["evil.example:4566", false],
  ["localhost.evil.example:4566", false],
  ["127.0.0.1.evil.example:4566", false],
  ["evillocalhost:4566", false],
  [undefined, false],
])("host %s is ours: %s", (host, expected) => {
  expect(isLoopbackHost(host, 4566)).toBe(expected);
});

test("a request under another host name is refused, whatever it is signed with", async () => {
  const target = await startTestTarget();
  const headers = { host: `evil.example:${target.port}`, authorization: authorization("s3") };
  expect((await ask(target, { headers })).status).toBe(403);
});

test.each([
  [{}, "MissingAuthenticationToken"],
  [{ authorization: "Bearer x" }, "IncompleteSignature"],
  [
    {
      authorization: "AWS4-HMAC-SHA256 Credential=AKID/us-east-1, SignedHeaders=host, Signature=x",
    },
    "IncompleteSignature",
  ],
  [{ authorization: authorization("s3").replace("/aws4_request", "") }, "IncompleteSignature"],
])("a request with the headers %o is refused with %s", async (headers, code) => {
  const target = await startTestTarget();
  const answer = await ask(target, { headers });
  expect(answer).toMatchObject({ status: 403, body: expect.stringContaining(code) });
});

const presigned = (service: string, date = "20261123T100000Z") =>
  `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261123%2Fus-east-1%2F${service}%2Faws4_request` +
  `&X-Amz-Date=${date}&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`;

test("a presigned URL is good for S3 only, not for other sites, and not for ever", async () => {
  const target = await startTestTarget({
    clock: { now: () => new Date("2026-11-23T10:10:00Z"), sleep: async () => {} },
  });
  expect(await ask(target, { path: presigned("s3") })).toMatchObject({
    status: 200,
    body: expect.stringContaining("<Buckets>"),
  });
  const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  expect((await ask(target, { path: presigned("s3"), headers: foreign })).status).toBe(403);
  expect((await ask(target, { path: presigned("sts") })).status).toBe(403);
  expect(await ask(target, { path: presigned("s3", "20261123T095400Z") })).toMatchObject({
    status: 403,
    body: expect.stringContaining("Request has expired"),
  });
});

test("an operation or a service that is not there is named, and an internal failure tells no more than its id", async () => {
  const lines: string[] = [];
  const target = await startTestTarget({
    log: (line) => lines.push(line),
    services: {
      logs: async () => () => ({
        name: "logs",
        operations: {
          DescribeLogGroups: async () => {
            throw new Error("/secret/path is broken");
          },
        },
      }),
    },
  });
  const json = (service: string, operation: string) =>
    ask(target, {
      method: "POST",
      headers: { authorization: authorization(service), "x-amz-target": operation },
      body: "{}",
    });
  expect(await json("ssm", "AmazonSSM.ListDocuments")).toMatchObject({
    status: 501,
    body: expect.stringMatching(/"NotImplemented".*ListDocuments of ssm/),
  });
  expect(await json("dynamodb", "DynamoDB_20120810.ListTables")).toMatchObject({
    status: 501,
    body: expect.stringContaining("dynamodb"),
  });
  const failure = await json("logs", "Logs_20140328.DescribeLogGroups");
  expect(failure).toMatchObject({ status: 500, body: expect.stringContaining("InternalFailure") });
  expect(failure.body).not.toContain("/secret/path");
  expect(lines.join("\n")).toContain("/secret/path");
});

test("a body that is too large is refused before it is read", async () => {
  const target = await startTestTarget();
  const headers = {
    authorization: authorization("logs"),
    "content-length": String(65 * 1024 * 1024),
  };
  expect((await ask(target, { method: "POST", headers })).status).toBe(413);
});

test("a port in use is said", async () => {
  const target = await startTestTarget();
  await expect(startTestTarget({ port: target.port })).rejects.toMatchObject({
    code: "LMI_LOCAL_PORT",
    message: `Port ${target.port} is already in use`,
  });
});
