import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { System } from "../system.ts";

/** No start takes so long: a lock of this age is left over, and its owner's number is another process's by now. */
const longestStart = 60_000;

/**
 * Only one command at a time starts a target for a folder. The lock names its owner, so that one left by
 * a killed command is recognised; the state's own lock still keeps a second target out.
 * @returns how to release it, or undefined while another command holds it
 */
export function tryStartLock(
  folder: string,
  pid: number,
  system: Pick<System, "signalProcess" | "now">,
): (() => void) | undefined {
  const file = join(folder, "target.lock");
  if (create(file, pid)) return () => rmSync(file, { force: true });
  const owner = Number(read(file));
  const lives = Number.isInteger(owner) && owner > 0 && system.signalProcess(owner, 0);
  if (lives && system.now().getTime() - madeAt(file) < longestStart) return undefined;
  rmSync(file, { force: true });
  return create(file, pid) ? () => rmSync(file, { force: true }) : undefined;
}

function create(file: string, pid: number): boolean {
  try {
    writeFileSync(file, String(pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Released between the two calls.
    return "";
  }
}

function madeAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
