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
  await unpackOnce([zip("index.mjs", "lib/a.mjs")], place, 1000);
  expect(await readFile(join(place, "lib/a.mjs"), "utf8")).toBe("lib/a.mjs");
});

test.each(["", ".", "../escape.mjs", "/etc/escape", "a/../../escape", "..\\escape", "C:escape"])(
  "refuses the entry %s, and leaves nothing behind",
  async (name) => {
    const place = await folder();
    await expect(unpackOnce([zip("index.mjs", name)], join(place, "code"), 1000)).rejects.toThrow(
      "leaves its folder",
    );
    expect(await readdir(place)).toEqual([]);
  },
);

test("refuses what unpacks to too much", async () => {
  const place = await folder();
  const bomb = zipSync({ "zeros.bin": new Uint8Array(100_000) });
  await expect(unpackOnce([bomb], join(place, "code"), 99_999)).rejects.toThrow(
    "smaller than 99999",
  );
  expect(await readdir(place)).toEqual([]);
});

/** A zip whose zip64 records claim four billion entries. */
function boundless(): Buffer {
  const plain = Buffer.from(zip("index.mjs"));
  const end = plain.length - 22;
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeUInt32LE(0xfffffff0, 24);
  record.writeUInt32LE(0xfffffff0, 32);
  record.writeUInt32LE(plain.readUInt32LE(end + 16), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeUInt32LE(end, 8);
  const tail = Buffer.from(plain.subarray(end));
  tail.writeUInt16LE(0xffff, 8);
  tail.writeUInt16LE(0xffff, 10);
  tail.writeUInt32LE(0xffffffff, 16);
  return Buffer.concat([plain.subarray(0, end), record, locator, tail]);
}

/** The same zip, its only entry said to be shorter, or with another checksum, than it is. */
function lying(offset: number, value: number): Buffer {
  const bytes = Buffer.from(zipSync({ "index.mjs": Buffer.from("x".repeat(1000)) }));
  const directory = bytes.readUInt32LE(bytes.length - 22 + 16);
  bytes.writeUInt32LE(value, directory + offset);
  return bytes;
}

test.each([
  ["that claims more entries than it has", boundless()],
  ["that says a smaller size than an entry has", lying(24, 10)],
  ["whose checksum is another", lying(16, 1)],
  [
    "whose directory lies behind its end",
    (() => {
      const bytes = Buffer.from(zip("index.mjs"));
      bytes.writeUInt32LE(0x7fffffff, bytes.length - 22 + 16);
      return bytes;
    })(),
  ],
  ["cut off in the middle", Buffer.from(zip("index.mjs")).subarray(0, 40)],
  ["of nothing", Buffer.alloc(0)],
])("refuses a zip %s, at once, and leaves nothing behind", async (_what, bytes) => {
  const place = await folder();
  await expect(unpackOnce([bytes], join(place, "code"), 100_000)).rejects.toThrow();
  expect(await readdir(place)).toEqual([]);
});
