import { fileURLToPath } from "node:url";

import { LmiError } from "../../errors.ts";
import type { Deps } from "../deps.ts";
import { packageRoot } from "../package-root.ts";
import type { System } from "../system.ts";
import { ownVersion } from "../version.ts";
import { notWritable, prepareStateFolder } from "./state-folder.ts";
import { tryStartLock } from "./start-lock.ts";
import { findRunning, readTargetFile } from "./target-file.ts";
import type { TargetFile } from "./target-file.ts";

export interface StartRequest {
  readonly stateDir: string;
  /** 0: any free port. */
  readonly port: number;
}

type StartDeps = Pick<Deps, "system" | "reporter">;

/** How long a target may take to be ready, and how long a command waits for another that starts one. */
const readyWithin = 10_000;
const lookEvery = 20;

/** The running local target of a state folder; starts one where none runs. */
export async function ensureLocalTarget(
  request: StartRequest,
  deps: StartDeps,
): Promise<TargetFile> {
  const running = await findRunning(request.stateDir, deps.system);
  if (running?.version === ownVersion()) return running;
  if (running) {
    deps.reporter.info(`The local target is lmi ${running.version}'s: starting it anew.`);
    await stopLocalTarget(request.stateDir, deps.system);
  }
  prepareStateFolder(request.stateDir);
  const started = await startOnce(request, deps);
  deps.reporter.info(`Local target started at ${started.endpoint} (ends with: lmi local down)`);
  return started;
}

async function startOnce(request: StartRequest, deps: StartDeps): Promise<TargetFile> {
  const { system } = deps;
  const deadline = system.now().getTime() + readyWithin;
  while (system.now().getTime() < deadline) {
    const release = lock(request.stateDir, system);
    if (release) {
      try {
        // Another command may have finished starting it before the lock was ours.
        return (
          // Waiting for another process
          (await findRunning(request.stateDir, system)) ??
          (await startInBackground(request, system))
        );
      } finally {
        release();
      }
    }
    // Waiting for another process
    await system.sleep(lookEvery);
  }
  throw notReady(request.stateDir, "Another command has been starting it for all that time.");
}

function lock(stateDir: string, system: System): (() => void) | undefined {
  try {
    return tryStartLock(stateDir, system.program.pid, system);
  } catch (error) {
    throw notWritable(stateDir, error);
  }
}

async function startInBackground(request: StartRequest, system: System): Promise<TargetFile> {
  const { spawnTarget } = await import("./spawn-target.ts");
  const child = spawnTarget({
    node: system.program.node,
    script: fileURLToPath(new URL("bin/lmi.js", packageRoot)),
    stateDir: request.stateDir,
    port: request.port,
    cwd: system.cwd,
    environment: system.env,
  });
  const deadline = system.now().getTime() + readyWithin;
  try {
    while (system.now().getTime() < deadline) {
      const failure = child.failure();
      // Waiting for another process
      const running = await findRunning(request.stateDir, system);
      // A command that was killed leaves the target that it had begun to start: that one is as good.
      if (running && (failure || running.pid === child.pid)) return running;
      if (failure) throw failure;
      // Waiting for another process
      await system.sleep(lookEvery);
    }
  } finally {
    child.letGo();
  }
  if (child.pid !== undefined) system.signalProcess(child.pid, "SIGKILL");
  throw notReady(request.stateDir, `It was not ready within ${readyWithin / 1000} s.`);
}

function notReady(stateDir: string, why: string): LmiError {
  return new LmiError("LMI_LOCAL_NOT_READY", "The local target did not start.", {
    why: `${why}\nIts log: ${stateDir}/target.log`,
    next: "See what it says: lmi local up --foreground",
  });
}

/** Ends the target of a folder, gently first. @returns whether one was running */
export async function stopLocalTarget(stateDir: string, system: System): Promise<boolean> {
  const target = readTargetFile(stateDir);
  if (!target || !(await findRunning(stateDir, system))) return false;
  system.signalProcess(target.pid, "SIGTERM");
  if (await isGone(target.pid, 5000, system)) return true;
  system.signalProcess(target.pid, "SIGKILL");
  if (await isGone(target.pid, 2000, system)) return true;
  throw new LmiError("LMI_LOCAL_NOT_STOPPED", `Process ${target.pid} does not end.`, {
    why: "It was sent SIGTERM and SIGKILL.",
    next: `Look at it: ps -p ${target.pid}`,
  });
}

async function isGone(pid: number, within: number, system: System): Promise<boolean> {
  const deadline = system.now().getTime() + within;
  while (system.signalProcess(pid, 0)) {
    if (system.now().getTime() >= deadline) return false;
    // Waiting for another process
    await system.sleep(lookEvery);
  }
  return true;
}
