import { ExitCode, LmiError } from "../../../errors.ts";
import { nodeMajor } from "../../../synth/runtimes.ts";
import type { Settings } from "../../../synth/settings.ts";

/** Fails where the local target would fail minutes later, with the function half made: it runs no such runtime. */
export function refuseUnrunnable({ functions }: Pick<Settings, "functions">): void {
  const others = Object.entries(functions).filter(([, { runtime }]) => !runsLocally(runtime));
  if (others.length === 0) return;
  const named = others.map(([name, { runtime }]) => `${name} (${runtime})`).join(", ");
  throw new LmiError("LMI_LOCAL_RUNTIME", `The local target cannot run ${named}.`, {
    why: "It runs functions of Node.js and of provided.al2023. Nothing was deployed.",
    next: "Test the handler by itself, and deploy to AWS, without --local",
    exitCode: ExitCode.usage,
    details: { functions: others.map(([name]) => name) },
  });
}

/** Other versions of Node.js are refused with the settings, or were meant to be tried. */
function runsLocally(runtime: string): boolean {
  return nodeMajor(runtime) !== undefined || runtime.startsWith("provided.");
}
