import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BlobStore } from "./state.ts";

/** Files named by the SHA-256 of their content; a file with its final name is always complete. */
export function openBlobStore(folder: string): BlobStore {
  const path = (sha256: string) => {
    // Hashes come from documents and requests: a name that is no hash must not become a path.
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error("Not a SHA-256");
    return join(folder, sha256.slice(0, 2), sha256);
  };
  let swept: Promise<void> | undefined;
  return {
    path,
    get: (sha256) => readFile(path(sha256)),
    async put(bytes) {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const target = path(sha256);
      await (swept ??= removeUnfinished(folder));
      if (!(await exists(target))) await writeComplete(target, bytes);
      return sha256;
    },
  };
}

/** Files that were being written when an earlier process was killed: their names go on after the hash. */
async function removeUnfinished(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((each) => each.includes(".")))
    await rm(join(folder, name), { force: true });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function writeComplete(target: string, bytes: Uint8Array): Promise<void> {
  await mkdir(join(target, ".."), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${randomUUID()}`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
