import { createHash } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Snapshot } from "./documents.ts";
import type { LambdaStore } from "./store.ts";

/** Folder of code by its content, so that versions with the same code share it. */
export const codeFolder = (workFolder: string, blob: string) =>
  join(workFolder, "code", blob.slice(0, 32));

/** Folder of layers by their contents and their order, so that all processes with the same layers share it. */
export function layersFolder(workFolder: string, blobs: readonly string[]): string {
  const name = createHash("sha256").update(blobs.join()).digest("hex");
  return join(workFolder, "layers", name.slice(0, 32));
}

/** Zips of a snapshot's layers in the blob store, in its order; undefined where a layer does not exist. */
export function layerBlobs(
  { layers }: LambdaStore,
  region: string,
  { configuration: { Layers = [] } }: Snapshot,
): (readonly [arn: string, blob: string | undefined])[] {
  return Layers.map(({ Arn = "" }) => {
    const blob = layers.get(region, Arn)?.["blob"];
    return [Arn, typeof blob === "string" ? blob : undefined];
  });
}

/**
 * Removes code and layers that no version has, and what an earlier process had only half unpacked. Safe only before
 * this process has unpacked anything.
 */
export async function sweepWorkFolder(workFolder: string, store: LambdaStore): Promise<void> {
  const kept = new Set<string>();
  for (const { region, document } of store.versions.entries()) {
    for (const snapshot of [document, document.serving ?? document]) {
      if (snapshot.code.blob !== undefined) kept.add(codeFolder(workFolder, snapshot.code.blob));
      const blobs = layerBlobs(store, region, snapshot).flatMap(([, blob]) => blob ?? []);
      kept.add(layersFolder(workFolder, blobs));
    }
  }
  for (const parent of ["code", "layers"].map((name) => join(workFolder, name))) {
    await mkdir(parent, { recursive: true });
    for (const name of await readdir(parent)) {
      const folder = join(parent, name);
      // Processes of the earlier target may be about to end, and write until then.
      if (!kept.has(folder)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}
