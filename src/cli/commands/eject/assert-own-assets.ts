import { readFile } from "node:fs/promises";
import path from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { Prepared } from "../deploy/prepare.ts";

interface AssetManifest {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
}

/**
 * Refuses files and images that the stack uploads beside the functions' code: only a stack function of lmi.config.ts
 * adds such, and nobody would upload them any more. Fails with LMI_EJECT_UNSUPPORTED.
 */
export async function assertOwnAssets({
  assemblyDirectory,
  stackName,
  functions,
}: Pick<Prepared, "assemblyDirectory" | "functions" | "stackName">): Promise<void> {
  const file = path.join(assemblyDirectory, `${stackName}.assets.json`);
  const { files = {}, dockerImages = {} } = JSON.parse(
    await readFile(file, "utf8"),
  ) as AssetManifest;
  const own = new Set(functions.map(({ assetHash }) => assetHash));
  const others = Object.entries(files)
    .filter(([hash, { source }]) => !own.has(hash) && source.path !== `${stackName}.template.json`)
    .map(([hash, { source }]) => source.path ?? hash);
  const all = [...others, ...Object.keys(dockerImages)];
  if (all.length === 0) return;
  throw new LmiError(
    "LMI_EJECT_UNSUPPORTED",
    `lmi eject cannot bring along what the stack uploads besides functions: ${all.join(", ")}.`,
    {
      why: "The stack function of lmi.config.ts adds it as an asset of the CDK.",
      next: "Leave it away while ejecting, and add it to the ejected project in the same way",
      exitCode: ExitCode.usage,
      details: { assets: all },
    },
  );
}
