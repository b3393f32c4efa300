import process from "node:process";
import { expect, onTestFinished, test, vi } from "vitest";

import { clock, clockWithSeconds } from "../../../../src/cli/commands/status/words.ts";

test("times are those of the log lines, wherever the machine is", () => {
  vi.stubEnv("TZ", "Asia/Kathmandu");
  onTestFinished(() => void vi.unstubAllEnvs());
  const time = new Date("2026-11-23T23:59:07Z");
  expect(process.env["TZ"]).toBe("Asia/Kathmandu");
  expect(time.getMinutes()).not.toBe(59);
  expect([clock(time), clockWithSeconds(time)]).toEqual(["23:59 UTC", "23:59:07 UTC"]);
});
