import { setTimeout } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";

import { type LoadRequest, startGenerator } from "../../../../src/cli/commands/bench/generator.ts";

const load: LoadRequest = {
  load: { kind: "rate", rps: 1 },
  settleMs: 0,
  measureMs: 600_000,
  drainMs: 600_000,
  maxInFlight: 10,
  arrivals: "even",
  seed: 1,
};

const request = {
  route: {
    origin: "http://127.0.0.1:9",
    path: "/",
    query: {},
    contentType: "application/json",
    region: "us-east-1",
    ca: undefined,
    proxy: undefined,
  },
  events: [Buffer.from("{}")],
  credentials: { accessKeyId: "A", secretAccessKey: "s" },
  timeoutMs: 1000,
};

test("an interruption from before a load ends that of threads too", async () => {
  const generator = startGenerator(request, 2);
  onTestFinished(generator.close);
  const results = await generator.run(load, AbortSignal.abort());
  expect(results.map(({ interrupted }) => interrupted)).toEqual([true, true]);
});

test("a thread that died between two loads fails the next one", async () => {
  // What cannot be sent with ends the thread as soon as it starts.
  const generator = startGenerator(undefined as never, 2);
  onTestFinished(generator.close);
  const never = new AbortController().signal;
  await expect(generator.run(load, never)).rejects.toThrow();
  // Until the other has died too: nothing would wake the next load any more.
  await setTimeout(1000);
  await expect(generator.run(load, never)).rejects.toThrow();
});
