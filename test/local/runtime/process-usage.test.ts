import { platform } from "node:os";
import process from "node:process";
import { expect, test } from "vitest";
import { processUsage } from "../../../src/local/runtime/process-usage.ts";

test.skipIf(platform() !== "linux")("tells CPU time and memory of a process", async () => {
  const before = await processUsage(process.pid);
  const until = process.cpuUsage().user + 300_000;
  while (process.cpuUsage().user < until);
  const after = await processUsage(process.pid);
  const seconds = (after?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0);
  expect(seconds).toBeGreaterThanOrEqual(0.25);
  expect(after?.memoryBytes).toBeGreaterThan(10_000_000);
  const own = process.memoryUsage.rss();
  expect(Math.abs((after?.memoryBytes ?? 0) - own)).toBeLessThan(own / 2);
});

test("knows nothing of a process that is gone", async () => {
  expect(await processUsage(2 ** 30)).toBeUndefined();
});
