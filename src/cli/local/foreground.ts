import { ExitCode, LmiError } from "../../errors.ts";
import type { Clock } from "../../local/clock.ts";
import type { LocalTarget } from "../../local/local-target.ts";
import type { AnsweredRequest } from "../../local/request-log.ts";
import type { Timing } from "../../local/service.ts";
import type { Deps } from "../deps.ts";
import type { System } from "../system.ts";
import { ownVersion } from "../version.ts";
import type { StartRequest } from "./background.ts";
import { faultRulesOf, namingFile } from "./fault-rules-file.ts";
import { cacheFolder, prepareStateFolder } from "./state-folder.ts";
import { removeTargetFile, writeTargetFile } from "./target-file.ts";

/** Is the local target until it is interrupted; what `lmi local up` runs in the background. */
export async function runForeground(
  { stateDir, port }: StartRequest,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  system.keepFilesPrivate();
  prepareStateFolder(stateDir);
  const interrupted = onInterrupt(system);
  const { startLocalTarget } = await import("../../local/local-target.ts");
  const { timing, clock } = await timingOf(system.env["LMI_LOCAL_TIMING"]);
  const faultsFile = system.env["LMI_LOCAL_FAULTS"];
  const target = await startLocalTarget({
    stateDir,
    port,
    timing,
    clock,
    cacheDir: cacheFolder(system),
    environments: environmentsOf(system.env["LMI_LOCAL_ENVIRONMENTS"]),
    faultRules: await faultRulesOf(faultsFile),
    answered: await requestLogOf(system.env["LMI_LOCAL_REQUEST_LOG"]),
    identity: { pid: system.program.pid },
    log: (message) => system.writeStderr(`${system.now().toISOString()} ${message}\n`),
  }).catch((error: unknown) => {
    throw namingFile(error, faultsFile);
  });
  writeTargetFile(stateDir, {
    endpoint: target.endpoint,
    port: target.port,
    pid: system.program.pid,
    startedAt: system.now().toISOString(),
    version: ownVersion(),
  });
  reporter.info(`Local target at ${target.endpoint} · Ctrl-C ends it`);
  await interrupted;
  await end(target, stateDir, system);
}

/** LMI_LOCAL_TIMING: whether states change within milliseconds, take as long as on AWS, or a part of that. */
async function timingOf(value: string | undefined): Promise<{ timing: Timing; clock: Clock }> {
  const { hurriedClock, systemClock } = await import("../../local/clock.ts");
  if (value === undefined || value === "" || value === "fast")
    return { timing: "fast", clock: systemClock };
  const factor = /^realistic(?:\/(?<factor>[1-9]\d{0,3}))?$/.exec(value)?.groups;
  if (factor)
    return { timing: "realistic", clock: hurriedClock(systemClock, Number(factor["factor"] ?? 1)) };
  throw new LmiError(
    "LMI_USAGE",
    `LMI_LOCAL_TIMING is ${value}, neither "fast" nor "realistic" nor a part of that like "realistic/10"`,
    { next: "Set LMI_LOCAL_TIMING to one of them, or unset it", exitCode: ExitCode.usage },
  );
}

/** LMI_LOCAL_ENVIRONMENTS: how many processes run each version from the start, or `all`. */
function environmentsOf(value: string | undefined): number | "all" | undefined {
  if (value === undefined || value === "") return undefined;
  if (value === "all") return value;
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  throw new LmiError(
    "LMI_USAGE",
    `LMI_LOCAL_ENVIRONMENTS is ${value}, not a number from 1, or "all"`,
    {
      next: "Set LMI_LOCAL_ENVIRONMENTS to a number, or unset it",
      exitCode: ExitCode.usage,
    },
  );
}

/** LMI_LOCAL_REQUEST_LOG: a file that gets a line of JSON for each answered request. */
async function requestLogOf(
  file: string | undefined,
): Promise<((request: AnsweredRequest) => void) | undefined> {
  if (file === undefined || file === "") return undefined;
  const { openRequestLog } = await import("../../local/request-log.ts");
  const { systemClock } = await import("../../local/clock.ts");
  try {
    return openRequestLog(file, systemClock);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LmiError("LMI_USAGE", `LMI_LOCAL_REQUEST_LOG cannot be written: ${file}`, {
      why,
      next: "Set LMI_LOCAL_REQUEST_LOG to the absolute path of a file, or unset it",
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

function onInterrupt(system: System): Promise<void> {
  const signal = system.interrupt;
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Functions that do not end in time are left to the operating system: this process goes all the same. */
async function end(target: LocalTarget, stateDir: string, system: System): Promise<void> {
  await Promise.race([target.close(), system.sleep(4000)]);
  removeTargetFile(stateDir, system.program.pid);
}
