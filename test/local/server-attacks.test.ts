import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { startServer, type ServerOptions } from "../../src/local/server.ts";
import { startTestTarget } from "../helpers/local-target.ts";

const signature = "a".repeat(64);
const signedFor = (service: string) =>
  `Authorization: AWS4-HMAC-SHA256 Credential=AKID/20261123/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=${signature}`;

/** Sends bytes as they are; resolves with all that comes back when the server closes the connection. */
function raw(port: number, bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => resolve(text));
    socket.on("close", () => resolve(text));
    socket.write(bytes);
  });
}

const get = (port: number, lines: readonly string[], target = "/") =>
  raw(port, [`GET ${target} HTTP/1.1`, ...lines, "Connection: close", "", ""].join("\r\n"));

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);

test("what browsers send for pages is refused, however it is signed", async () => {
  const { port } = await startTestTarget();
  const host = `Host: 127.0.0.1:${port}`;
  const tries: readonly (readonly string[])[] = [
    // A form, a fetch without CORS, a fetch with it, a page that lies in S3 here, a link, a WebSocket.
    ["Origin: https://evil.example"],
    ["Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
    ["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: no-cors"],
    ["Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-User: ?1"],
    ["Origin: http://localhost:3000", "Upgrade: websocket", "Connection: Upgrade"],
  ];
  const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const presigned = `/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20261123%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=${date}&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}`;
  for (const headers of tries) {
    expect(statusOf(await get(port, [host, signedFor("s3"), ...headers])), headers.join()).toBe(
      403,
    );
    expect(statusOf(await get(port, [host, ...headers], presigned)), headers.join()).toBe(403);
  }
  // Typed into the address bar, or by a program: these are let in.
  expect(statusOf(await get(port, [host, "Sec-Fetch-Site: none"], presigned))).toBe(200);
  expect(statusOf(await get(port, [host, signedFor("s3"), "Sec-Fetch-Mode: cors"]))).toBe(200);
});

test("a preflight is not answered with what would let a page go on", async () => {
  const { port } = await startTestTarget();
  const answer = await raw(
    port,
    `OPTIONS / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,x-amz-target\r\nConnection: close\r\n\r\n`,
  );
  expect(statusOf(answer)).toBe(403);
  expect(answer.toLowerCase()).not.toContain("access-control-allow");
});

test("who does not name this host, names it twice or names another one is turned away", async () => {
  const { port } = await startTestTarget();
  const s3 = signedFor("s3");
  const own = `Host: 127.0.0.1:${port}`;
  const hosts: readonly (readonly [number, readonly string[], string?])[] = [
    [400, []],
    [400, [own, own]],
    [400, [own, "Host: evil.example"]],
    [400, [own], `http://evil.example/`],
    [400, [own], `http://127.0.0.1:${port}/`],
    [400, [own], "*"],
    [403, [`Host: localhost.:${port}`]],
    [403, [`Host: evil.example/.localhost:${port}`]],
    [403, [`Host: evil.example@x.localhost:${port}`]],
    [403, [`Host: 0.0.0.0:${port}`]],
    [403, [`Host: 2130706433:${port}`]],
    [403, [`Host: [::ffff:127.0.0.1]:${port}`]],
    [403, ["Host: 127.0.0.1"]],
    [403, [`Host: 127.0.0.1:${port}, evil.example`]],
    [200, [`Host: localhost:${port}`]],
    [200, [`HOST: [::1]:${port}`]],
  ];
  for (const [status, lines, target] of hosts)
    expect(statusOf(await get(port, [...lines, s3], target)), `${lines.join()} ${target}`).toBe(
      status,
    );
  // HTTP/1.0 knows no Host header, and is no reason to do without.
  const old = await raw(port, `GET / HTTP/1.0\r\n${s3}\r\n\r\n`);
  expect(statusOf(old)).toBe(400);
});

test("a request in two lengths, or in one that is none, is never two requests", async () => {
  const { port } = await startTestTarget();
  const head = `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${signedFor("ssm")}\r\nX-Amz-Target: AmazonSSM.DescribeParameters\r\n`;
  const hidden = `GET /hidden HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${signedFor("s3")}\r\nConnection: close\r\n\r\n`;
  // Were one of them let through, the hidden request would be found and answered.
  expect(await raw(port, `${head}Content-Length: 2\r\n\r\n{}${hidden}`)).toContain("NoSuchBucket");
  const tries = [
    `Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `Content-Length: 0\r\nContent-Length: 5\r\n\r\n${hidden}`,
    `Content-Length: +5\r\n\r\n${hidden}`,
    `Content-Length: 0x5\r\n\r\n${hidden}`,
    `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`,
    `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`,
    `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `Transfer-Encoding: chunked\r\n\r\n5;\nx\r\n0\r\n\r\n${hidden}`,
    `X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `X: a\nTransfer-Encoding: chunked\n\n0\r\n\r\n${hidden}`,
  ];
  for (const rest of tries) {
    const answer = await raw(port, head + rest);
    expect(answer, rest).not.toContain("NoSuchBucket");
    expect(answer.match(/HTTP\/1\.1 /g)?.length ?? 0, rest).toBeLessThanOrEqual(1);
    expect(answer, rest).not.toContain("HTTP/1.1 2");
  }
});

test("too many headers and too long lines are refused", async () => {
  const { port } = await startTestTarget();
  const own = `Host: 127.0.0.1:${port}`;
  const many = Array.from({ length: 5000 }, (_, index) => `X-${index}: 1`);
  expect(statusOf(await get(port, [own, signedFor("s3"), ...many]))).toBe(431);
  expect(statusOf(await get(port, [own, signedFor("s3")], `/${"a".repeat(100_000)}`))).toBe(431);
});

test("bodies beyond a service's limit are refused in its own words before they are kept", async () => {
  const { port } = await startTestTarget();
  const post = (service: string, length: string, body = "", path = "/") =>
    raw(
      port,
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${signedFor(service)}\r\n${service === "ssm" ? "X-Amz-Target: AmazonSSM.GetParameter\r\n" : ""}${length}\r\nConnection: close\r\n\r\n${body}`,
    );
  const huge = `Content-Length: ${600 * 1024 * 1024}`;
  const s3 = await post("s3", huge);
  expect(s3).toContain("<Code>EntityTooLarge</Code>");
  const lambda = await post("lambda", huge, "", "/2015-03-31/functions");
  expect(lambda).toContain("HTTP/1.1 413");
  expect(lambda).toContain("x-amzn-errortype: RequestEntityTooLargeException");
  const json = await post("ssm", huge);
  expect(json).toContain('"__type":"RequestEntityTooLarge"');
  // One that does not say how long it is, and does not end.
  const unmeasured = `Transfer-Encoding: chunked`;
  const chunk = `100000\r\n${"x".repeat(0x10_00_00)}\r\n`;
  const answer = await post("ssm", unmeasured, chunk.repeat(17));
  expect(answer).toContain('"__type":"RequestEntityTooLarge"');
}, 60_000);

/** A server alone, with clients that are slow by its measure in no time. */
async function impatientServer(dispatch: ServerOptions["dispatch"], limits: object = {}) {
  const server = await startServer({
    port: 0,
    dispatch,
    serveUrl: () => Promise.reject(new Error("no function has a URL here")),
    log: () => {},
    identity: undefined,
    limits: { headersMs: 100, requestMs: 200, answerMs: 200, ...limits },
  });
  onTestFinished(() => server.close());
  return server;
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port }, () => resolve(socket));
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
  });
}

const closed = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));
const small = async () => ({ status: 200, headers: {}, body: "ok" });

test("slow heads and slow bodies are cut off, and others are answered meanwhile", async () => {
  const { port } = await impatientServer(small);
  const head = await open(port);
  const body = await open(port);
  head.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`);
  body.write(`POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 10\r\n\r\nx`);
  const drip = setInterval(() => {
    head.write("X: 1\r\n");
    body.write("x");
  }, 60);
  onTestFinished(() => clearInterval(drip));
  expect(statusOf(await get(port, [`Host: 127.0.0.1:${port}`]))).toBe(200);
  await Promise.all([closed(head), closed(body)]);
});

test("who does not read its answer is given up", async () => {
  const answer = Buffer.alloc(32 * 1024 * 1024);
  const { port } = await impatientServer(async ({ path }) => ({
    status: 200,
    headers: {},
    body: path === "/whole" ? answer : endless(answer),
  }));
  for (const path of ["/whole", "/stream"]) {
    const socket = await open(port);
    socket.pause();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    const gone = closed(socket);
    await new Promise((resolve) => setTimeout(resolve, 600));
    socket.resume();
    await gone;
    expect(socket.bytesRead, path).toBeLessThan(answer.length);
  }
});

async function* endless(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (;;) yield bytes;
}

test("connections beyond the limit are closed, and there is room again when others go", async () => {
  const { port } = await impatientServer(small, {
    connections: 3,
    headersMs: 60_000,
    requestMs: 60_000,
  });
  const idle = await Promise.all([open(port), open(port), open(port)]);
  expect(await get(port, [`Host: 127.0.0.1:${port}`])).toBe("");
  idle[0]?.destroy();
  await expect.poll(async () => statusOf(await get(port, [`Host: 127.0.0.1:${port}`]))).toBe(200);
});
