import { readFile } from "node:fs/promises";
import path from "node:path";
import type { SourceMapPayload } from "node:module";
import { isRecord } from "../../is-record.ts";
import type { Package } from "./library-findings.ts";

const inPackage = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;

/** The packages in a bundle with their versions: its map names the files, and their package.json says which. */
export async function bundledPackages(map: string, folder: string): Promise<Package[]> {
  const { sources } = JSON.parse(map) as SourceMapPayload;
  const folders = new Map<string, string>();
  for (const source of sources) {
    const [, root, name] = inPackage.exec(source) ?? [];
    if (root !== undefined && name !== undefined) folders.set(root, name);
  }
  const found = await Promise.all(
    [...folders].map(([root, name]) => packageIn(path.resolve(folder, root), name)),
  );
  return found.flat();
}

async function packageIn(root: string, folderName: string): Promise<Package[]> {
  const text = await readFile(path.join(root, "package.json"), "utf8").catch(() => "null");
  const content: unknown = JSON.parse(text);
  if (!isRecord(content) || typeof content["version"] !== "string") return [];
  // Under an alias (`npm:…`), the folder has another name.
  const name = typeof content["name"] === "string" ? content["name"] : folderName;
  return [{ name, version: content["version"] }];
}
