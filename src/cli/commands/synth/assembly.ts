import { readdir } from "node:fs/promises";
import { resolve } from "node:path";

import { ExitCode, LmiError } from "../../../errors.ts";
import { BundleCache } from "../../../synth/bundle-cache.ts";
import { buildFunction } from "../../../synth/build-function.ts";
import { synthesize } from "../../../synth/synthesize.ts";
import type { Synthesized, Template } from "../../../synth/synthesize.ts";
import { bundleFolder } from "../../bundle-folder.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { System } from "../../system.ts";
import { withTemporaryFolder } from "../../temporary-folder.ts";
import { makeFolder, shared } from "../../../local/make-folder.ts";

/** The template alone; what synthesis writes goes to a temporary folder, which is removed. */
export async function withTemplate(
  loaded: LoadedSettings,
  system: System,
  code: typeof buildFunction = buildFunction,
): Promise<Template> {
  return withTemporaryFolder(
    system,
    async (folder) => (await assemble(loaded, folder, system, code)).template,
  );
}

export interface WrittenAssembly {
  readonly stackName: string;
  readonly directory: string;
}

/** The cloud assembly with the functions' code, for other tools. */
export async function writeTo(
  output: string,
  loaded: LoadedSettings,
  system: System,
): Promise<WrittenAssembly> {
  const directory = resolve(system.cwd, output);
  await prepare(directory);
  const { stackName } = await assemble(loaded, directory, system, buildFunction);
  return { stackName, directory };
}

async function assemble(
  loaded: LoadedSettings,
  outdir: string,
  system: System,
  code: typeof buildFunction,
): Promise<Synthesized> {
  const { settings, projectDir } = loaded;
  const cache = new BundleCache(bundleFolder(system, projectDir));
  const assets = await Promise.all(
    Object.entries(settings.functions).map(([name, own]) =>
      code(name, own, projectDir, outdir, { cache }),
    ),
  );
  return synthesize({ settings, outdir, assets });
}

/** An assembly may be written over an older one, never between files of somebody else. */
async function prepare(directory: string): Promise<void> {
  try {
    makeFolder(directory, shared);
    const entries = await readdir(directory);
    if (entries.length === 0 || entries.includes("manifest.json")) return;
  } catch (error) {
    throw new LmiError(
      "LMI_OUTPUT_NOT_WRITABLE",
      `The assembly cannot be written to ${directory}.`,
      {
        why: error instanceof Error ? error.message : String(error),
        exitCode: ExitCode.usage,
        cause: error,
      },
    );
  }
  throw new LmiError("LMI_FILES_IN_THE_WAY", `${directory} holds other files.`, {
    why: "A cloud assembly is written only to an empty folder or over an older assembly.",
    next: "Name another folder with --output",
    exitCode: ExitCode.usage,
  });
}
