import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { framesProtocol } from "../../../src/local/runtime/frames.ts";
import { RuntimeApi } from "../../../src/local/runtime/runtime-api.ts";

const base = "/2018-06-01/runtime";

async function startApi() {
  const told: string[] = [];
  const api = new RuntimeApi({
    ready: () => void told.push("ready"),
    initError: () => void told.push("init error"),
    result: () => void told.push("result"),
  });
  const host = await api.listen();
  onTestFinished(() => api.close());
  return { told, host, port: Number(host.split(":")[1]) };
}

/** Resolves with what came back when the connection is closed. */
function raw(port: number, ...pieces: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => resolve(text));
    socket.on("close", () => resolve(text));
    for (const piece of pieces) socket.write(piece);
  });
}

test.each([
  ["a name that was rebound", "evil.example", ""],
  ["another name of this machine", "localhost", ""],
  ["a page", "127.0.0.1", "Origin: https://evil.example\r\n"],
  ["a page's image", "127.0.0.1", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"],
])("%s gets no work and ends no initialisation", async (_who, name, headers) => {
  const { told, port } = await startApi();
  const head = `Host: ${name}:${port}\r\n${headers}Connection: close\r\n`;
  expect(await raw(port, `GET ${base}/invocation/next HTTP/1.1\r\n${head}\r\n`)).toContain("403");
  const body = `Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}`;
  expect(await raw(port, `POST ${base}/init/error HTTP/1.1\r\n${head}${body}`)).toContain("403");
  const upgrade = `Host: ${name}:${port}\r\n${headers}Connection: Upgrade\r\nUpgrade: ${framesProtocol}\r\n\r\n`;
  const answer = await raw(port, `GET ${base}/invocation/next HTTP/1.1\r\n${upgrade}`);
  expect(answer).not.toContain("101");
  expect(told).toEqual([]);
});

test.each(["%E0%A4%A", "%", "..%2f..", "\u00ff", "a".repeat(8000)])(
  "the id %s is one that is not known",
  async (id) => {
    const { told, host, port } = await startApi();
    const answer = await raw(
      port,
      `POST ${base}/invocation/${id}/response HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nConnection: close\r\n\r\n1`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
    expect(told).toEqual([]);
  },
);

test.each([
  ["shorter than its head", [0, 0, 0, 0]],
  ["shorter by one", [0, 0, 0, 5, 2, 0, 0, 0, 0]],
  ["of four gigabytes", [255, 255, 255, 255, 1]],
  ["with a head longer than itself", [0, 0, 0, 7, 2, 0, 255, 255, 255, 255, 0]],
  ["of a kind that is none", [0, 0, 0, 6, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
])("a frame %s ends its connection at most, and others are served", async (_what, bytes) => {
  const { host, port } = await startApi();
  const upgrade = `GET ${base}/invocation/next HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: ${framesProtocol}\r\n\r\n`;
  // The last bytes are a frame without a body whose length is none: it ends every connection that still stands.
  await raw(port, upgrade, Buffer.from(bytes), Buffer.from([0, 0, 0, 0]));
  const after = `POST ${base}/nothing HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  expect(await raw(port, after)).toMatch(/^HTTP\/1\.1 404/);
});
