import { mkdtemp, rm, stat } from "node:fs/promises";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { makeFolder } from "../../src/local/make-folder.ts";

test("makes all folders of a path, for their owner only, and is content with those that are there", async () => {
  const base = await mkdtemp(join(tmpdir(), "lmi-folder-"));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const folder = join(base, "a", "b");
  makeFolder(folder);
  makeFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
  // Windows knows no such modes.
  const mode = platform() === "win32" ? 0o700 : (await stat(join(base, "a"))).mode & 0o777;
  expect(mode).toBe(0o700);
});

test.runIf(platform() === "linux")("fails at once where nothing can be made", () => {
  expect(() => makeFolder("/proc/lmi/state")).toThrow(/ENOENT/);
});
