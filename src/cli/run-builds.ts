import type { ChildProcessByStdio, spawn as Spawn } from "node:child_process";
import type { Readable } from "node:stream";

import { LmiError } from "../errors.ts";
import { capacityOf } from "../synth/providers.ts";
import type { Settings } from "../synth/settings.ts";
import type { LoadedSettings } from "./config/load-settings.ts";
import type { Deps } from "./deps.ts";
import type { System } from "./system.ts";

/** A command that makes the entries of one or more functions. */
interface Build {
  readonly command: string;
  readonly functions: readonly string[];
  /** What it builds for, under the names that set the same settings from outside. */
  readonly variables: { readonly LMI_RUNTIME: string; readonly LMI_ARCH: string };
}

/**
 * Runs the `build` of each function in the project folder, one after the other: the same command for the same runtime
 * and architecture once. What it prints goes to stderr. Fails with LMI_BUILD_FAILED, or with the reason of `signal`,
 * which ends the command and what it started.
 */
export async function runBuilds(
  { settings, projectDir }: Pick<LoadedSettings, "settings" | "projectDir">,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
  signal: AbortSignal,
): Promise<void> {
  const builds = buildsOf(settings);
  if (builds.length === 0) return;
  const { spawn } = await import("node:child_process");
  const run = runner(spawn, projectDir, system, signal);
  for (const build of builds) {
    reporter.info(`Building ${build.functions.join(", ")}: ${build.command}`);
    const ended = await run(build);
    signal.throwIfAborted();
    if (ended !== 0) throw failed(build, ended);
  }
}

function buildsOf(settings: Settings): Build[] {
  const builds = new Map<string, Build>();
  for (const [name, own] of Object.entries(settings.functions)) {
    if (own.build === undefined) continue;
    const variables = {
      LMI_RUNTIME: own.runtime,
      LMI_ARCH: capacityOf(settings, own).architecture,
    };
    const key = JSON.stringify([own.build, variables]);
    const functions = [...(builds.get(key)?.functions ?? []), name];
    builds.set(key, { command: own.build, functions, variables });
  }
  return [...builds.values()];
}

/** Milliseconds that are left for what a build has written last, when something else holds its output open. */
const DRAIN = 250;
/** Milliseconds from asking a build to end to ending it. */
const GRACE = 5000;

/** Runs a build to its end: resolves to the exit code, or to the name of the signal that ended it. */
function runner(
  spawn: typeof Spawn,
  cwd: string,
  system: Pick<System, "env" | "writeStderr" | "signalProcess">,
  signal: AbortSignal,
) {
  const windows = system.env["OS"] === "Windows_NT";
  return async ({ command, variables }: Build): Promise<number | string | null> => {
    signal.throwIfAborted();
    const child = spawn(command, {
      cwd,
      env: { ...system.env, ...variables },
      shell: true,
      stdio: ["ignore", "pipe", "pipe"],
      // A process group of its own, so that the tool below the shell ends with it.
      detached: !windows,
      windowsHide: true,
    });
    const end = (how: "SIGTERM" | "SIGKILL") => {
      const { pid } = child;
      if (pid !== undefined) system.signalProcess(windows ? pid : -pid, how);
    };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => system.writeStderr(text));
    return untilEnded(child, end, signal);
  };
}

/**
 * Until the build has ended and its output is read. What it leaves running (Gradle and MSBuild leave daemons) may hold
 * the output open for good, and is not waited for. Once `signal` aborts: until all that the build started has ended.
 */
function untilEnded(
  child: ChildProcessByStdio<null, Readable, Readable>,
  end: (how: "SIGTERM" | "SIGKILL") => void,
  signal: AbortSignal,
): Promise<number | string | null> {
  return new Promise((done, fail) => {
    let timer: NodeJS.Timeout | undefined;
    // After the reads that are due, however busy this process was.
    const drain = () => {
      timer = setTimeout(() => setImmediate(finish), DRAIN);
    };
    const abort = () => {
      clearTimeout(timer);
      end("SIGTERM");
      timer = setTimeout(() => {
        end("SIGKILL");
        drain();
      }, GRACE);
    };
    const letGo = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const finish = () => {
      letGo();
      done(child.exitCode ?? child.signalCode);
    };
    signal.addEventListener("abort", abort, { once: true });
    child.on("error", (error) => {
      letGo();
      fail(error);
    });
    child.on("exit", () => {
      if (!signal.aborted) drain();
    });
    child.on("close", finish);
  });
}

function failed({ command, functions }: Build, ended: number | string | null): LmiError {
  return new LmiError("LMI_BUILD_FAILED", `The build of ${functions.join(", ")} failed.`, {
    why: `${command} ended with ${ended}; what it said stands above. Nothing was deployed.`,
    next: `Run it by hand in the project folder: ${command}`,
    details: { command, functions, ended },
  });
}
