import type { Aws } from "../../../aws/ports.ts";
import { functionGone } from "../../../deploy/function-gone.ts";
import { LmiError } from "../../../errors.ts";
import type { ProjectNames } from "../../config/project-names.ts";
import { deployedFunctions } from "../deploy/outputs.ts";
import { notInSettings } from "../function-of.ts";

interface Meant {
  /** At AWS. */
  readonly functionName: string;
  /** As typed; undefined: the only one of the project. */
  readonly named: string | undefined;
  readonly project: ProjectNames;
}

/**
 * Where Lambda has no such function and the stack says that it has, or neither the stack nor the settings have it,
 * "deploy it" would send the user in a circle.
 */
export async function tellingGone<T>(meant: Meant, aws: Aws, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LmiError) || error.code !== "LMI_FUNCTION_NOT_FOUND") throw error;
    throw (await better(meant, aws)) ?? error;
  }
}

/** undefined, too, where the caller may invoke and not look: what Invoke said is then all that is known. */
async function better(
  { functionName, named, project }: Meant,
  aws: Aws,
): Promise<LmiError | undefined> {
  try {
    const [found, stack] = await Promise.all([
      aws.functions.find(functionName),
      aws.stacks.find(project.stackName),
    ]);
    // Then it is the version or alias that is missing.
    if (found !== undefined) return undefined;
    const isInStack = deployedFunctions(stack?.outputs ?? {}).includes(functionName);
    return isInStack ? functionGone(functionName) : notInSettings(named, project);
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return undefined;
    throw error;
  }
}
