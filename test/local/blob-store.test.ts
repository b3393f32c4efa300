import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openBlobStore } from "../../src/local/blob-store.ts";

test("bytes come back by their hash, and the same bytes at the same time make one file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lmi-blobs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const blobs = openBlobStore(folder);
  const [hash, same] = await Promise.all([
    blobs.put(Buffer.from("hello")),
    blobs.put(Buffer.from("hello")),
  ]);
  // The SHA-256 of "hello".
  expect(hash).toBe("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  expect(same).toBe(hash);
  expect((await blobs.get(hash)).toString()).toBe("hello");
  expect(await readFile(blobs.path(hash), "utf8")).toBe("hello");
  expect(await readdir(join(folder, "2c"))).toEqual([hash]);
});

test("what is no hash never becomes a path", () => {
  const blobs = openBlobStore("/nowhere");
  expect(() => blobs.path("../../etc/passwd")).toThrow("Not a SHA-256");
});

test("what a killed process had half written is swept away, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lmi-blobs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const kept = await openBlobStore(folder).put(Buffer.from("kept"));
  const half = `${"a".repeat(64)}.0b6c1f6e-0000-4000-8000-000000000000`;
  await mkdir(join(folder, "aa"));
  await writeFile(join(folder, "aa", half), "ha");
  const hash = await openBlobStore(folder).put(Buffer.from("hello"));
  expect(await readdir(join(folder, "aa"))).toEqual([]);
  expect((await openBlobStore(folder).get(kept)).toString()).toBe("kept");
  expect((await openBlobStore(folder).get(hash)).toString()).toBe("hello");
});
