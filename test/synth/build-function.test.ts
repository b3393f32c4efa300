import { execFile } from "node:child_process";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LmiError } from "../../src/errors.ts";
import { buildFunction } from "../../src/synth/build-function.ts";
import type { BuiltFunction } from "../../src/synth/built-function.ts";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { settingsOf } from "./reference-settings.ts";

const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lmi-build-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function project(files: Readonly<Record<string, string>>, at = folder): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(at, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

type FunctionInput = NonNullable<SettingsInput["functions"]>[string];

function build(input: FunctionInput, projectDir = folder): Promise<BuiltFunction> {
  const own = settingsOf({ functions: { f: input } }).functions["f"];
  if (!own) throw new Error("no function");
  return buildFunction("f", own, projectDir, path.join(projectDir, "out"));
}

async function failure(input: FunctionInput): Promise<LmiError> {
  return build(input).then(
    () => {
      throw new Error("it built");
    },
    (error: LmiError) => error,
  );
}

async function filesOf(built: BuiltFunction): Promise<Record<string, string>> {
  const files = unzipSync(await readFile(built.assetPath));
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  );
}

async function codeOf(built: BuiltFunction): Promise<string> {
  return (await filesOf(built))["handler.mjs"] ?? "";
}

/** Unpacks the code and calls its function in a Node of its own, as Lambda would. */
async function answerOf(built: BuiltFunction, event: unknown = {}): Promise<unknown> {
  const at = await mkdtemp(path.join(folder, "unpacked-"));
  await project(await filesOf(built), at);
  const [file, name] = built.handler.split(".");
  const found = Object.keys(await filesOf(built)).find(
    (one) => /^[^.]+\.[mc]js$/.test(one) && one.startsWith(`${file}.`),
  );
  const script = `import(${JSON.stringify(`./${found}`)})
    .then((code) => code[${JSON.stringify(name)}](${JSON.stringify(event)}))
    .then((answer) => console.log(JSON.stringify(answer)))`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], {
    cwd: at,
  });
  return JSON.parse(stdout);
}

describe("source", () => {
  it("is bundled with its packages, CommonJS ones too, and with top-level await", async () => {
    await project({
      "src/handler.ts": `import { createRequire } from "node:module";
        import greet from "old";
        const require = createRequire(import.meta.url);
        const __dirname: string = await Promise.resolve("own");
        export const handler = async (event: unknown) => [greet(event), __dirname, typeof require("node:os").EOL];`,
      "node_modules/old/index.js": `const name = "path"; const path = require("node:" + name);
        module.exports = (event) => path.basename(__filename) + JSON.stringify(event);`,
    });
    const built = await build({ entry: "src/handler.ts" });
    expect(built.handler).toBe("handler.handler");
    expect(await answerOf(built, { a: 1 })).toEqual(['handler.mjs{"a":1}', "own", "string"]);
  });

  it("comes to the same bytes in another folder and at another time", async () => {
    const files = {
      "src/handler.ts": "export const handler = async () => 1;\n",
      "src/other.ts": "export {};",
    };
    await project(files);
    const first = await build({});
    const elsewhere = path.join(folder, "a", "deeper", "place");
    await project(files, elsewhere);
    await utimes(path.join(elsewhere, "src/handler.ts"), new Date(0), new Date(0));
    const second = await build({}, elsewhere);
    expect(second.assetHash).toBe(first.assetHash);
    expect(await readFile(second.assetPath)).toEqual(await readFile(first.assetPath));
    expect(JSON.stringify(await filesOf(first))).not.toContain(folder);
    // The time of the first file, in DOS format: 1980-01-01 00:00.
    expect((await readFile(first.assetPath)).readUInt32LE(10)).toBe(0x00_21_00_00);
  });

  it("has a source map with relative sources, unless it is turned off", async () => {
    await project({ "src/handler.ts": "export const handler = async () => 1;\n" });
    const built = await build({});
    const map = JSON.parse((await filesOf(built))["handler.mjs.map"] ?? "") as {
      sources: string[];
    };
    expect(map.sources).toEqual(["src/handler.ts"]);
    expect(built.hasSourceMap).toBe(true);
    const bare = await build({ bundle: { sourceMap: false } });
    expect(Object.keys(await filesOf(bare))).toEqual(["handler.mjs"]);
    expect(bare.hasSourceMap).toBe(false);
  });

  it("is made smaller on request", async () => {
    await project({
      "src/handler.ts":
        "export const handler = async (event: unknown) => ({ event, more: [1, 2] });\n",
    });
    const normal = await build({});
    const minified = await build({ bundle: { minify: true, sourceMap: false } });
    expect(await codeOf(minified)).not.toContain("more: [");
    expect(await codeOf(normal)).toContain("more: [");
  });

  it("stays CommonJS when it is", async () => {
    await project({
      "index.js": "exports.handler = async () => __filename;\n",
      "typed.cts": "export const main = async () => 2;",
    });
    expect(await answerOf(await build({ entry: "index.js" }))).toMatch(/index\.cjs$/);
    const typed = await build({ entry: "typed.cts", handler: "main" });
    expect(typed.handler).toBe("typed.main");
    expect(Object.keys(await filesOf(typed))).toContain("typed.cjs");
  });

  it("that does not parse fails with file, line, column and the line", async () => {
    await project({ "src/handler.ts": "export const handler = async () => {\n  return {{;\n};\n" });
    const error = await failure({});
    expect(error).toMatchObject({ code: "LMI_BUNDLE_FAILED", exitCode: 2 });
    expect(error.message).toContain("src/handler.ts:2:11");
    expect(error.why).toContain("return {{;");
  });

  it("that imports what is not there fails", async () => {
    await project({
      "src/handler.ts": 'import "no-such-package";\nexport const handler = async () => 1;\n',
    });
    expect((await failure({})).message).toMatch(/src\/handler\.ts:1:8 .*no-such-package/);
  });

  it.each(["esm", "cjs"] as const)(
    "that does not export the handler says what it exports (%s)",
    async (format) => {
      await project({
        "src/handler.ts": "export const main = async () => 1;\nexport default main;\n",
      });
      const error = await failure({ bundle: { format } });
      expect(error).toMatchObject({ code: "LMI_HANDLER_NOT_EXPORTED", exitCode: 2 });
      expect(error.why).toContain("default, main");
      expect(error.next).toContain("main");
      await expect(build({ handler: "main", bundle: { format } })).resolves.toMatchObject({
        handler: "handler.main",
      });
    },
  );
});

describe("ready-made code", () => {
  it("is packed from a folder, with its modes, links followed", async () => {
    await project({
      "dist/index.mjs": "export const handler = 1;",
      "dist/bin/tool": "#!/bin/sh\n",
    });
    await chmod(path.join(folder, "dist/bin/tool"), 0o755);
    const built = await build({ entry: "dist" });
    expect(built.handler).toBe("index.handler");
    expect(Object.keys(await filesOf(built))).toEqual(["bin/tool", "index.mjs"]);
    await chmod(path.join(folder, "dist/bin/tool"), 0o644);
    expect((await build({ entry: "dist" })).assetHash).not.toBe(built.assetHash);
  });

  it("is taken from a .zip as it is", async () => {
    await project({ "dist/index.mjs": "export const handler = 1;" });
    const packed = await build({ entry: "dist" });
    await cp(packed.assetPath, path.join(folder, "code.zip"));
    const built = await build({ entry: "code.zip" });
    expect(await readFile(built.assetPath)).toEqual(await readFile(packed.assetPath));
  });

  it("is taken from a .jar, which is a .zip", async () => {
    await project({ "code/example/Handler.class": "bytes" });
    const packed = await build({ entry: "code" });
    await cp(packed.assetPath, path.join(folder, "function.jar"));
    const built = await build({ entry: "function.jar", runtime: "java25", handler: "a.B::c" });
    expect(built.assetPath).toMatch(/\.zip$/);
    expect(await filesOf(built)).toEqual({ "example/Handler.class": "bytes" });
    expect(built.handler).toBe("a.B::c");
  });

  it("is one executable called bootstrap, or a folder of that name", async () => {
    await project({
      "release/bootstrap": "ELF",
      "release/other": "x",
      "made/bootstrap/bootstrap": "ELF",
    });
    const input = { runtime: "provided.al2023", handler: "bootstrap" };
    const alone = await build({ ...input, entry: "release/bootstrap" });
    expect(await filesOf(alone)).toEqual({ bootstrap: "ELF" });
    // 0o100755 in the upper half of the external attributes of the only entry, 38 bytes into its directory header.
    const bytes = await readFile(alone.assetPath);
    const header = bytes.indexOf("PK\u0001\u0002", 0, "latin1");
    expect(bytes.readUInt32LE(header + 38) >>> 16).toBe(0o100755);
    expect(await filesOf(await build({ ...input, entry: "made/bootstrap" }))).toEqual({
      bootstrap: "ELF",
    });
  });

  it("that is no .zip, or an empty folder, is refused", async () => {
    await project({ "code.zip": "hello" });
    await mkdir(path.join(folder, "empty"));
    expect(await failure({ entry: "code.zip" })).toMatchObject({
      code: "LMI_BUNDLE_FAILED",
      exitCode: 2,
    });
    expect(await failure({ entry: "empty" })).toMatchObject({
      code: "LMI_ENTRY_NOT_FOUND",
      exitCode: 2,
    });
  });
});

describe("a link in ready-made code", () => {
  it.each([
    ["nowhere", "../gone.mjs", /dist\/lib\/shared\.mjs leads nowhere/],
    ["in a circle", ".", /dist\/lib\/shared\.mjs leads in a circle/],
  ])("that leads %s is named", async (_, target, message) => {
    await project({ "dist/index.mjs": "export const handler = 1;", "dist/lib/a.mjs": "" });
    await symlink(target, path.join(folder, "dist/lib/shared.mjs"));
    expect(await failure({ entry: "dist" })).toMatchObject({
      code: "LMI_ENTRY_NOT_FOUND",
      exitCode: 2,
      message: expect.stringMatching(message),
      why: expect.stringContaining(target),
    });
  });
});

describe("a missing entry", () => {
  it("is named, with the file that was probably meant", async () => {
    await project({ "src/handler.js": "export const handler = 1;", "src/handler.test.ts": "" });
    const error = await failure({});
    expect(error).toMatchObject({
      code: "LMI_ENTRY_NOT_FOUND",
      exitCode: 2,
      message: "There is no src/handler.ts",
    });
    expect(error.next).toContain("--entry src/handler.js");
  });

  it("that a build was to make names the build", async () => {
    expect(await failure({ entry: "target/a.jar", build: "mvn package" })).toMatchObject({
      code: "LMI_ENTRY_NOT_FOUND",
      why: expect.stringMatching(/target.a\.jar, which its build was to make: mvn package$/),
    });
  });

  it("may be of the wrong kind", async () => {
    await project({ "handler.py": "", "src/handler.ts/x": "" });
    expect((await failure({ entry: "handler.py" })).message).toMatch(/neither TypeScript/);
    expect((await failure({})).message).toBe("src/handler.ts is a folder");
  });
});
