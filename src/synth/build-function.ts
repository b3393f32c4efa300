import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { ExitCode, LmiError } from "../errors.ts";
import type { BuiltFunction } from "./built-function.ts";
import type { BundleCache } from "./bundle-cache.ts";
import { bundleKey, bundleSource } from "./bundle-source.ts";
import { type CodeFile, packFiles, readFolder, takeZip } from "./code-archive.ts";
import { entryKind } from "./entry-kind.ts";
import { similarFile } from "./similar-file.ts";
import type { FunctionSettings } from "./settings.ts";

interface BuildOptions {
  /** Nothing: what was bundled before is bundled again. */
  readonly cache?: BundleCache | undefined;
  /** A URL that sources in source maps are relative to. Nothing: none, so that bundles are the same on every machine. */
  readonly sourceRoot?: string | undefined;
}

/**
 * A function's code as a .zip in `outdir`, named by its content: source is bundled, a folder or a single `bootstrap` is
 * packed, a .zip or .jar is copied. With a cache, nothing is bundled that was bundled before and has not changed.
 * Fails with LMI_ENTRY_NOT_FOUND, LMI_BUNDLE_FAILED or LMI_HANDLER_NOT_EXPORTED, all exit code 2.
 */
export async function buildFunction(
  name: string,
  settings: FunctionSettings,
  projectDir: string,
  outdir: string,
  { cache, sourceRoot }: BuildOptions = {},
): Promise<BuiltFunction> {
  const entry = path.resolve(projectDir, settings.entry);
  const kind = entryKind(settings.entry);
  const found = await existing(entry, settings, kind === "folder", projectDir);
  switch (kind) {
    case "zip":
      return {
        name,
        ...(await takeZip(entry, outdir)),
        handler: settings.handler,
        hasSourceMap: false,
      };
    case "folder": {
      const files = found.isDirectory() ? await readFolder(entry) : [await executable(entry)];
      return {
        name,
        ...(await packFiles(files, outdir)),
        handler: settings.handler,
        hasSourceMap: false,
      };
    }
    case "source": {
      const build = () => bundleSource(entry, settings, projectDir, sourceRoot);
      const key = bundleKey(entry, settings, projectDir);
      const files =
        cache && sourceRoot === undefined
          ? await cache.bundle({ key, projectDir, build })
          : (await build()).files;
      const hasSourceMap = files.some((file) => file.path.endsWith(".map"));
      return { name, ...(await packFiles(files, outdir)), handler: settings.handler, hasSourceMap };
    }
    default:
      return kind satisfies never;
  }
}

/** The file of a function that brings its own runtime: executable in the archive whatever the disk says of it. */
async function executable(file: string): Promise<CodeFile> {
  return { path: bootstrap, bytes: await readFile(file), executable: true };
}

async function existing(
  file: string,
  { entry: shown, build }: FunctionSettings,
  folder: boolean,
  projectDir: string,
): Promise<Stats> {
  const found = await stat(file).catch(() => undefined);
  if (found && (found.isDirectory() === folder || isBootstrap(file, found))) return found;
  const what = found ? notUsable(shown, folder) : `There is no ${shown}`;
  if (build !== undefined) throw notBuilt(what, file, build);
  const nearest = await similarFile(file, projectDir);
  throw new LmiError("LMI_ENTRY_NOT_FOUND", what, {
    why: `The entry of the function is ${file}.`,
    next:
      nearest === undefined
        ? "Name the source with --entry, or as entry in the settings"
        : `lmi deploy --entry ${nearest}`,
    exitCode: ExitCode.usage,
    details: { entry: shown, ...(nearest === undefined ? {} : { nearest }) },
  });
}

const bootstrap = "bootstrap";

function isBootstrap(file: string, found: Stats): boolean {
  return path.basename(file) === bootstrap && found.isFile();
}

function notBuilt(what: string, file: string, build: string): LmiError {
  return new LmiError("LMI_ENTRY_NOT_FOUND", what, {
    why: `The entry of the function is ${file}, which its build was to make: ${build}`,
    next: "Let entry name what build makes",
    exitCode: ExitCode.usage,
  });
}

function notUsable(shown: string, folder: boolean): string {
  return folder
    ? `${shown} is neither TypeScript or JavaScript source, nor a folder, nor a .zip or .jar`
    : `${shown} is a folder`;
}
