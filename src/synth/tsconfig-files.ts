import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { withParents } from "./import-candidates.ts";

/** What a tsconfig.json says about where imports come from. */
export interface Tsconfig {
  readonly folder: string;
  /** Absolute; one at most. */
  readonly baseUrls: readonly string[];
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
}

export interface TsconfigFiles {
  readonly found: readonly Tsconfig[];
  /** Files that they build on, and those that would be if they were there. */
  readonly extended: readonly string[];
}

interface Content {
  readonly extends?: unknown;
  readonly compilerOptions?: { readonly baseUrl?: unknown; readonly paths?: unknown };
}

/** Reads files of which many may be missing, and all that they build on. */
export async function tsconfigFiles(files: readonly string[]): Promise<TsconfigFiles> {
  const found: Tsconfig[] = [];
  const extended = new Set<string>();
  const seen = new Set<string>();
  const open = [...files];
  for (let file = open.shift(); file !== undefined; file = open.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const content = await contentOf(file);
    if (content === undefined) continue;
    found.push(tsconfigOf(file, content));
    const places = textsOf(content.extends).flatMap((name) => placesOf(name, file));
    for (const place of places) extended.add(place);
    open.push(...places);
  }
  return { found, extended: [...extended] };
}

/** undefined: there is none. It may hold comments; what is wrong in it esbuild only warns of. */
async function contentOf(file: string): Promise<Content | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // Loaded only where there is one.
  const { parse } = await import("jsonc-parser");
  const value: unknown = parse(text, [], { allowTrailingComma: true });
  return typeof value === "object" && value !== null ? value : {};
}

function tsconfigOf(file: string, { compilerOptions }: Content): Tsconfig {
  const folder = path.dirname(file);
  const { baseUrl, paths } = compilerOptions ?? {};
  const entries = typeof paths === "object" && paths !== null ? Object.entries(paths) : [];
  return {
    folder,
    baseUrls: textsOf(baseUrl).map((base) =>
      path.resolve(folder, base.replace("${configDir}", ".")),
    ),
    paths: entries.map(([pattern, targets]) => [pattern, textsOf(targets)] as const),
  };
}

function textsOf(value: unknown): string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((each) => typeof each === "string");
}

/** A path, with and without ending, or a package in any node_modules above, found or not. */
function placesOf(name: string, from: string): string[] {
  const folder = path.dirname(from);
  const variants = [name, `${name}.json`, `${name}/tsconfig.json`];
  if (/^\.{0,2}(?:[/\\]|$)/.test(name) || path.isAbsolute(name))
    return variants.map((each) => path.resolve(folder, each));
  const packages = withParents(folder).map((each) => path.join(each, "node_modules"));
  const ownName = name.split("/", name.startsWith("@") ? 2 : 1).join("/");
  const require = createRequire(from);
  return [
    ...packages.flatMap((each) =>
      [...variants, `${ownName}/package.json`].map((variant) => path.join(each, variant)),
    ),
    // What its package.json makes of the name.
    ...variants.flatMap((wanted) => {
      try {
        return [require.resolve(wanted)];
      } catch {
        return [];
      }
    }),
  ];
}
