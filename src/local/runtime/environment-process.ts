import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import type { Readable } from "node:stream";
import type { Launch } from "./launch.ts";

export interface ProcessOptions {
  readonly launch: Launch;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The environment's /tmp, which goes with it. */
  readonly tmp: string;
  /** One line that the function, or its runtime, wrote. */
  readonly onLine: (line: string) => void;
}

const windows = process.platform === "win32";
const ownGroup = !windows;
/** File descriptors of an environment (Lambda developer guide, lambda-managed-instances-runtimes; 4096 since 2026-03). */
const limitDescriptors = "ulimit -n 4096 2>/dev/null || :";
/**
 * Waits for the end of the lifeline, then removes /tmp and kills the group. The watched process gets no lifeline, and
 * the watcher none of its output, so that an end of the output means that the process is gone.
 */
const watcher = `(exec </dev/null >/dev/null 2>&1; read -r _ <&3; rm -rf -- "$0"; kill -KILL -- "-$$") &`;

/** Starts the main process of an environment, as the leader of a process group. */
export function spawnEnvironment(options: ProcessOptions): ChildProcess {
  const { file, args } = command(options);
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...options.variables },
    // The fourth pipe is the lifeline: the environment ends when this process is gone.
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: ownGroup,
    windowsHide: true,
  });
  if (child.stdout) forEachLine(child.stdout, options.onLine);
  if (child.stderr) forEachLine(child.stderr, options.onLine);
  return child;
}

function command({ launch, tmp }: ProcessOptions): { file: string; args: readonly string[] } {
  if (windows) return launch;
  const run = launch.endedBy === "watcher" ? `${watcher}\nexec 3<&-\nexec "$@"` : 'exec "$@"';
  const script = `${limitDescriptors}\n${run}`;
  return { file: "/bin/sh", args: ["-c", script, tmp, launch.file, ...launch.args] };
}

/** Kills the environment and whatever the function started in it, also when its main process has ended already. */
export function killEnvironment(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (ownGroup) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

/** A process outside the group may keep the output open; nobody waits longer for it. */
const outputGraceMs = 500;

/** Resolves when the process has ended and its output was read. */
export async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, "close").catch(() => undefined);
  await Promise.race([once(child, "exit").catch(() => undefined), closed]);
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise((resolve) => {
    timer = setTimeout(resolve, outputGraceMs);
  });
  await Promise.race([closed, grace]);
  clearTimeout(timer);
}

/** CloudWatch Logs takes events of up to 1 MB; what is longer goes on in the next event. Room is left for one chunk. */
const maxLineBytes = 780_000;

function forEachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
    if (rest.length > maxLineBytes / 4 && Buffer.byteLength(rest) > maxLineBytes) {
      onLine(rest);
      rest = "";
    }
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
