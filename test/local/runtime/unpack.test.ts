import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { expect, onTestFinished, test } from "vitest";
import { unpackOnce } from "../../../src/local/runtime/unpack.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lmi-test-unpack-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const zip = (...names: string[]) =>
  zipSync(Object.fromEntries(names.map((name) => [name, Buffer.from(name)])));

test("writes files and folders below its own", async () => {
  const place = join(await folder(), "code");
  await unpackOnce(zip("index.mjs", "lib/a.mjs"), place, 1000);
  expect(await readFile(join(place, "lib/a.mjs"), "utf8")).toBe("lib/a.mjs");
});

test.each(["../escape.mjs", "/etc/escape", "a/../../escape", "..\\escape", "C:escape"])(
  "refuses the entry %s, and leaves nothing behind",
  async (name) => {
    const place = await folder();
    await expect(unpackOnce(zip("index.mjs", name), join(place, "code"), 1000)).rejects.toThrow(
      "leaves its folder",
    );
    expect(await readdir(place)).toEqual([]);
  },
);

test("refuses what unpacks to too much", async () => {
  const place = await folder();
  const bomb = zipSync({ "zeros.bin": new Uint8Array(100_000) });
  await expect(unpackOnce(bomb, join(place, "code"), 99_999)).rejects.toThrow("smaller than 99999");
  expect(await readdir(place)).toEqual([]);
});
