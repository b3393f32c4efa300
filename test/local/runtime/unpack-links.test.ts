import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync, type Zippable } from "fflate";
import { describe, expect, onTestFinished, test } from "vitest";
import { unpackInto, unpackOnce } from "../../../src/local/runtime/unpack.ts";

const limit = 1_000_000;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lmi-test-unpack-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

interface Entry {
  readonly mode?: number;
  readonly text?: string;
  /** Where a symbolic link leads. */
  readonly link?: string;
}

/** A zip as `zip -y` on Linux makes it. */
function unixZip(entries: Readonly<Record<string, Entry>>): Uint8Array {
  const files: Zippable = {};
  for (const [name, { mode = 0o644, text = name, link }] of Object.entries(entries)) {
    const full = link === undefined ? 0o100000 | mode : 0o120777;
    files[name] = [Buffer.from(link ?? text), { os: 3, attrs: (full << 16) >>> 0 }];
  }
  return zipSync(files);
}

describe.skipIf(process.platform === "win32")("a package of Unix", () => {
  test("keeps executable bits and links", async () => {
    const place = join(await folder(), "code");
    const zip = unixZip({
      bootstrap: { mode: 0o755 },
      "lib/tool.sh": { mode: 0o700 },
      "data.json": {},
      "bin/tool": { link: "../lib/tool.sh" },
      current: { link: "lib" },
      nowhere: { link: "not/there" },
    });
    await unpackOnce([zip], place, limit);
    const mode = async (name: string) => (await stat(join(place, name))).mode & 0o777;
    expect(await mode("bootstrap")).toBe(0o755);
    expect(await mode("lib/tool.sh")).toBe(0o755);
    expect((await mode("data.json")) & 0o111).toBe(0);
    expect(await readlink(join(place, "bin/tool"))).toBe("../lib/tool.sh");
    expect(await readFile(join(place, "current/tool.sh"), "utf8")).toBe("lib/tool.sh");
    expect(await readlink(join(place, "nowhere"))).toBe("not/there");
  });

  test.each([
    ["one level up", { a: { link: ".." } }],
    ["an absolute one", { a: { link: "/etc" } }],
    ["one that comes back from outside", { a: { link: "../x/../../etc" } }],
    ["an empty one", { a: { link: "" } }],
    [
      "one over another",
      // By its words, `d/e/out` leads to the package's own folder; over `top` it leads two above it.
      { "d/e/top": { link: "../.." }, "d/e/out": { link: "top/../.." } },
    ],
  ])("refuses a link that leads out: %s", async (_name, entries: Record<string, Entry>) => {
    const place = await folder();
    await expect(unpackOnce([unixZip(entries)], join(place, "code"), limit)).rejects.toThrow(
      /has a link that leaves its folder/,
    );
    expect(await readdir(place)).toEqual([]);
  });

  test("writes nothing through a link of the same package", async () => {
    const place = await folder();
    const zip = unixZip({ "inside/keep": {}, dir: { link: "inside" }, "dir/file": {} });
    await unpackOnce([zip], join(place, "code"), limit);
    expect(await readdir(join(place, "code", "inside"))).toEqual(["keep"]);
  });

  test("a later layer replaces links, and is not led out by them", async () => {
    const place = await folder();
    const outside = await folder();
    await writeFile(join(outside, "target"), "untouched");
    await unpackInto(unixZip({ "lib/a": {}, b: { link: "lib/a" } }), place, limit);
    // As if an earlier layer had been let out after all.
    const { symlink } = await import("node:fs/promises");
    await symlink(join(outside, "target"), join(place, "file"));
    await symlink(outside, join(place, "dir"));
    await unpackInto(unixZip({ b: { text: "new" }, file: { text: "new" } }), place, limit);
    expect(await readFile(join(place, "lib/a"), "utf8")).toBe("lib/a");
    expect((await lstat(join(place, "b"))).isFile()).toBe(true);
    expect(await readFile(join(outside, "target"), "utf8")).toBe("untouched");
    await expect(unpackInto(unixZip({ "dir/new": {} }), place, limit)).rejects.toThrow("leaves");
    await expect(unpackInto(unixZip({ "dir/sub/new": {} }), place, limit)).rejects.toThrow(
      "leaves",
    );
    expect(await readdir(outside)).toEqual(["target"]);
  });
});
