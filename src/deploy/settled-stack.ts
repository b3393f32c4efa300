import type { StackState } from "../aws/ports.ts";
import type { DeployContext } from "./deploy-context.ts";
import { patiently } from "./patiently.ts";
import { isBusy } from "./stack-condition.ts";
import { watchStack } from "./watch-stack.ts";

/** The stack once CloudFormation has finished with it, also where the toolkit library lost sight of it. */
export async function settledStack(
  stackName: string,
  context: DeployContext,
): Promise<StackState | undefined> {
  const stack = await patiently(context, () => context.aws.stacks.find(stackName));
  return stack && isBusy(stack.status) ? watchStack(stack.stackId, context) : stack;
}

const good = new Set(["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"]);

export function isGood({ status }: StackState): boolean {
  return good.has(status);
}

/** Whether CloudFormation did anything to the stack since `before` was read. */
export function wasExecuted(before: StackState | undefined, after: StackState): boolean {
  if (before === undefined || before.stackId !== after.stackId)
    return after.status !== "REVIEW_IN_PROGRESS";
  return before.updatedAt?.getTime() !== after.updatedAt?.getTime();
}
