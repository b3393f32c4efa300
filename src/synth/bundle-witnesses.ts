import { createHash } from "node:crypto";
import { readdir, readFile, readlink, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { type BundleInput, importPlaces, withParents } from "./import-candidates.ts";
import { tsconfigFiles } from "./tsconfig-files.ts";

/** What a bundle was made from, as it was then: a file's content, or the names in or below a folder. */
export interface Witness {
  /** Relative to the project folder. */
  readonly path: string;
  readonly kind: "content" | "names" | "hidden" | "tree";
  /** Hash, or `absent`. */
  readonly print: string;
}

/** Prints of files and folders, each looked at once: for one run of lmi, in which they are taken not to change. */
export type Prints = Map<string, Promise<string>>;

/** Files that decide how other files are read and found: of a package, of TypeScript, of Yarn's Plug'n'Play. */
const tsconfigNames = ["tsconfig.json", "jsconfig.json"];
const settingsFiles = ["package.json", ...tsconfigNames, ".pnp.data.json", ".pnp.cjs", ".pnp.js"];

/**
 * All that esbuild may have looked at: its inputs; what decides how they are read, in their folders and all above; and
 * the places where their imports were not found, because a new file there may take the place of another.
 */
export async function witnessesOf(
  inputs: readonly BundleInput[],
  projectDir: string,
  prints: Prints,
): Promise<Witness[]> {
  const files = inputs.map(({ file }) => file);
  const all = [...new Set([projectDir, ...files.map((file) => path.dirname(file))])];
  const above = [...new Set(all.flatMap(withParents))];
  const settings = above.flatMap((folder) => settingsFiles.map((name) => path.join(folder, name)));
  const { found, extended } = await tsconfigFiles(settings.filter(isTsconfig));
  const places = await importPlaces(inputs, found);
  const wanted: [kind: Witness["kind"], at: Iterable<string>][] = [
    ["content", new Set([...files, ...settings, ...extended, ...places.files])],
    ["names", places.folders],
    ["hidden", places.hidden],
    ["tree", places.trees],
  ];
  return Promise.all(
    wanted.flatMap(([kind, at]) =>
      [...at].map(async (file) => ({
        path: path.relative(projectDir, file),
        kind,
        print: await printOf(file, kind, prints),
      })),
    ),
  );
}

/** Whether everything is still as it was. */
export async function stillSo(
  witnesses: readonly Witness[],
  projectDir: string,
  prints: Prints,
): Promise<boolean> {
  const same = await Promise.all(
    witnesses.map(
      async ({ path: at, kind, print }) =>
        (await printOf(path.resolve(projectDir, at), kind, prints)) === print,
    ),
  );
  return same.every(Boolean);
}

/** Whether one of the files was written at or after a time, in milliseconds: then nobody knows which content was read. */
export async function changedSince(
  witnesses: readonly Witness[],
  projectDir: string,
  time: number,
): Promise<boolean> {
  const late = await Promise.all(
    witnesses
      .filter(({ kind, print }) => kind === "content" && print !== ABSENT)
      .map(async ({ path: at }) => {
        const found = await stat(path.resolve(projectDir, at)).catch(() => undefined);
        return found === undefined || found.mtimeMs >= time;
      }),
  );
  return late.some(Boolean);
}

const ABSENT = "absent";
const hashOf = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

function printOf(file: string, kind: Witness["kind"], prints: Prints): Promise<string> {
  const key = `${kind} ${file}`;
  const known = prints.get(key) ?? read[kind](file).catch(() => ABSENT);
  prints.set(key, known);
  return known;
}

const read: Readonly<Record<Witness["kind"], (file: string) => Promise<string>>> = {
  content: async (file) => hashOf(await readFile(file)),
  names: async (folder) => hashOf(JSON.stringify(await namesIn(folder, false))),
  hidden: async (folder) => hashOf(JSON.stringify(await namesIn(folder, true))),
  tree: async (folder) => hashOf(JSON.stringify(await namesBelow(folder))),
};

/**
 * Where the folder really is, and what is in it: names, which of them are folders, and where links lead, which is how
 * other package managers than npm change versions. Hidden files are no modules as a rule; caches lie in hidden folders.
 */
async function namesIn(folder: string, hidden: boolean): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true });
  const names = found
    .filter(({ name }) => hidden || !name.startsWith("."))
    .map(async (entry) => {
      if (!entry.isSymbolicLink()) return `${entry.name}${entry.isDirectory() ? "/" : ""}`;
      const at = path.join(folder, entry.name);
      return `${entry.name} ${await realpath(at).catch(() => readlink(at))}`;
    });
  return [await realpath(folder), ...(await Promise.all(names)).toSorted()];
}

const notSources: ReadonlySet<string> = new Set(["node_modules/", ".git/"]);

/** Packages below are none of the project's files. */
async function namesBelow(folder: string): Promise<unknown[]> {
  const names = await namesIn(folder, true);
  const folders = names.slice(1).filter((name) => name.endsWith("/") && !notSources.has(name));
  return [
    names,
    ...(await Promise.all(folders.map((name) => namesBelow(path.join(folder, name))))),
  ];
}

const isTsconfig = (file: string) => tsconfigNames.includes(path.basename(file));
