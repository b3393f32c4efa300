import { createHash } from "node:crypto";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** What a bundle was made from, as it was then: a file's content, or the names in a folder. */
export interface Witness {
  /** Relative to the project folder. */
  readonly path: string;
  readonly kind: "content" | "names" | "packages";
  /** Hash, or `absent`. */
  readonly print: string;
}

/** Prints of files and folders, each looked at once: for one run of lmi, in which they are taken not to change. */
export type Prints = Map<string, Promise<string>>;

/** Files that decide how other files are read: of a package, of TypeScript. */
const settingsFiles = ["package.json", "tsconfig.json", "jsconfig.json"];

/**
 * All that esbuild may have looked at: its inputs; what decides how they are read, in their folders and all above; the
 * names beside them, because a new file may take the place of another; and which packages there are.
 */
export async function witnessesOf(
  inputs: readonly string[],
  projectDir: string,
  prints: Prints,
): Promise<Witness[]> {
  // What package.json switches off for a platform is an input under its name, and empty.
  const files = inputs.map((input) =>
    path.resolve(projectDir, input.replace(/^\(disabled\):/, "")),
  );
  const own = [...new Set(files.map((file) => path.dirname(file)))];
  const all = [...new Set([projectDir, ...own].flatMap(withParents))];
  const settings = all.flatMap((folder) => settingsFiles.map((name) => path.join(folder, name)));
  const extended = (
    await Promise.all(settings.filter(isTsconfig).map((file) => extendedBy(file)))
  ).flat();
  // A package's own files change with its package.json.
  const outside = (folder: string) =>
    !path.relative(projectDir, folder).split(path.sep).includes("node_modules");
  const wanted: [kind: Witness["kind"], at: readonly string[]][] = [
    ["content", [...files, ...settings, ...extended]],
    ["names", own.filter(outside)],
    ["packages", all.filter(outside).map((folder) => path.join(folder, "node_modules"))],
  ];
  return Promise.all(
    wanted.flatMap(([kind, at]) =>
      [...new Set(at)].map(async (file) => ({
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
  names: async (folder) => hashOf(JSON.stringify((await visible(folder)).toSorted())),
  packages: async (folder) => hashOf(JSON.stringify(await packagesIn(folder))),
};

/** Hidden files are no modules; caches lie in hidden folders. */
async function visible(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith("."));
}

/** Packages by name, and where links lead: that is how other package managers than npm change versions. */
async function packagesIn(folder: string): Promise<string[]> {
  const names = (await visible(folder)).toSorted();
  const all = await Promise.all(
    names.map(async (name) => {
      const at = path.join(folder, name);
      if (name.startsWith("@")) return (await packagesIn(at)).map((inner) => `${name}/${inner}`);
      return [`${name} ${await readlink(at).catch(() => "")}`];
    }),
  );
  return all.flat();
}

function withParents(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

const isTsconfig = (file: string) => path.basename(file) !== "package.json";

/** The files that a tsconfig.json builds on, and theirs. */
async function extendedBy(file: string, seen: readonly string[] = []): Promise<string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  const [, list, one] = /"extends"\s*:\s*(?:\[([^\]]*)\]|"([^"]*)")/.exec(text) ?? [];
  const names = one === undefined ? (list ?? "").match(/[^\s",]+/g) : [one];
  const found = (names ?? []).flatMap((name) => placesOf(name, file));
  const fresh = found.filter((each) => !seen.includes(each));
  const deeper = await Promise.all(fresh.map((each) => extendedBy(each, [...seen, ...fresh])));
  return [...fresh, ...deeper.flat()];
}

function placesOf(name: string, from: string): string[] {
  if (/^\.{0,2}[/\\]/.test(name) || path.isAbsolute(name)) {
    const at = path.resolve(path.dirname(from), name);
    return at.endsWith(".json") ? [at] : [at, `${at}.json`];
  }
  const require = createRequire(from);
  return [name, `${name}.json`, `${name}/tsconfig.json`].flatMap((wanted) => {
    try {
      return [require.resolve(wanted)];
    } catch {
      return [];
    }
  });
}
