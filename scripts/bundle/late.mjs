// The part of the bundle that commands load when they need it: ES modules, so that they share what they share.
import { join, resolve } from "node:path";

import { build } from "esbuild";

import { frontPackages, lateFile } from "./front.mjs";
import { common, outdir, ownModule, root, settingsShape, shared, zod } from "./plugins.mjs";

/** Builds an entry for everything in `front.late`; what the front holds comes from the front. */
export async function buildLate(front) {
  const names = await exportedNames([...front.modules]);
  return build({
    ...common,
    entryPoints: [...front.late].map(entryOf).concat(threads),
    outdir,
    splitting: true,
    format: "esm",
    plugins: [shared, fromFront(names), builtins, settingsShape, zod],
    // CommonJS packages in the bundle still ask for Node's own modules with require.
    banner: {
      js: 'import{createRequire as lmiRequire}from"node:module";const require=lmiRequire(import.meta.url);',
    },
  });
}

function entryOf(name) {
  return { in: name.endsWith(".js") ? join("dist", name) : name, out: lateFile(name) };
}

/** Where threads begin: nothing imports these, they are started by the name of their file. */
const threads = [
  { in: join("dist", "cli", "commands", "bench", "worker.js"), out: "bench-worker" },
];

/** Module or package of the front → what it exports. */
async function exportedNames(modules) {
  const packages = frontPackages.map(async (name) => [
    name,
    Object.keys(await import(name)).filter(isName),
  ]);
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: modules.map((module) => join("dist", module)),
    outdir: join(outdir, "names"),
    outbase: "dist",
    format: "esm",
    write: false,
    metafile: true,
  });
  const own = Object.values(metafile.outputs).map(({ entryPoint, exports }) => [
    ownModule(join(root, entryPoint)),
    exports,
  ]);
  return new Map([...own, ...(await Promise.all(packages))]);
}

/** What CommonJS as a whole is called is no name that can be declared. */
const isName = (name) => name !== "default" && name !== "module.exports";

/** One copy of a module in the process: what the front holds is taken from there. */
function fromFront(names) {
  return {
    name: "modules of the front",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, namespace }) => {
        if (namespace === "front") return { path, external: true };
        const own = ownModule(resolve(resolveDir, path));
        return names.has(own) ? { path: own, namespace: "front" } : undefined;
      });
      onResolve({ filter: oneOf(frontPackages) }, ({ path }) => ({ path, namespace: "front" }));
      onLoad({ filter: /.*/, namespace: "front" }, ({ path }) => ({
        contents: [
          'import front from "./front.cjs";',
          `const { ${names.get(path).join(", ")} } = front.modules[${JSON.stringify(path)}]();`,
          `export { ${names.get(path).join(", ")} };`,
        ].join("\n"),
      }));
    },
  };
}

const oneOf = (names) => new RegExp(`^(${names.join("|")})$`);

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
