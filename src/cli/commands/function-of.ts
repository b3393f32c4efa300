import { ExitCode, LmiError } from "../../errors.ts";
import { deployedFunctionName } from "../../synth/names.ts";
import type { ProjectNames } from "../config/project-names.ts";

/** The function that a command means, by its name at AWS: the one it names, else the only one of the project. */
export function functionOf(
  named: string | undefined,
  project: Pick<ProjectNames, "functionNames" | "environmentName">,
): string {
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
