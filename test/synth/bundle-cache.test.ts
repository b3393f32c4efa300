import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type * as esbuildModule from "esbuild";
import { build as esbuild } from "esbuild";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildFunction } from "../../src/synth/build-function.ts";
import type { BuiltFunction } from "../../src/synth/built-function.ts";
import { BundleCache } from "../../src/synth/bundle-cache.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";

vi.mock("esbuild", async (original) => {
  const real = await original<typeof esbuildModule>();
  return { ...real, build: vi.fn<typeof real.build>(real.build) };
});

type FunctionInput = NonNullable<SettingsInput["functions"]>[string];

/** Long ago, as files of a project are that nobody is editing. */
const before = new Date("2026-01-01T00:00:00Z");
const files: Readonly<Record<string, string>> = {
  "package.json": "{}",
  "src/tsconfig.json": `{ "extends": ["./base", "pack/strict.json"] }`,
  "src/base.json": `{ "compilerOptions": { "target": "es2022" } }`,
  "src/handler.ts":
    'import { word } from "./word.js";\nimport { other } from "pack";\nimport * as local from "./local";\n' +
    'import { far } from "../slow/start";\nexport const handler = async () => [word, other, local, far];\n',
  "src/word.ts": 'export const word = "word";\n',
  "src/local/index.ts": "export const here = 1;\n",
  "tsconfig.json": `{
    // By name; the first folder does not have it.
    "compilerOptions": { "paths": { "@app/*": ["./fast/*", "./slow/*"] } },
  }`,
  "slow/start.ts": 'export { far } from "@app/far";\n',
  "slow/far.ts":
    'import { deep } from "../lib/deep";\nimport mapped from "#mapped";\nimport main from "./main";\n' +
    "let maybe; try { maybe = require('maybe') } catch {}\n" +
    "export const far = [deep, mapped, main, maybe, (name: string) => import(`../words/${name}/all.js`)];\n",
  "slow/main/package.json": `{ "main": "./out" }`,
  "slow/main/index.js": "module.exports = 1;\n",
  "slow/package.json": `{ "imports": { "#mapped": { "node": "pack/sub", "default": "./no.js" } } }`,
  "node_modules/pack/sub/index.js": 'module.exports = require("inner");\n',
  "node_modules/inner/index.js": "module.exports = 1;\n",
  "lib/deep/index.ts": "export const deep = 1;\n",
  "words/en/all.js": "export default 'en';\n",
  "node_modules/pack/package.json": `{ "name": "pack", "version": "1.0.0", "main": "a.js" }`,
  "node_modules/pack/a.js": 'exports.other = "a";\n',
  "node_modules/pack/b.js": 'exports.other = "b";\n',
  "node_modules/pack/strict.json": `{ "compilerOptions": { "strict": true } }`,
};

let project: string;
beforeEach(async () => {
  project = await mkdtemp(path.join(tmpdir(), "lmi-cache-"));
  for (const [name, content] of Object.entries(files)) await write(name, content);
});
afterEach(() => rm(project, { recursive: true, force: true }));

async function write(name: string, content: string): Promise<void> {
  const file = path.join(project, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  await utimes(file, before, before);
}

const folder = () => path.join(project, "node_modules/.cache/lmi/bundles");

/** The function as another run of lmi builds it, and how often that called esbuild. */
async function synth(
  input: FunctionInput = {},
  name = "f",
): Promise<{ built: BuiltFunction; calls: number }> {
  const own = settingsOf({ functions: { [name]: input } }).functions[name];
  if (!own) throw new Error("no function");
  const spy = vi.mocked(esbuild);
  const callsBefore = spy.mock.calls.length;
  const out = path.join(project, "out");
  const built = await buildFunction(name, own, project, out, {
    cache: new BundleCache(folder()),
  });
  return { built, calls: spy.mock.calls.length - callsBefore };
}

const entries = async () => (await readdir(folder())).map((name) => path.join(folder(), name));

describe("a second synth", () => {
  it("bundles nothing, and comes to the same code", async () => {
    const first = await synth();
    const second = await synth();
    expect([first.calls, second.calls]).toEqual([1, 0]);
    expect(second.built).toEqual(first.built);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["the entry", () => write("src/handler.ts", "export const handler = async () => 1;\n")],
    ["a file that it imports", () => write("src/word.ts", 'export const word = "other";\n')],
    ["a file of a package", () => write("node_modules/pack/a.js", 'exports.other = "c";\n')],
    [
      "a package's package.json",
      () => write("node_modules/pack/package.json", `{ "name": "pack", "main": "b.js" }`),
    ],
    ["the project's package.json", () => write("package.json", `{ "sideEffects": false }`)],
    ["tsconfig.json", () => write("src/tsconfig.json", `{ "extends": "./base" }`)],
    [
      "what tsconfig.json builds on",
      () => write("src/base.json", `{ "compilerOptions": { "target": "es2018" } }`),
    ],
    [
      "what tsconfig.json builds on in a package",
      () => write("node_modules/pack/strict.json", `{ "compilerOptions": { "strict": false } }`),
    ],
    ["a tsconfig.json that was not there", () => write("lib/deep/tsconfig.json", "{}")],
    ["a file that takes another one's place", () => write("src/word.js", "export const word = 2;")],
    ["a file in place of a folder", () => write("src/local.ts", "export const here = 2;\n")],
    [
      "a nearer package of the same name",
      () => write("src/node_modules/pack/index.js", 'exports.other = "near";\n'),
    ],
    [
      "a file in place of a folder without files of its own",
      () => write("lib/deep.ts", "export const deep = 2;"),
    ],
    ["a file in an earlier folder of paths", () => write("fast/far.ts", "export const far = 2;")],
    [
      "a nearer package of a package",
      () => write("node_modules/pack/node_modules/inner/index.js", "module.exports = 2;"),
    ],
    [
      "a file in place of a package's folder",
      () => write("node_modules/pack/sub.js", "module.exports = 2;"),
    ],
    [
      "a package that was not found",
      () => write("node_modules/maybe/index.js", "module.exports = 2;"),
    ],
    ["a file that main names", () => write("slow/main/out.js", "module.exports = 2;")],
    [
      "a package.json in a folder",
      () => write("src/local/package.json", `{ "main": "../word.ts" }`),
    ],
    [
      "a file for an import with a variable",
      () => write("words/de/all.js", "export default 'de';"),
    ],
    [
      "where a folder's link leads",
      async () => {
        await rename(path.join(project, "lib"), path.join(project, "other"));
        await write("third/deep.ts", "export const deep = 3;\n");
        await symlink("third", path.join(project, "lib"));
      },
    ],
    [
      "a package by another link",
      async () => {
        const packages = path.join(project, "node_modules");
        await rename(path.join(packages, "pack"), path.join(packages, ".store"));
        await symlink(".store", path.join(packages, "pack"));
      },
    ],
  ])("bundles again after a change of %s", async (_, change) => {
    await synth();
    await change();
    const again = await synth();
    expect(again.calls).toBeGreaterThan(0);
    // What comes out is what it would be without a cache.
    await rm(folder(), { recursive: true });
    expect((await synth()).built).toEqual(again.built);
  });

  it.each<[string, FunctionInput]>([
    ["handler", { handler: "handler.handler.more" }],
    ["runtime", { runtime: "nodejs22.x" }],
    ["format", { bundle: { format: "cjs" } }],
    ["minify", { bundle: { minify: true } }],
    ["source map", { bundle: { sourceMap: false } }],
    ["entry", { entry: "src/word.ts", handler: "word" }],
  ])("bundles again for another %s, and keeps both", async (_, other) => {
    await synth();
    expect((await synth(other)).calls).toBeGreaterThan(0);
    expect((await synth(other)).calls).toBe(0);
    expect((await synth()).calls).toBe(0);
  });

  it("bundles nothing for another function with the same code", async () => {
    await synth();
    expect((await synth({}, "g")).calls).toBe(0);
  });

  it("does not mind hidden files, caches and what is written elsewhere", async () => {
    await synth();
    await write("src/.swp", "x");
    await write("cdk.out/manifest.json", "{}");
    await write("node_modules/.cache/other", "x");
    expect((await synth()).calls).toBe(0);
  });
});

describe("the cache", () => {
  it("keeps nothing of files that were written while it was bundling", async () => {
    const later = new Date(Date.now() + 60_000);
    await utimes(path.join(project, "src/word.ts"), later, later);
    await synth();
    expect((await synth()).calls).toBe(1);
  });

  it.each<[string, (text: string) => string]>([
    ["cut off", (text) => text.slice(0, text.length / 2)],
    ["changed", (text) => text.replace("base64", "base46")],
    ["empty", () => ""],
    ["of another form", () => "{}"],
  ])("bundles again where an entry is %s, and mends it", async (_, damage) => {
    const first = await synth();
    for (const file of await entries()) await writeFile(file, damage(await readFile(file, "utf8")));
    const second = await synth();
    expect(second).toEqual(first);
    expect((await synth()).calls).toBe(0);
  });

  it("is of no harm where it cannot be written", async () => {
    await mkdir(path.dirname(folder()), { recursive: true });
    await writeFile(folder(), "a file in the way");
    expect((await synth()).calls).toBe(1);
    expect((await synth()).calls).toBe(1);
  });

  it("is whole after many runs at the same time", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => synth()));
    expect(new Set(all.map(({ built }) => built.assetHash)).size).toBe(1);
    expect(await entries()).toHaveLength(1);
    expect((await synth()).calls).toBe(0);
  });

  it("forgets the oldest of too many", async () => {
    await mkdir(folder(), { recursive: true });
    for (let index = 0; index < 1000; index += 1) {
      const file = path.join(folder(), `old-${index}`);
      await writeFile(file, "");
      await utimes(file, before, before);
    }
    await synth();
    expect(await entries()).toHaveLength(1000);
    expect((await synth()).calls).toBe(0);
  });
});
