import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { ExitCode, LmiError } from "../../errors.ts";
import { makeFolder } from "../../local/make-folder.ts";
import type { System } from "../system.ts";

/** Where the local target of a project keeps its state: one folder a project, LMI_LOCAL_STATE instead where set. */
export function stateFolder(
  system: Pick<System, "env" | "cwd" | "home">,
  projectDir: string,
): string {
  const given = system.env["LMI_LOCAL_STATE"];
  if (given) return resolve(system.cwd, given);
  const base = system.env["XDG_STATE_HOME"] || join(system.home, ".local", "state");
  const project = createHash("sha256").update(resolve(projectDir)).digest("hex").slice(0, 16);
  return join(base, "lmi", "local", project);
}

/** Where things that any project may use again are kept, by the XDG base directory specification. */
export function cacheFolder({ env, home }: Pick<System, "env" | "home">): string {
  return join(env["XDG_CACHE_HOME"] || join(home, ".cache"), "lmi");
}

/** Files by which a folder is known as the local target's; in other folders `reset` removes nothing. */
const ownFiles = new Set(["target.json", "target.log", "target.lock", "state.sqlite"]);

/** Whether an entry of the state folder is the local target's own: nothing else is ever deleted. */
export function isOwnEntry(entry: string): boolean {
  return (
    /^target\.(?:json(?:\.\d+)?|log|lock)$/.test(entry) ||
    /^(?:state|logs|metrics)\.sqlite(?:-(?:wal|shm|journal))?$/.test(entry) ||
    entry === "blobs" ||
    entry === "lambda"
  );
}

/** Makes the folder, for its owner only. Refuses one that holds something else: a reset would delete it. */
export function prepareStateFolder(folder: string): void {
  try {
    makeFolder(folder);
    if (!isOwnFolder(readdirSync(folder))) throw foreign(folder);
  } catch (error) {
    if (error instanceof LmiError) throw error;
    throw notWritable(folder, error);
  }
}

export function isOwnFolder(entries: readonly string[]): boolean {
  return entries.length === 0 || entries.some((entry) => ownFiles.has(entry));
}

export function foreign(folder: string): LmiError {
  return new LmiError("LMI_LOCAL_STATE_FOREIGN", `${folder} holds files that are not lmi's.`, {
    why: "The local target keeps its state in a folder of its own, which `lmi local reset` deletes.",
    next: "Name an empty folder: LMI_LOCAL_STATE=/path/to/folder",
    exitCode: ExitCode.usage,
  });
}

export function notWritable(folder: string, cause: unknown): LmiError {
  return new LmiError(
    "LMI_LOCAL_STATE_UNWRITABLE",
    `The local target cannot keep its state in ${folder}.`,
    {
      why: cause instanceof Error ? cause.message : String(cause),
      next: "Name another folder: LMI_LOCAL_STATE=/path/to/folder",
      cause,
    },
  );
}
