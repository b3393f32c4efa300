import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { expect, onTestFinished, test } from "vitest";
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

test.skipIf(platform() !== "linux")("takes no size of pages for granted", async () => {
  const proc = await mkdtemp(join(tmpdir(), "lmi-test-proc-"));
  onTestFinished(() => rm(proc, { recursive: true, force: true }));
  await mkdir(join(proc, "7"));
  // As a kernel with pages of 64 KB has it: 100 of them.
  const fields = ["S", ...Array<number>(10).fill(0), 250, 50, ...Array<number>(8).fill(0), 100, 0];
  await writeFile(join(proc, "7", "stat"), `7 (a) b) ${fields.join(" ")}\n`);
  await writeFile(
    join(proc, "7", "status"),
    "Name:\ta) b\nVmHWM:\t 9000 kB\nVmRSS:\t    6400 kB\n",
  );
  expect(await processUsage(7, proc)).toEqual({ cpuSeconds: 3, memoryBytes: 6_553_600 });
});

test("knows nothing of a process that is gone", async () => {
  expect(await processUsage(2 ** 30)).toBeUndefined();
});
