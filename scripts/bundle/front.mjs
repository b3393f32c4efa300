// The part of the bundle that every command starts with: one CommonJS file. As ES modules the same code takes a file
// for every set of commands that share some of it, and Node some 0.4 ms for each of sixty files.
import { join, resolve } from "node:path";

import { build } from "esbuild";

import { common, outdir, ownModule, root, settingsShape, shared, zod } from "./plugins.mjs";

const file = join(outdir, "front.cjs");
/** What is loaded late and belongs to the start all the same; everything else that is loaded late stays outside. */
const START =
  /^cli\/(run-command-line|commands\/validate|output\/(text|json)-reporter|config\/check-surely)\.js$/;

/** Packages that the front holds and that is loaded later takes from there, as it does our own modules. */
export const frontPackages = ["commander"];

/**
 * Builds `front.cjs`: `mainProcess`, and `modules`, what it holds by path, so that what is loaded later has no copy of
 * its own. Resolves to the modules that it holds and to what it loads late from elsewhere.
 */
export async function buildFront() {
  const entry = "cli/main.js";
  const { metafile } = await bundle([entry], new Set());
  const modules = Object.keys(metafile.inputs)
    .map((input) => ownModule(join(root, input)))
    .filter((module) => module !== undefined);
  const late = new Set();
  const result = await bundle(modules, late);
  return { modules: new Set(modules), late, metafile: result.metafile };
}

function bundle(modules, late) {
  const held = [
    ...modules.map((module) => [module, `./dist/${module}`]),
    ...frontPackages.map((name) => [name, name]),
  ];
  const lines = held.map(([name, path]) => `${JSON.stringify(name)}: () => require("${path}")`);
  return build({
    ...common,
    stdin: {
      contents: `module.exports = { mainProcess: (argv) => require("./dist/cli/main.js").mainProcess(argv), modules: {${lines.join(",\n")}} };`,
      resolveDir: root,
    },
    outfile: file,
    format: "cjs",
    plugins: [shared, lateImports(late), settingsShape, zod],
    define: { "import.meta.url": "lmiUrl" },
    banner: { js: 'const lmiUrl=require("node:url").pathToFileURL(__filename).href;' },
  });
}

/** Notes what is loaded late in `late`, by the name of its file in the bundle. */
function lateImports(late) {
  return {
    name: "late imports",
    setup({ onResolve }) {
      onResolve({ filter: /.*/ }, ({ path, kind, resolveDir }) => {
        if (kind !== "dynamic-import" || path.startsWith("node:")) return undefined;
        const own = path.startsWith(".") ? ownModule(resolve(resolveDir, path)) : undefined;
        if (own === undefined && common.external.includes(path)) return { path, external: true };
        if (own !== undefined && (START.test(own) || own === "local/local-target.js"))
          return undefined;
        late.add(own ?? path);
        return { path: `./${lateFile(own ?? path)}.js`, external: true };
      });
    },
  };
}

/** `cli/commands/deploy/prepare.js` → `cli-commands-deploy-prepare`, `@inquirer/prompts` → `inquirer-prompts`. */
export function lateFile(name) {
  return name.replace(/\.js$/, "").replace(/^@/, "").replaceAll("/", "-");
}
