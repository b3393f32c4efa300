import type { Aws } from "../../../aws/ports.ts";
import { functionGone } from "../../../deploy/function-gone.ts";
import { LmiError } from "../../../errors.ts";
import { deployedFunctions } from "../deploy/outputs.ts";

/** Where Lambda has no such function and the stack says that it has, "deploy it" would send the user in a circle. */
export async function tellingGone<T>(
  functionName: string,
  stackName: string,
  aws: Aws,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LmiError) || error.code !== "LMI_FUNCTION_NOT_FOUND") throw error;
    throw (await isGone(functionName, stackName, aws)) ? functionGone(functionName) : error;
  }
}

/** False, too, where the caller may invoke and not look: what Invoke said is then all that is known. */
async function isGone(functionName: string, stackName: string, aws: Aws): Promise<boolean> {
  try {
    const [found, stack] = await Promise.all([
      aws.functions.find(functionName),
      aws.stacks.find(stackName),
    ]);
    const isInStack = deployedFunctions(stack?.outputs ?? {}).includes(functionName);
    return found === undefined && isInStack;
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return false;
    throw error;
  }
}
