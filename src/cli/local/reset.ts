import { readdirSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";

import type { System } from "../system.ts";
import { stopLocalTarget } from "./background.ts";
import { foreign, isOwnEntry, isOwnFolder } from "./state-folder.ts";

export interface ResetOutcome {
  /** Whether there was anything to delete. */
  readonly removed: boolean;
  /** What is in the folder and not the local target's: it stays, and the folder with it. */
  readonly kept: readonly string[];
}

/** Stops the target of a folder and deletes its files, then the folder if nothing else is in it. */
export async function resetLocalTarget(stateDir: string, system: System): Promise<ResetOutcome> {
  const entries = entriesOf(stateDir);
  if (entries === undefined) return { removed: false, kept: [] };
  if (!isOwnFolder(entries)) throw foreign(stateDir);
  await stopLocalTarget(stateDir, system);
  const own = (entriesOf(stateDir) ?? []).filter(isOwnEntry);
  await Promise.all(
    own.map((entry) =>
      rm(join(stateDir, entry), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
    ),
  );
  const kept = entriesOf(stateDir) ?? [];
  if (kept.length === 0) await rmdir(stateDir);
  return { removed: true, kept };
}

function entriesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
