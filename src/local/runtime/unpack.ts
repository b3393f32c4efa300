import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";

/**
 * Unpacks a zip into `folder` unless it is there already. Entries never leave the folder, links become plain files,
 * and a folder that is only half written never carries the final name.
 */
export async function unpackOnce(zip: Uint8Array, folder: string, maxBytes: number): Promise<void> {
  if (await exists(folder)) return;
  const partial = `${folder}.${randomUUID()}.partial`;
  try {
    await mkdir(partial, { recursive: true });
    await unpackInto(zip, partial, maxBytes);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Somebody else was faster with the same code.
    if (!(await exists(folder))) throw error;
  }
}

/** Unpacks into an existing folder, over what is there; later layers win so. */
export async function unpackInto(zip: Uint8Array, folder: string, maxBytes: number): Promise<void> {
  const { unzipSync } = await import("fflate");
  let bytes = 0;
  const entries = unzipSync(zip, {
    filter: (entry) => {
      bytes += entry.originalSize;
      if (bytes > maxBytes) throw new Error(`Unzipped size must be smaller than ${maxBytes} bytes`);
      return true;
    },
  });
  for (const [name, content] of Object.entries(entries)) {
    const path = inside(folder, name);
    // One at a time: a package may have tens of thousands of files.
    if (name.endsWith("/")) {
      await mkdir(path, { recursive: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

function inside(folder: string, name: string): string {
  const path = resolve(folder, name);
  const strange = name.includes("\0") || name.includes("\\") || /^[a-zA-Z]:/.test(name);
  if (strange || (path !== resolve(folder) && !path.startsWith(resolve(folder) + sep)))
    throw new Error(`The package has an entry that leaves its folder: ${JSON.stringify(name)}`);
  return path;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Folder of code by its content, so that versions with the same code share it. */
export const codeFolder = (workFolder: string, sha256: string) =>
  join(workFolder, "code", sha256.slice(0, 32));
