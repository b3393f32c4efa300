import { ExitCode, LmiError } from "../../errors.ts";
import type { Clock } from "../../local/clock.ts";
import type { LocalTargetOptions } from "../../local/local-target.ts";
import type { AnsweredRequest } from "../../local/request-log.ts";
import type { Timing } from "../../local/service.ts";
import type { System } from "../system.ts";
import { faultRulesOf } from "./fault-rules-file.ts";
import { cacheFolder } from "./state-folder.ts";

/** What the process's environment says of a target that runs in it. */
export async function targetSettings(
  system: Pick<System, "env" | "home" | "program">,
): Promise<Partial<LocalTargetOptions>> {
  const { env } = system;
  return {
    ...(await timingOf(env["LMI_LOCAL_TIMING"])),
    cacheDir: cacheFolder(system),
    environments: environmentsOf(env["LMI_LOCAL_ENVIRONMENTS"]),
    faultRules: await faultRulesOf(env["LMI_LOCAL_FAULTS"]),
    answered: await requestLogOf(env["LMI_LOCAL_REQUEST_LOG"]),
    identity: { pid: system.program.pid },
  };
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
