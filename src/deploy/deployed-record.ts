import type { KeptCode, StackState } from "../aws/ports.ts";

/**
 * What is kept of the code that the stack's template names: whatever keeps that of a deployment does so once the stack
 * was last changed. undefined: nobody saw the end of that deployment.
 * @param kept oldest first
 */
export function deployedRecord(
  kept: readonly KeptCode[],
  stack: Pick<StackState, "createdAt" | "updatedAt">,
): KeptCode | undefined {
  const deployedAt = stack.updatedAt ?? stack.createdAt;
  return kept.findLast(
    ({ by, at, isPublished }) =>
      isPublished && by === "deploy" && (deployedAt === undefined || at >= deployedAt),
  );
}
