import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";

import { type InvocationOutcome, openSender } from "../../src/aws/invocation-sender.ts";

/** A sender to a server of the test's own. */
async function senderTo(answer: RequestListener, events = [Buffer.from('{"n":1}')]) {
  let connections = 0;
  const server = createServer(answer).on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const sender = openSender({
    route: {
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      path: "/2015-03-31/functions/hello/invocations",
      query: { Qualifier: "$LATEST.PUBLISHED" },
      contentType: "application/octet-stream",
      region: "us-east-1",
      ca: undefined,
      proxy: undefined,
    },
    events,
    credentials: { accessKeyId: "AKID", secretAccessKey: "secret" },
    timeoutMs: 5000,
  });
  onTestFinished(async () => {
    await sender.close();
    server.closeAllConnections();
    server.close();
  });
  const send = (event = 0) =>
    new Promise<InvocationOutcome>((resolve) => sender.send(event, resolve));
  return { sender, send, connections: () => connections };
}

test("sends the event, signed, to the route", async () => {
  const seen: unknown[] = [];
  const { send } = await senderTo((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const { authorization = "" } = request.headers;
      seen.push({ method: request.method, url: request.url, body, authorization });
      response.end("{}");
    });
  });
  expect(await send()).toEqual({ kind: "answered", name: "" });
  expect(seen).toEqual([
    {
      method: "POST",
      url: "/2015-03-31/functions/hello/invocations?Qualifier=%24LATEST.PUBLISHED",
      body: '{"n":1}',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/us-east-1\/lambda\/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/,
      ),
    },
  ]);
});

test.each([
  [
    429,
    {},
    '{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User"}',
    "throttled",
    "ConcurrentInvocationLimitExceeded",
  ],
  [429, {}, "not JSON", "throttled", "unknown"],
  [
    200,
    { "x-amz-function-error": "Unhandled" },
    '{"errorType":"TypeError"}',
    "function-error",
    "TypeError",
  ],
  [200, { "x-amz-function-error": "Unhandled" }, "null", "function-error", "function error"],
  [
    404,
    { "x-amzn-errortype": "ResourceNotFoundException:http" },
    "{}",
    "refused",
    "ResourceNotFoundException",
  ],
  [502, {}, "<html>", "refused", "HTTP 502"],
])("HTTP %i %o %s is %s, %s", async (status, headers, body, kind, name) => {
  const { send } = await senderTo((_request, response) => {
    response.writeHead(status, headers).end(body);
  });
  expect(await send()).toEqual({ kind, name });
});

test("a broken connection is told, and the next request gets a new one", async () => {
  let broken = false;
  const { send } = await senderTo((request, response) => {
    if (broken) response.end("{}");
    else request.socket.destroy();
    broken = true;
  });
  expect((await send()).kind).toBe("unreachable");
  expect((await send()).kind).toBe("answered");
});

test("requests one after the other share a connection, and those at once have one each", async () => {
  const { send, connections } = await senderTo(
    (_request, response) => void setTimeout(() => response.end("{}"), 20),
  );
  await send();
  await send();
  expect(connections()).toBe(1);
  await Promise.all([send(), send(), send()]);
  expect(connections()).toBe(3);
});

test("what is abandoned is cut off", async () => {
  const { sender, send } = await senderTo(() => {});
  const answer = send();
  await sender.abandon();
  expect((await answer).kind).toBe("cut-off");
});
