// Puts the command line and the SDK clients that it uses into few files: loading hundreds of small modules takes
// longer than running them. Packages that are heavy, or loaded by few commands, stay outside.
//   node scripts/bundle-command.mjs   after tsc has written dist/
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";

import { build } from "esbuild";

const root = resolve(import.meta.dirname, "..");
const outdir = join(root, "dist", "bundle");

/** One copy in the process: the local target, and the errors that cross between it and the command line. */
const shared = {
  name: "shared modules",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      const dist = join(root, "dist") + sep;
      const own = file.startsWith(dist) ? file.slice(dist.length).replaceAll(sep, "/") : "";
      const isShared = own === "errors.js" || own === "local/local-target.js";
      return isShared ? { path: `../${own}`, external: true } : undefined;
    });
  },
};

/**
 * Node's own modules as CommonJS gets them: an `import` reads every export at once, and with some of them much that
 * nobody asked for (node:http: all of undici; node:process: the standard streams). Together about 30 ms of a start.
 */
const builtins = {
  name: "Node's modules by require",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind, importer }) => {
      // What our code imports late keeps all its names. The SDK's handler takes `default`, and is on the way of each call.
      const isOurs = kind === "dynamic-import" && !importer.includes("node_modules");
      return kind === "require-call" || isOurs
        ? { path, external: true }
        : { path, namespace: "builtin" };
    });
    onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
    }));
  },
};

/**
 * zod as a namespace: behind the name `z` esbuild keeps all of it, its messages in forty languages too, which is
 * three quarters of what the settings load.
 */
const zod = {
  name: "only what is used of zod",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/](synth|cli)[\\/].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(
        'import { z } from "zod";',
        'import * as z from "zod";',
      ),
    }));
  },
};

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [join("dist", "cli", "main.js")],
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  mainFields: ["module", "main"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  external: ["@aws-cdk/*", "aws-cdk-lib", "constructs", "esbuild", "yaml"],
  plugins: [shared, builtins, zod],
  // CommonJS packages in the bundle still ask for Node's own modules with require.
  banner: {
    js: 'import{createRequire as lmiRequire}from"node:module";const require=lmiRequire(import.meta.url);',
  },
  metafile: true,
  logLevel: "warning",
});
writeFileSync(join(outdir, "THIRD-PARTY-LICENSES"), licences(Object.keys(metafile.inputs)));

/** The licence of every package of which the bundle holds code. */
function licences(inputs) {
  const folders = new Set(
    inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []),
  );
  return [...folders]
    .toSorted((a, b) => a.localeCompare(b))
    .map((folder) => licence(join(root, folder)))
    .join("\n");
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file))
    : [];
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version} (${license})`, "=".repeat(60), ...texts, ""].join("\n");
}
