import { stat } from "node:fs/promises";
import path from "node:path";
import { ExitCode, LmiError } from "../errors.ts";
import type { BuiltFunction } from "./built-function.ts";
import { bundleSource } from "./bundle-source.ts";
import { packFiles, readFolder, takeZip } from "./code-archive.ts";
import { entryKind } from "./entry-kind.ts";
import { similarFile } from "./similar-file.ts";
import type { FunctionSettings } from "./settings.ts";

/**
 * A function's code as a .zip in `outdir`, named by its content: source is bundled, a folder is packed, a .zip is copied.
 * Fails with LMI_ENTRY_NOT_FOUND, LMI_BUNDLE_FAILED or LMI_HANDLER_NOT_EXPORTED, all exit code 2.
 */
export async function buildFunction(
  name: string,
  settings: FunctionSettings,
  projectDir: string,
  outdir: string,
): Promise<BuiltFunction> {
  const entry = path.resolve(projectDir, settings.entry);
  const kind = entryKind(settings.entry);
  await assertExists(entry, settings.entry, kind === "folder", projectDir);
  switch (kind) {
    case "zip":
      return {
        name,
        ...(await takeZip(entry, outdir)),
        handler: settings.handler,
        hasSourceMap: false,
      };
    case "folder": {
      const files = await readFolder(entry);
      return {
        name,
        ...(await packFiles(files, outdir)),
        handler: settings.handler,
        hasSourceMap: false,
      };
    }
    case "source": {
      const files = await bundleSource(entry, settings, projectDir);
      const hasSourceMap = files.some((file) => file.path.endsWith(".map"));
      return { name, ...(await packFiles(files, outdir)), handler: settings.handler, hasSourceMap };
    }
    default:
      return kind satisfies never;
  }
}

async function assertExists(
  file: string,
  shown: string,
  folder: boolean,
  projectDir: string,
): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found && found.isDirectory() === folder) return;
  const nearest = await similarFile(file, projectDir);
  throw new LmiError(
    "LMI_ENTRY_NOT_FOUND",
    found ? notUsable(shown, folder) : `There is no ${shown}`,
    {
      why: `The entry of the function is ${file}.`,
      next:
        nearest === undefined
          ? "Name the source with --entry, or as entry in lmi.json"
          : `lmi deploy --entry ${nearest}`,
      exitCode: ExitCode.usage,
      details: { entry: shown, ...(nearest === undefined ? {} : { nearest }) },
    },
  );
}

function notUsable(shown: string, folder: boolean): string {
  return folder
    ? `${shown} is neither TypeScript or JavaScript source, nor a folder, nor a .zip`
    : `${shown} is a folder`;
}
