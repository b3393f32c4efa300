import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";

import type { System } from "../system.ts";
import { stopLocalTarget } from "./background.ts";
import { foreign, isOwnFolder } from "./state-folder.ts";

/** Stops the target of a folder and deletes the folder. @returns whether there was anything */
export async function resetLocalTarget(stateDir: string, system: System): Promise<boolean> {
  const entries = entriesOf(stateDir);
  if (entries === undefined) return false;
  if (!isOwnFolder(entries)) throw foreign(stateDir);
  await stopLocalTarget(stateDir, system);
  await rm(stateDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return true;
}

function entriesOf(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
