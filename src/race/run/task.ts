import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { bundleSource } from "../../synth/bundle-source.ts";
import type { FunctionSettings } from "../../synth/settings.ts";
import { CodePlaces } from "./code-places.ts";
import { instrument } from "./instrument/instrument.ts";
import { apiName } from "./worker/instrument-api.ts";

/** A function's code, ready to be run and watched. */
export interface Task {
  /** Its folder: `/var/task`. */
  readonly root: string;
  readonly places: CodePlaces;
  /** For who reads the source. */
  readonly bundle: { readonly code: string; readonly map: string; readonly file: string };
}

/**
 * Bundles a function's source into `root` with what race watches written into it, behind a module of the handler's name
 * that runs the handler as one request among others. Fails as a deploy would: LMI_BUNDLE_FAILED, LMI_HANDLER_NOT_EXPORTED.
 */
export async function prepareTask(
  settings: FunctionSettings,
  projectDir: string,
  root: string,
): Promise<Task> {
  const watched = { ...settings, bundle: { ...settings.bundle, minify: false, sourceMap: true } };
  const { files } = await bundleSource(resolve(projectDir, settings.entry), watched, projectDir);
  const [main, map] = ["js", "map"].map((kind) =>
    files.find(({ path }) => (kind === "map") === path.endsWith(".map")),
  );
  if (!main || !map) throw new Error("The bundle has no code, or no map.");
  const format = main.path.endsWith(".cjs") ? "cjs" : "esm";
  const code = text(main.bytes);
  const bundle = { code, map: text(map.bytes), file: main.path };
  const places = new CodePlaces({ ...bundle, projectDir });
  const instrumented = await instrument({ code, format, isOwn: (offset) => places.isOwn(offset) });
  places.instrumentedAs(instrumented);
  const inner = main.path.replace(/\.([cm]js)$/, `${suffix}.$1`);
  await mkdir(dirname(join(root, main.path)), { recursive: true });
  await writeFile(join(root, inner), instrumented.code);
  await writeFile(
    join(root, main.path),
    wrapper(format, inner.split("/").at(-1) ?? inner, exportedName(settings), instrumented.names),
  );
  return { root, places, bundle };
}

const suffix = ".watched";
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

/** The first word after the file in `file.export.property`. */
function exportedName({ handler }: FunctionSettings): string {
  return handler.slice(handler.indexOf(".") + 1).split(".")[0] ?? "handler";
}

function wrapper(
  format: "cjs" | "esm",
  inner: string,
  exported: string,
  names: Readonly<Record<number, string>>,
): string {
  const api = `globalThis.${apiName}`;
  const known = `Object.assign(${api}.names, ${JSON.stringify(names)});`;
  const name = JSON.stringify(exported);
  const file = JSON.stringify(`./${inner}`);
  return format === "esm"
    ? [
        `import * as watched from ${file};`,
        known,
        `const wrapped = ${api}.wrap(watched[${name}]);`,
        `export { wrapped as ${name} };`,
      ].join("\n")
    : [
        `const watched = require(${file});`,
        known,
        `module.exports = { [${name}]: ${api}.wrap(watched[${name}]) };`,
      ].join("\n");
}
