import { dirname, resolve } from "node:path";

import { entryKind } from "../synth/entry-kind.ts";
import type { FunctionSettings } from "../synth/settings.ts";
import type { LoadedSettings } from "./config/load-settings.ts";
import { sourceFolders } from "./watch-folders.ts";

/** The project's, and those of sources that lie elsewhere. */
export async function projectFolders({
  settings,
  projectDir,
  configFile,
}: Pick<LoadedSettings, "settings" | "projectDir" | "configFile">): Promise<string[]> {
  const own = Object.values(settings.functions);
  const [inside, ...elsewhere] = await Promise.all([
    sourceFolders(projectDir),
    ...own.map((each) => foldersElsewhere(each, projectDir)),
  ]);
  const config = configFile === undefined ? [] : [dirname(configFile)];
  return [...new Set([...inside, ...config, ...elsewhere.flat()])];
}

async function foldersElsewhere(own: FunctionSettings, projectDir: string): Promise<string[]> {
  const entry = resolve(projectDir, own.entry);
  if (entryKind(own.entry) === "zip") return [dirname(entry)];
  if (entryKind(own.entry) === "folder") return sourceFolders(entry);
  const { bundleInputs } = await import("../synth/bundle-source.ts");
  // What does not build is told by the work itself.
  const inputs = await bundleInputs(own, projectDir).catch(() => ({}));
  return Object.keys(inputs)
    .filter((file) => file.startsWith("../") && !file.includes("node_modules/"))
    .map((file) => dirname(resolve(projectDir, file)));
}
