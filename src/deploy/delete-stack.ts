import type { StackResource, StackState } from "../aws/ports.ts";
import { ExitCode, LmiError } from "../errors.ts";
import type { DeployContext } from "./deploy-context.ts";
import { firstFailure, leftLine } from "./failure.ts";
import { newestEventId, watchStack } from "./watch-stack.ts";

/**
 * Deletes a stack and waits until CloudFormation has finished; joins a deletion that is already under way.
 * Fails with LMI_STACK_PROTECTED before anything is deleted, LMI_DELETE_FAILED (exit code 3) when resources are left.
 */
export async function deleteStack(stack: StackState, context: DeployContext): Promise<void> {
  const { aws } = context;
  if (stack.terminationProtection) throw isProtected(stack);
  const after = await newestEventId(stack.stackId, context);
  if (stack.status !== "DELETE_IN_PROGRESS") await aws.stacks.delete(stack.stackId);
  const ended = await watchStack(stack.stackId, context, after);
  if (ended === undefined) return;
  throw deleteFailed(
    ended,
    await leftResources(ended.stackId, context),
    firstFailure(await aws.stacks.events(ended.stackId))?.statusReason,
  );
}

/** Resources of a stack that still exist. */
export async function leftResources(
  stackId: string,
  { aws }: DeployContext,
): Promise<readonly StackResource[]> {
  const resources = await aws.stacks.resources(stackId);
  return resources.filter(({ status }) => status !== "DELETE_COMPLETE");
}

function isProtected({ stackName }: StackState): LmiError {
  return new LmiError("LMI_STACK_PROTECTED", `Stack ${stackName} is protected against deletion.`, {
    why: "Its termination protection is on. Nothing was changed.",
    next: `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}`,
    exitCode: ExitCode.usage,
    details: { stackName },
  });
}

function deleteFailed(
  stack: StackState,
  left: readonly StackResource[],
  reason: string | undefined,
): LmiError {
  return new LmiError(
    "LMI_DELETE_FAILED",
    `Stack ${stack.stackName} could not be deleted completely: ${stack.status}.`,
    {
      why: [reason ?? stack.statusReason, "Left, and perhaps costing money:", ...left.map(leftLine)]
        .filter((line) => line !== undefined)
        .join("\n"),
      next: "lmi destroy   (goes on from here)",
      exitCode: ExitCode.partial,
      details: {
        stackName: stack.stackName,
        stackStatus: stack.status,
        left: left.map(({ logicalId, physicalId, type, statusReason }) => ({
          logicalId,
          physicalId,
          type,
          reason: statusReason,
        })),
      },
    },
  );
}
