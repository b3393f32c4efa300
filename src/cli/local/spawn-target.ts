import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join, parse, resolve } from "node:path";

import { LmiError } from "../../errors.ts";
import type { ErrorCode, ExitCode } from "../../errors.ts";
import { notWritable } from "./state-folder.ts";

export interface SpawnRequest {
  readonly node: string;
  readonly script: string;
  readonly stateDir: string;
  readonly port: number;
  /** Where relative names in the environment begin; the target itself works in the root folder. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface SpawnedTarget {
  readonly pid: number | undefined;
  /** Why it ended, when it has. */
  failure(): LmiError | undefined;
  /** From now on it lives and ends without this process. */
  letGo(): void;
}

/** Starts `lmi local up --foreground` as a process that outlives this one; its log is target.log. */
export function spawnTarget(request: SpawnRequest): SpawnedTarget {
  const logFile = join(request.stateDir, "target.log");
  const log = openLog(logFile, request.stateDir);
  const args = [
    request.script,
    "local",
    "up",
    "--foreground",
    "--json",
    "--port",
    String(request.port),
  ];
  const child = spawn(request.node, args, {
    cwd: parse(request.stateDir).root,
    detached: true,
    env: targetEnvironment(request),
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let failure: LmiError | undefined;
  child.once("error", (error) => (failure = ended(logFile, error.message)));
  child.once("exit", (code, signal) => {
    failure =
      saidFailure(logFile) ?? ended(logFile, `It ended with ${signal ?? `exit code ${code}`}.`);
  });
  return { pid: child.pid, failure: () => failure, letGo: () => child.unref() };
}

function openLog(file: string, stateDir: string): number {
  try {
    return openSync(file, "w", 0o600);
  } catch (error) {
    throw notWritable(stateDir, error);
  }
}

/** Nothing of the user's AWS account is handed on: the target and the functions in it need none of it. */
function targetEnvironment({
  environment: env,
  stateDir,
  cwd,
}: SpawnRequest): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(AWS_|LMI_(?!LOCAL_))/.test(entry[0]),
  );
  const rules = env["LMI_LOCAL_FAULTS"];
  return {
    ...Object.fromEntries(kept),
    LMI_LOCAL_STATE: stateDir,
    ...(rules ? { LMI_LOCAL_FAULTS: resolve(cwd, rules) } : {}),
  };
}

/** The failure that the target said as JSON in its log, as this command's own. */
function saidFailure(logFile: string): LmiError | undefined {
  const lines = readFileSync(logFile, "utf8").trimEnd().split("\n");
  for (const line of lines.toReversed()) {
    const said = parseFailure(line);
    if (said) {
      return new LmiError(said.code, said.message, {
        ...(said.why === undefined ? {} : { why: said.why }),
        ...(said.next === undefined ? {} : { next: said.next }),
        exitCode: said.exitCode,
      });
    }
  }
  return undefined;
}

interface SaidFailure {
  readonly type: "error";
  readonly code: ErrorCode;
  readonly message: string;
  readonly why?: string;
  readonly next?: string;
  readonly exitCode: ExitCode;
}

function parseFailure(line: string): SaidFailure | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(line) as Partial<SaidFailure>;
    return value.type === "error" ? (value as SaidFailure) : undefined;
  } catch {
    // An ordinary line of the log that only looks like JSON.
    return undefined;
  }
}

function ended(logFile: string, why: string): LmiError {
  return new LmiError("LMI_LOCAL_NOT_READY", "The local target did not start.", {
    why: `${why}\nIts log: ${logFile}`,
    next: "See what it says: lmi local up --foreground",
  });
}
