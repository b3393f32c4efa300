import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";

import { identityPath, type Identity } from "../../local/identity.ts";
import type { System } from "../system.ts";
import { ownVersion } from "../version.ts";

/** `target.json`: how other commands find the running target. */
export interface TargetFile {
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  readonly startedAt: string;
  readonly version: string;
  /** Nothing: nobody looks at it, and any command may end it to start it anew. */
  readonly by?: "dev" | undefined;
}

const fileIn = (folder: string) => join(folder, "target.json");

/** Says where the target that this process runs for the folder is. */
export function writeOwnTargetFile(
  folder: string,
  { endpoint, port }: Pick<TargetFile, "endpoint" | "port">,
  system: Pick<System, "program" | "now">,
  by?: TargetFile["by"],
): void {
  const startedAt = system.now().toISOString();
  const { pid } = system.program;
  writeTargetFile(folder, { endpoint, port, pid, startedAt, version: ownVersion(), by });
}

export function writeTargetFile(folder: string, target: TargetFile): void {
  const temporary = join(folder, `target.json.${target.pid}`);
  writeFileSync(temporary, `${JSON.stringify(target)}\n`, { mode: 0o600 });
  renameSync(temporary, fileIn(folder));
}

/** Removes the file if it still is that process's. */
export function removeTargetFile(folder: string, pid: number): void {
  if (readTargetFile(folder)?.pid === pid) rmSync(fileIn(folder), { force: true });
}

/**
 * The target that runs for this folder: its process lives, and answers as itself. A process that was just killed
 * lives on for a moment, and its port takes connections that nobody will serve.
 */
export async function findRunning(
  folder: string,
  system: Pick<System, "signalProcess">,
): Promise<TargetFile | undefined> {
  const target = readTargetFile(folder);
  if (!target || !system.signalProcess(target.pid, 0)) return undefined;
  const answer = await askWho(target.port);
  const isTarget = answer === target.pid || answer === "somebody";
  return isTarget ? target : undefined;
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

/** A target that is busy for longer than this is taken for alive: it does not get a second one beside it. */
const answersWithin = 5000;

/** Who serves a port: a target's process, somebody who does not say (an older target), or nobody. */
function askWho(port: number): Promise<number | "somebody" | "nobody"> {
  return new Promise((resolve) => {
    const request = get(
      { host: "127.0.0.1", port, path: identityPath, agent: false, timeout: answersWithin },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.once("end", () => resolve(pidIn(text) ?? "somebody"));
        response.once("error", () => resolve("nobody"));
      },
    );
    request.once("timeout", () => {
      resolve("somebody");
      request.destroy();
    });
    request.once("error", () => resolve("nobody"));
  });
}

function pidIn(text: string): number | undefined {
  try {
    const { pid } = JSON.parse(text) as Partial<Identity>;
    return typeof pid === "number" ? pid : undefined;
  } catch {
    // An older target refuses the question in XML.
    return undefined;
  }
}
