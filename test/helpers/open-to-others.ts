import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** What other users of this machine may read, write or enter in a folder: its files and folders with their modes. */
export async function openToOthers(folder: string): Promise<string[]> {
  const names = [".", ...(await readdir(folder, { recursive: true }))];
  const modes = await Promise.all(
    names.map(async (name) => ({ name, mode: (await lstat(join(folder, name))).mode & 0o777 })),
  );
  return modes
    .filter(({ mode }) => (mode & 0o077) !== 0)
    .map(({ name, mode }) => `${name} ${mode.toString(8)}`);
}
