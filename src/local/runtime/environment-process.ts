import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import process from "node:process";
import type { Readable } from "node:stream";
import { nativeClientUrl, nodeRuntimeClient } from "./runtime-client.ts";

export interface ProcessOptions {
  readonly node: string;
  readonly memoryMb: number;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** One line that the function, or its runtime, wrote. */
  readonly onLine: (line: string) => void;
}

const ownGroup = process.platform !== "win32";

/** Starts AWS's runtime client with the function under the given Node.js. */
export function spawnEnvironment(options: ProcessOptions): ChildProcess {
  const child = spawn(
    options.node,
    [
      // Each worker thread has a heap of its own; none may grow beyond the function's memory.
      `--max-old-space-size=${options.memoryMb}`,
      "--disable-warning=ExperimentalWarning",
      "--import",
      nativeClientUrl(),
      nodeRuntimeClient(),
    ],
    {
      cwd: options.cwd,
      env: { ...options.variables },
      // The fourth pipe is the lifeline: the environment ends itself when this process is gone.
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      detached: ownGroup,
      windowsHide: true,
    },
  );
  if (child.stdout) forEachLine(child.stdout, options.onLine);
  if (child.stderr) forEachLine(child.stderr, options.onLine);
  return child;
}

/** Kills the environment and whatever the function started in it. */
export function killEnvironment(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (ownGroup) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // Gone between the check and the kill.
  }
}

/** CloudWatch Logs takes events of up to 1 MB; what is longer goes on in the next event. */
const maxLineLength = 1_000_000;

function forEachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
    if (rest.length > maxLineLength) {
      onLine(rest);
      rest = "";
    }
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
