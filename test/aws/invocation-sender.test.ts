import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createRawServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";

import { localhost } from "./localhost-certificate.ts";
import type { InvocationRoute } from "../../src/aws/ports.ts";
import { type InvocationOutcome, openSender } from "../../src/aws/invocation-sender.ts";

const route = {
  path: "/2015-03-31/functions/hello/invocations",
  query: { Qualifier: "$LATEST.PUBLISHED" },
  contentType: "application/octet-stream",
  region: "us-east-1",
  ca: undefined,
  proxy: undefined,
};
const credentials = { accessKeyId: "AKID", secretAccessKey: "secret" };

/** A sender to a server of the test's own. */
async function senderTo(
  answer: RequestListener,
  events = [Buffer.from('{"n":1}')],
  more: Partial<InvocationRoute> = {},
) {
  let connections = 0;
  const server = createServer(answer).on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const sender = openSender({
    route: {
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...route,
      ...more,
    },
    events,
    credentials,
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

describe("to a function URL", () => {
  test.each([
    ["iam", /^AWS4-HMAC-SHA256 /],
    ["none", /^none$/],
  ] as const)("with auth %s", async (auth, expected) => {
    let seen = "";
    const answer: RequestListener = (request, response) => {
      seen = `${request.method} ${request.url} ${request.headers.authorization ?? "none"}`;
      response.end();
    };
    const { send } = await senderTo(answer, undefined, { path: "/a", query: {}, url: { auth } });
    expect(await send()).toEqual({ kind: "answered", name: "" });
    expect(seen).toMatch(/^POST \/a /);
    expect(seen.slice("POST /a ".length)).toMatch(expected);
  });

  test.each([
    [200, {}, "answered", ""],
    [302, {}, "answered", ""],
    [429, {}, "throttled", "HTTP 429"],
    [403, { "x-amzn-errortype": "AccessDeniedException" }, "refused", "AccessDeniedException"],
    [404, {}, "refused", "HTTP 404"],
    [502, {}, "function-error", "HTTP 502"],
  ])("HTTP %i %o is %s, %s", async (status, headers, kind, name) => {
    const answer: RequestListener = (_request, response) => {
      response.writeHead(status, headers).end("{}");
    };
    const { send } = await senderTo(answer, undefined, { url: { auth: "none" } });
    expect(await send()).toEqual({ kind, name });
  });
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

/** A sender to a server that answers with bytes of the test's own. */
async function rawSender(
  server: Server,
  given: { readonly scheme?: string; readonly ca?: string; readonly timeoutMs?: number } = {},
) {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => void server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const sender = openSender({
    route: { ...route, origin: `${given.scheme ?? "http"}://localhost:${port}`, ca: given.ca },
    events: [Buffer.from("{}")],
    credentials,
    timeoutMs: given.timeoutMs ?? 5000,
  });
  onTestFinished(async () => {
    await sender.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return () => new Promise<InvocationOutcome>((resolve) => sender.send(0, resolve));
}

test("an answer without a length ends with its connection", async () => {
  const send = await rawSender(
    createRawServer((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}"));
    }),
  );
  expect(await send()).toEqual({ kind: "answered", name: "" });
  expect(await send()).toEqual({ kind: "answered", name: "" });
});

test("one that breaks off before its length does not count", async () => {
  const send = await rawSender(
    createRawServer((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"));
    }),
  );
  expect(await send()).toEqual({ kind: "unreachable", name: "ECONNRESET" });
});

test("100 Continue is no answer yet", async () => {
  const send = await rawSender(
    createRawServer((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 100 Continue\r\n\r\n");
        const rest = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
        setTimeout(() => socket.write(rest), 20);
      });
    }),
  );
  expect(await send()).toEqual({ kind: "refused", name: "HTTP 404" });
});

test("an answer that trickles is given up at its time", async () => {
  const send = await rawSender(
    createRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n");
      const trickle = setInterval(() => socket.write("x"), 10);
      socket.on("error", () => {}).on("close", () => clearInterval(trickle));
    }),
    { timeoutMs: 100 },
  );
  expect(await send()).toEqual({ kind: "unreachable", name: "ETIMEDOUT" });
});

test("connections share TLS sessions", async () => {
  const reused: boolean[] = [];
  const server = createTlsServer(localhost, (socket) => {
    reused.push(socket.isSessionReused());
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    });
  });
  const send = await rawSender(server, { scheme: "https", ca: localhost.cert });
  expect(await send()).toEqual({ kind: "answered", name: "" });
  expect(await send()).toEqual({ kind: "answered", name: "" });
  expect(reused).toEqual([false, true]);
});

test("what this machine cannot send is not the function's failure", async () => {
  const sender = openSender({
    route: { ...route, origin: "http://name-of-nobody.invalid" },
    events: [Buffer.from("{}")],
    credentials,
    timeoutMs: 5000,
  });
  const outcome = await new Promise<InvocationOutcome>((resolve) => sender.send(0, resolve));
  await sender.close();
  expect(outcome.kind).toBe("not-sent");
});

test("signs with AWS's time where this machine's clock is off", async () => {
  const dates: unknown[] = [];
  const server = createServer((request, response) => {
    dates.push(request.headers["x-amz-date"]);
    response.end("{}");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const sender = openSender({
    route: { ...route, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    events: [Buffer.from("{}")],
    credentials,
    timeoutMs: 5000,
    clockOffsetMs: Date.parse("2040-01-01T12:00:00Z") - Date.now(),
  });
  await new Promise<InvocationOutcome>((resolve) => sender.send(0, resolve));
  await sender.close();
  server.closeAllConnections();
  server.close();
  expect(dates).toEqual([expect.stringMatching(/^20400101T/)]);
});
