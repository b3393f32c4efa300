import { ExitCode, LmiError } from "../../errors.ts";
import { deployedFunctionName } from "../../synth/names.ts";
import type { ProjectNames } from "../config/project-names.ts";

type Names = Pick<ProjectNames, "functionNames" | "environmentName">;

/** The function that a command means, by its name at AWS: the one it names, else the only one of the project. */
export function functionOf(named: string | undefined, project: Names): string {
  if (named === "") throw noSuchFunction('""', project.functionNames);
  if (named !== undefined) {
    const deployed = deployedFunctionName(named, project.environmentName);
    return project.functionNames.includes(deployed) ? deployed : named;
  }
  const [first, second] = project.functionNames;
  if (first !== undefined && second === undefined) return first;
  throw new LmiError("LMI_FUNCTION_AMBIGUOUS", "This project has several functions.", {
    why: `They are ${project.functionNames.join(", ")}.`,
    next: `Name one, for example ${first}`,
    exitCode: ExitCode.usage,
  });
}

/** For a name that is none of those that there are. `owner` begins the sentence. */
export function noSuchFunction(
  named: string,
  known: readonly string[],
  owner = "This project",
): LmiError {
  const [first] = known;
  return new LmiError("LMI_FUNCTION_NOT_FOUND", `${owner} has no function ${named}.`, {
    why: first === undefined ? "It has none." : `It has ${known.join(", ")}.`,
    next: first === undefined ? "lmi status" : `Name one of them, for example ${first}`,
    exitCode: ExitCode.usage,
    details: { functionName: named, known },
  });
}

/**
 * For a function that AWS does not have either: undefined where the settings have it, so that it is to be deployed, or
 * where there are no settings that could say.
 */
export function notInSettings(
  named: string | undefined,
  project: Names & Pick<ProjectNames, "configFile">,
): LmiError | undefined {
  if (named === undefined || project.configFile === undefined) return undefined;
  const { functionNames } = project;
  if (functionNames.includes(functionOf(named, project))) return undefined;
  return noSuchFunction(named, functionNames);
}
