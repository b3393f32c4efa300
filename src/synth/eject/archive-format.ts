import { readFile } from "node:fs/promises";

/** Whether a bundle came to be an ES module or CommonJS: its source may have decided otherwise than the settings. */
export async function archiveFormat(archive: string): Promise<"cjs" | "esm"> {
  const names = Object.keys(await unpacked(archive));
  return names.some((name) => name.endsWith(".mjs")) ? "esm" : "cjs";
}

/** The files of an archive, by path. */
export async function unpacked(archive: string): Promise<Readonly<Record<string, Uint8Array>>> {
  const { unzipSync } = await import("fflate");
  return unzipSync(await readFile(archive));
}
