import { deployedFunctionName } from "../../../synth/names.ts";
import type { Settings } from "../../../synth/settings.ts";
import { loadSettings } from "../../config/load-settings.ts";
import type { BenchDeps, BenchOptions } from "../bench.ts";
import type { Subject } from "./subject.ts";

export interface Measured {
  readonly settings: Settings;
  readonly functionKey: string;
}

/** The project's settings with what is really deployed of the function; undefined where it is none of the project's. */
export async function measuredSettings(
  options: BenchOptions,
  subject: Subject,
  system: BenchDeps["system"],
): Promise<Measured | undefined> {
  const { settings } = await loadSettings({
    cwd: system.cwd,
    configFile: options.config,
    environmentName: options.env,
    runUserCode: system.runUserCode,
    region: options.region,
    env: system.env,
  });
  const functionKey = Object.keys(settings.functions).find(
    (key) => deployedFunctionName(key, options.env) === subject.functionName,
  );
  const own = functionKey === undefined ? undefined : settings.functions[functionKey];
  if (functionKey === undefined || own === undefined) return undefined;
  const { memory, memoryPerVCpu, concurrency, minEnvironments, maxEnvironments } = subject;
  const live = { ...own, memory, memoryPerVCpu, concurrency, minEnvironments, maxEnvironments };
  return {
    settings: { ...settings, functions: { ...settings.functions, [functionKey]: live } },
    functionKey,
  };
}
