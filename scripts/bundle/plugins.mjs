// What both parts of the command's bundle do with imports.
import { readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

export const root = resolve(import.meta.dirname, "..", "..");
export const outdir = join(root, "dist", "bundle");

/** Options of both parts. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node22",
  mainFields: ["module", "main"],
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  external: ["@aws-cdk/*", "aws-cdk-lib", "constructs", "esbuild", "yaml"],
  metafile: true,
  logLevel: "warning",
};

/** A module of ours as its path below dist/, `cli/main.js`; undefined for what is none. */
export function ownModule(file) {
  const dist = join(root, "dist") + sep;
  return file.startsWith(dist) ? file.slice(dist.length).replaceAll(sep, "/") : undefined;
}

/**
 * One copy in the process: the local target, race, and the errors that cross between them and the command line. Both
 * start processes with modules that lie beside their own.
 */
export const shared = {
  name: "shared modules",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
      const own = ownModule(resolve(resolveDir, path));
      const isShared = ["errors.js", "local/local-target.js", "race/race.js"].includes(own);
      return isShared ? { path: `../${own}`, external: true } : undefined;
    });
  },
};

/**
 * zod as a namespace: behind the name `z` esbuild keeps all of it, its messages in forty languages too, which is
 * three quarters of what the settings load.
 */
export const zod = {
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

/** The schema of the settings as data, so that settings which are right are checked without zod. */
export const settingsShape = {
  name: "shape of the settings as data",
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/]dist[\\/]synth[\\/]shape[\\/]settings-shape\.js$/ },
      async ({ path }) => {
        const { settingsShape: shape } = await import(pathToFileURL(path).href);
        const text = JSON.stringify(JSON.stringify(shape));
        return { contents: `export const settingsShape = JSON.parse(${text});` };
      },
    );
  },
};
