import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Tsconfig } from "./tsconfig-files.ts";

/** A file that went into a bundle, and what it imports in its own words. */
export interface BundleInput {
  /** Absolute. */
  readonly file: string;
  readonly imports: readonly string[];
}

/** Where esbuild looks, or would look if something were there. All absolute. */
export interface Places {
  /** Folders whose names decide, `hidden` those of which files that begin with a dot do, too. */
  readonly folders: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  /** Folders of which all names below decide: `import(`./${language}/words.js`)`. */
  readonly trees: ReadonlySet<string>;
  /** Files whose content decides. */
  readonly files: ReadonlySet<string>;
}

/**
 * Every place from which an import may come: not the one that was found alone, also those that were tried before it and
 * had nothing. More places than esbuild tries do no harm, fewer would.
 */
export async function importPlaces(
  inputs: readonly BundleInput[],
  tsconfigs: readonly Tsconfig[],
): Promise<Places> {
  const search = new Search(tsconfigs);
  const wanted = new Map<string, () => Promise<void>>();
  for (const { file, imports } of inputs)
    for (const words of imports)
      for (const spec of new Set([words, words.replace(/[?#][^/]*$/, "")]))
        wanted.set(`${path.dirname(file)} ${spec}`, () => search.add(path.dirname(file), spec));
  await Promise.all([...wanted.values()].map((add) => add()));
  return search;
}

class Search implements Places {
  readonly folders = new Set<string>();
  readonly hidden = new Set<string>();
  readonly trees = new Set<string>();
  readonly files = new Set<string>();
  readonly #tsconfigs: readonly Tsconfig[];
  readonly #done = new Map<string, Promise<void>>();
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(tsconfigs: readonly Tsconfig[]) {
    this.#tsconfigs = tsconfigs;
  }

  async add(folder: string, spec: string): Promise<void> {
    if (spec === "" || /^[a-z]{2,}:/.test(spec)) return;
    const star = spec.indexOf("*");
    const isRelative = /^\.{0,2}(?:\/|$)/.test(spec) || path.isAbsolute(spec);
    if (isRelative && star >= 0)
      this.trees.add(path.resolve(folder, path.dirname(`${spec.slice(0, star)}x`)));
    else if (isRelative) await this.#file(path.resolve(folder, spec));
    else await Promise.all([this.#package(folder, spec), this.#mapped(spec)]);
    if (spec.startsWith("#")) await this.#ownImports(folder, spec);
  }

  /** A file, with endings added or exchanged, or a folder with a package.json or an index file. */
  #file(target: string): Promise<void> {
    return this.#once(target, () => this.#walk(path.dirname(target), [path.basename(target)]));
  }

  /** In the node_modules of the folder and of all above. */
  async #package(folder: string, spec: string): Promise<void> {
    await Promise.all(
      withParents(folder)
        .filter((each) => path.basename(each) !== "node_modules")
        .map((each) => path.join(each, "node_modules"))
        .map((packages) =>
          this.#once(`${packages} ${spec}`, () => this.#walk(packages, spec.split("/"))),
        ),
    );
  }

  /** By `paths` and `baseUrl`, of whichever tsconfig.json. */
  async #mapped(spec: string): Promise<void> {
    const roots = this.#tsconfigs.map(({ folder }) => folder);
    const bases = [...new Set([...roots, ...this.#tsconfigs.flatMap(({ baseUrls }) => baseUrls)])];
    const targets = this.#tsconfigs.flatMap(({ baseUrls, paths }) => [
      ...baseUrls.map((base) => path.resolve(base, spec)),
      ...replacements(paths, spec).flatMap((target) =>
        target.startsWith("${configDir}")
          ? roots.map((root) => path.join(root, target.slice("${configDir}".length)))
          : bases.map((base) => path.resolve(base, target)),
      ),
    ]);
    await Promise.all(targets.map((target) => this.#file(target)));
  }

  /** By `imports` of package.json, which may name packages. */
  async #ownImports(folder: string, spec: string): Promise<void> {
    for (const above of withParents(folder)) {
      const { imports } = await manifest(path.join(above, "package.json"));
      if (typeof imports !== "object" || imports === null) continue;
      const own = Object.entries(imports).map(([key, value]) => [key, textsIn(value)] as const);
      for (const target of replacements(own, spec))
        if (!target.startsWith("#")) await this.add(above, target);
    }
  }

  /** Down from a folder, as long as there is something. */
  async #walk(from: string, names: readonly string[]): Promise<void> {
    let at = from;
    for (const name of names) {
      this.folders.add(at);
      if (name.startsWith(".")) this.hidden.add(at);
      at = path.join(at, name);
      if (!(await this.#isFolder(at))) return;
      this.files.add(path.join(at, "package.json"));
    }
    this.folders.add(at);
    const { main, module } = await manifest(path.join(at, "package.json"));
    for (const value of [main, module])
      if (typeof value === "string" && path.join(at, value) !== at)
        await this.#file(path.join(at, value));
  }

  #isFolder(at: string): Promise<boolean> {
    const known =
      this.#known.get(at) ??
      stat(at).then(
        (found) => found.isDirectory(),
        () => false,
      );
    this.#known.set(at, known);
    return known;
  }

  #once(key: string, look: () => Promise<void>): Promise<void> {
    const known = this.#done.get(key);
    if (known) return Promise.resolve();
    const looking = look();
    this.#done.set(key, looking);
    return looking;
  }
}

export function withParents(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

/** What patterns with one `*` at most make of an import. */
function replacements(
  patterns: readonly (readonly [pattern: string, targets: readonly string[]])[],
  spec: string,
): string[] {
  return patterns.flatMap(([pattern, targets]) => {
    const [before = "", after] = pattern.split("*");
    if (after === undefined) return pattern === spec ? targets : [];
    if (!spec.startsWith(before) || !spec.endsWith(after)) return [];
    const middle = spec.slice(before.length, spec.length - after.length);
    return targets.map((target) => target.replaceAll("*", () => middle));
  });
}

async function manifest(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, "utf8").catch(() => "");
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Not there, or not to be read: esbuild goes on without it, too. Its content is looked at all the same.
    return {};
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
