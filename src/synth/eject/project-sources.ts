import { readFile } from "node:fs/promises";
import path from "node:path";
import { bundleInputs } from "../bundle-source.ts";
import { entryKind } from "../entry-kind.ts";
import type { FunctionSettings } from "../settings.ts";

/** What a function is built from. */
export interface FunctionSources {
  /** Files and folders of the project that it needs, relative to it. */
  readonly paths: readonly string[];
  /** Packages that its own source imports, with the installed version. */
  readonly packages: Readonly<Record<string, string>>;
  /** Sources beyond the project's folder, which cannot go along. */
  readonly outside: readonly string[];
}

/** Looks at what the bundle of a function is made of; a ready-made folder or .zip is made of itself. */
export async function functionSources(
  own: FunctionSettings,
  projectDir: string,
): Promise<FunctionSources> {
  if (entryKind(own.entry) !== "source") return readyMade(own.entry, projectDir);
  const inputs = await bundleInputs(own, projectDir);
  const files = Object.keys(inputs).filter((file) => packageOf(file) === undefined);
  const outside = files.filter((file) => file.startsWith("../"));
  const imported = files.flatMap((file) => inputs[file]?.imports ?? []).map((each) => each.path);
  return {
    paths: [...new Set(files.filter((file) => !outside.includes(file)).map(topFolder))],
    packages: await versionsOf(imported, projectDir),
    outside,
  };
}

function readyMade(entry: string, projectDir: string): FunctionSources {
  const inside = path
    .relative(projectDir, path.resolve(projectDir, entry))
    .split(path.sep)
    .join("/");
  const isOutside = inside === "" || inside.startsWith("../");
  return { paths: isOutside ? [] : [inside], packages: {}, outside: isOutside ? [entry] : [] };
}

/** `src/lib/a.ts` → `src`: tests and types that nothing bundles come along. */
function topFolder(file: string): string {
  return file.split("/")[0] ?? file;
}

/** Where the package of a path lies, and its name; undefined for the project's own files. */
function packageOf(file: string): { readonly folder: string; readonly name: string } | undefined {
  const found = /^(?<folder>(?:.*\/)?node_modules\/(?<name>@[^/]+\/[^/]+|[^/]+))\//.exec(
    file,
  )?.groups;
  const { folder, name } = found ?? {};
  return folder === undefined || name === undefined ? undefined : { folder, name };
}

async function versionsOf(
  files: readonly string[],
  projectDir: string,
): Promise<Record<string, string>> {
  const packages = new Map(
    files.flatMap((file) => {
      const found = packageOf(file);
      return found ? [[found.name, found.folder] as const] : [];
    }),
  );
  const versions = await Promise.all(
    [...packages].map(async ([name, folder]) => {
      const manifest = await readFile(path.resolve(projectDir, folder, "package.json"), "utf8");
      return [name, (JSON.parse(manifest) as { version?: string }).version ?? "*"] as const;
    }),
  );
  return Object.fromEntries(versions);
}
