import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { untilRefused } from "../../src/deploy/watch-endpoint.ts";

test("an endpoint that listens is watched until it stops", { timeout: 15_000 }, async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let isOver = false;
  const over = untilRefused(`http://127.0.0.1:${port}`, AbortSignal.timeout(14_000)).then(
    () => (isOver = true),
  );
  await once(server, "connection");
  expect(isOver).toBe(false);
  server.close();
  await over;
  expect(isOver).toBe(true);
});

test("nobody watches after the work is over", async () => {
  const work = new AbortController();
  const watching = untilRefused("http://127.0.0.1:1", work.signal);
  work.abort();
  await expect(watching).rejects.toMatchObject({ name: "AbortError" });
});
