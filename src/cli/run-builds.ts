import type { spawn as Spawn } from "node:child_process";

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

/** Runs a build to its end: resolves to the exit code, or to the name of the signal that ended it. */
function runner(
  spawn: typeof Spawn,
  cwd: string,
  system: Pick<System, "env" | "writeStderr" | "signalProcess">,
  signal: AbortSignal,
) {
  const windows = system.env["OS"] === "Windows_NT";
  return ({ command, variables }: Build): Promise<number | string | null> =>
    new Promise((done, fail) => {
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
      const end = () => {
        const { pid } = child;
        if (pid !== undefined) system.signalProcess(windows ? pid : -pid, "SIGTERM");
      };
      signal.addEventListener("abort", end, { once: true });
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text: string) => system.writeStderr(text));
      child.on("error", fail);
      child.on("close", (code, endedBy) => {
        signal.removeEventListener("abort", end);
        done(code ?? endedBy);
      });
    });
}

function failed({ command, functions }: Build, ended: number | string | null): LmiError {
  return new LmiError("LMI_BUILD_FAILED", `The build of ${functions.join(", ")} failed.`, {
    why: `${command} ended with ${ended}; what it said stands above. Nothing was deployed.`,
    next: `Run it by hand in the project folder: ${command}`,
    details: { command, functions, ended },
  });
}
