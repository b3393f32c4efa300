import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import type { System } from "../system.ts";

/** `target.json`: how other commands find the running target. */
export interface TargetFile {
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  readonly startedAt: string;
  readonly version: string;
}

const fileIn = (folder: string) => join(folder, "target.json");

export function writeTargetFile(folder: string, target: TargetFile): void {
  const temporary = join(folder, `target.json.${target.pid}`);
  writeFileSync(temporary, `${JSON.stringify(target)}\n`, { mode: 0o600 });
  renameSync(temporary, fileIn(folder));
}

/** Removes the file if it still is that process's. */
export function removeTargetFile(folder: string, pid: number): void {
  if (readTargetFile(folder)?.pid === pid) rmSync(fileIn(folder), { force: true });
}

/** The target that runs for this folder: its process lives, and its port takes connections. */
export async function findRunning(
  folder: string,
  system: Pick<System, "signalProcess">,
): Promise<TargetFile | undefined> {
  const target = readTargetFile(folder);
  if (!target || !system.signalProcess(target.pid, 0)) return undefined;
  return (await takesConnections(target.port)) ? target : undefined;
}

export function readTargetFile(folder: string): TargetFile | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(fileIn(folder), "utf8"));
    return isTargetFile(value) ? value : undefined;
  } catch {
    // Absent, or left half-written by a power cut: either way nothing is known to run.
    return undefined;
  }
}

function isTargetFile(value: unknown): value is TargetFile {
  if (typeof value !== "object" || value === null) return false;
  const { endpoint, port, pid } = value as Partial<TargetFile>;
  return typeof endpoint === "string" && Number.isInteger(port) && Number.isInteger(pid);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 1000 });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
    socket.once("timeout", () => answer(false));
  });
}
