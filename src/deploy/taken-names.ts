import type { FunctionState } from "../aws/ports.ts";
import { ExitCode, LmiError } from "../errors.ts";
import { functionName, isFunction } from "./architecture-change.ts";
import type { ChangeSummary } from "./changes.ts";
import type { DeployContext } from "./deploy-context.ts";
import { kindChange } from "./refusals.ts";
import { resourcesOf } from "./template-resources.ts";

/** Functions that would be new, and whose name somebody else's function has: CloudFormation would only fail later. */
export async function takenNames(
  wanted: Readonly<Record<string, unknown>>,
  { resources }: ChangeSummary,
  { aws }: Pick<DeployContext, "aws">,
): Promise<LmiError[]> {
  const declared = resourcesOf(wanted);
  const added = resources.flatMap(({ logicalId, kind }) => {
    const resource = declared[logicalId];
    return kind === "add" && resource !== undefined && isFunction(resource)
      ? [functionName(logicalId, resource)]
      : [];
  });
  const found = await Promise.all(added.map((name) => lookAt(name, aws)));
  return found.flatMap((one) => (one === undefined ? [] : [taken(one)]));
}

/** Whoever may not look is told by CloudFormation. */
async function lookAt(
  name: string,
  { functions }: DeployContext["aws"],
): Promise<FunctionState | undefined> {
  try {
    return await functions.find(name);
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return undefined;
    throw error;
  }
}

function taken({ functionName: name, functionArn, capacityProviderArn }: FunctionState): LmiError {
  if (capacityProviderArn === undefined) {
    return kindChange(
      `There is a default Lambda function ${name}, which cannot become one on managed instances.`,
      `${functionArn} is not of this stack, and Lambda takes a capacity provider for new functions only.`,
    );
  }
  return new LmiError("LMI_FUNCTION_NAME_TAKEN", `There is a function ${name} already.`, {
    why: `${functionArn} is not this function of the stack, and an account has each name once in a region. Nothing was changed.`,
    next: "Give the function in lmi.json another name, or delete the other one first",
    exitCode: ExitCode.usage,
  });
}
