import { type ProjectNames, readProjectNames } from "./config/project-names.ts";
import type { SharedOptions } from "./shared-options.ts";
import type { System } from "./system.ts";

/** The project that a command is about: that of the current folder, or of `--config`, in the environment of `--env`. */
export function projectOf(
  { config, env }: Pick<SharedOptions, "config" | "env">,
  { cwd, runUserCode }: Pick<System, "cwd" | "runUserCode">,
): Promise<ProjectNames> {
  return readProjectNames({ cwd, configFile: config, environmentName: env, runUserCode });
}
