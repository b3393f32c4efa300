import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** Of folders for everybody whom the umask lets in: what users asked for by name. */
export const shared = 0o777;

/**
 * Makes a folder and those above it, for their owner only unless `mode` says otherwise. Not `mkdir` with `recursive`: where the system says that a
 * folder cannot be there (`/proc/…`), Node tries again without end.
 */
export function makeFolder(folder: string, mode = 0o700): void {
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const each of missing) {
    try {
      mkdirSync(each, { mode });
    } catch (error) {
      // Somebody else made it in the meantime.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
