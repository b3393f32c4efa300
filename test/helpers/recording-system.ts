import { tmpdir } from "node:os";
import process from "node:process";

import type { System } from "../../src/cli/system.ts";

export interface RecordingSystem extends System {
  /** What was written so far. */
  readonly written: { stdout: string; stderr: string };
  /** Variables set through `setEnv`, undefined for removed ones. */
  readonly changedEnv: Record<string, string | undefined>;
  /** As Ctrl-C would. */
  readonly press: (signal?: "SIGINT" | "SIGTERM") => void;
}

/** A process of its own for one test: no terminal, no environment, a clock that only sleeping moves. */
export function recordingSystem(
  overrides: Partial<System> & { stdin?: string } = {},
): RecordingSystem {
  const { stdin = "", ...fields } = overrides;
  const controller = new AbortController();
  const written = { stdout: "", stderr: "" };
  const changedEnv: Record<string, string | undefined> = {};
  let now = Date.parse("2026-11-23T12:00:00.000Z");
  let caught: "SIGINT" | "SIGTERM" | undefined;
  return {
    env: {},
    setEnv: (values) => void Object.assign(changedEnv, values),
    cwd: tmpdir(),
    home: tmpdir(),
    // This very process: folders and files with the number of a dead one are swept away by any command beside it.
    program: { node: "/no/such/node", version: process.versions.node, pid: process.pid },
    stdinIsTerminal: false,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    columns: 80,
    now: () => new Date(now),
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    readStdin: async () => Buffer.from(stdin),
    writeStdout: (bytes) => {
      written.stdout += typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes);
    },
    stdoutDrained: async () => {},
    writeStderr: (text) => {
      written.stderr += text;
    },
    interrupt: controller.signal,
    get interruptedBy() {
      return caught;
    },
    runUserCode: async (_name, work) => work(),
    keepFilesPrivate: () => {},
    signalProcess: isAlive,
    ...fields,
    written,
    changedEnv,
    press: (signal = "SIGINT") => {
      caught = signal;
      controller.abort(signal);
    },
  };
}

/** Answers the question truthfully, and sends no signal. */
function isAlive(pid: number, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  if (signal !== 0) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
