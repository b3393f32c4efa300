import { nearest } from "../../synth/nearest.ts";
import { isTree, type Tree } from "./layers.ts";
import { type Problem, settingsError } from "./problem.ts";
import { type ProjectFile, type ProjectFileRequest, relativeTo } from "./project-file.ts";

/** What a settings file says of the environment that was asked for. */
export interface EnvironmentOverlay {
  /** undefined: none was asked for, or the whole file was made for it. */
  readonly overlay: Tree | undefined;
  /** There is no such environment. */
  readonly problem: Problem | undefined;
}

/** `environments.<name>` of a settings file; a name that it does not have would mean a stack that nobody has. */
export function environmentOverlay(
  { content, isMadeForEnvironment }: Pick<ProjectFile, "content" | "isMadeForEnvironment">,
  environment: string | undefined,
): EnvironmentOverlay {
  if (environment === undefined || isMadeForEnvironment)
    return { overlay: undefined, problem: undefined };
  const environments = isTree(content["environments"]) ? content["environments"] : {};
  const overlay = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  return isTree(overlay)
    ? { overlay, problem: undefined }
    : { overlay: undefined, problem: unknownEnvironment(environment, Object.keys(environments)) };
}

/** The overlay, empty where there is none. Fails with LMI_SETTINGS_INVALID for an environment that the file does not have. */
export function knownOverlay(
  found: ProjectFile,
  { cwd, environmentName }: Pick<ProjectFileRequest, "cwd" | "environmentName">,
): Tree {
  const { overlay = {}, problem } = environmentOverlay(found, environmentName);
  if (problem !== undefined) throw settingsError([problem], relativeTo(cwd, found.file));
  return overlay;
}

function unknownEnvironment(environment: string, known: readonly string[]): Problem {
  const guess = nearest(environment, known);
  return {
    path: "environments",
    value: environment,
    origin: "--env",
    code: "environment-unknown",
    message:
      known.length === 0 ? "is not defined: there are none" : `is none of: ${known.join(", ")}`,
    hint:
      guess === undefined
        ? `add "environments": { "${environment}": {} }`
        : `did you mean ${guess}?`,
  };
}
