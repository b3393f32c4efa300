import { awsCommand } from "../aws/aws-command.ts";
import type { StackEvent, StackState } from "../aws/ports.ts";
import type { AwsTarget } from "../aws/target.ts";
import { ExitCode, LmiError } from "../errors.ts";
import { evidenceDetails, evidenceLines } from "./explain/evidence.ts";
import { eventLine, linesBeside, outcomeOf, type StackTrouble } from "./stack-trouble.ts";

/** The tag that says which project a stack belongs to. */
export const projectTag = "lmi:project";

export type StackCondition =
  | { readonly kind: "absent" }
  | { readonly kind: "ready"; readonly stack: StackState }
  /** CloudFormation makes one change to a stack at a time, and another one is under way. */
  | { readonly kind: "busy"; readonly stack: StackState }
  /** Holds nothing that works; CloudFormation lets it only be deleted. */
  | { readonly kind: "recoverable"; readonly stack: StackState; readonly because: string };

/** Stacks that CloudFormation refuses to update (CloudFormation user guide, "Stack status codes"). */
const recoverable: Readonly<Record<string, string>> = {
  ROLLBACK_COMPLETE: "its first creation failed and was rolled back",
  ROLLBACK_FAILED: "its first creation failed and could not be rolled back completely",
  CREATE_FAILED: "its first creation failed",
  DELETE_FAILED: "a deletion stopped half way",
};

/**
 * Decides whether a deploy may go on. Throws LMI_STACK_NOT_OURS or LMI_STACK_STUCK.
 * @param trouble what the stack's events tell of its last change, for the words of LMI_STACK_STUCK
 */
export function examineStack(
  stack: StackState | undefined,
  project: string,
  target: AwsTarget,
  trouble?: StackTrouble,
): StackCondition {
  if (stack === undefined) return { kind: "absent" };
  requireOurs(stack, project);
  // Another deployment may be about to execute it: to delete it would take its stack away.
  if (stack.status === "REVIEW_IN_PROGRESS") return { kind: "absent" };
  const because = recoverable[stack.status];
  if (because !== undefined) return { kind: "recoverable", stack, because };
  if (isBusy(stack.status)) return { kind: "busy", stack };
  if (isStuck(stack)) throw stuck(stack, target, trouble);
  return { kind: "ready", stack };
}

/** Neither updated nor, for what it holds, simply to be deleted. */
export function isStuck({ status }: Pick<StackState, "status">): boolean {
  return status === "UPDATE_ROLLBACK_FAILED" || status === "IMPORT_ROLLBACK_FAILED";
}

export function isBusy(status: string): boolean {
  return status.endsWith("_IN_PROGRESS") && status !== "REVIEW_IN_PROGRESS";
}

/** Throws LMI_STACK_NOT_OURS when the stack does not carry this project's tag. */
export function requireOurs(stack: StackState, project: string): void {
  const owner = stack.tags[projectTag];
  if (owner === project) return;
  // A stack in review has no resources and, in some regions, no tags yet; its name is all there is.
  if (stack.status === "REVIEW_IN_PROGRESS" && Object.keys(stack.tags).length === 0) return;
  throw new LmiError(
    "LMI_STACK_NOT_OURS",
    `Stack ${stack.stackName} exists and is not this project's.`,
    {
      why:
        owner === undefined
          ? `It has no tag ${projectTag}, so something else than lmi made it. Nothing was changed.`
          : `Its tag ${projectTag} is "${owner}", this project is "${project}". Nothing was changed.`,
      next: 'Choose another "name" in the settings, or another region with --region',
      exitCode: ExitCode.usage,
      details: { stackName: stack.stackName, stackId: stack.stackId, owner },
    },
  );
}

/** For what cannot wait any longer until the stack is free. */
export function stackBusy(stack: StackState): LmiError {
  return new LmiError(
    "LMI_STACK_BUSY",
    `Stack ${stack.stackName} is being changed: ${stack.status}.`,
    {
      why: "CloudFormation makes one change to a stack at a time, and another one is under way.",
      next:
        stack.status === "DELETE_IN_PROGRESS"
          ? "lmi deploy   (waits until the stack is gone, then makes it anew)"
          : "lmi deploy --attach   (waits for it)",
      details: { stackName: stack.stackName, status: stack.status },
    },
  );
}

/** What to do about a stack as it is; undefined where it is fine. */
export function nextForStack(
  { status, stackName }: Pick<StackState, "status" | "stackName">,
  target: AwsTarget,
): string | undefined {
  if (status === "UPDATE_ROLLBACK_FAILED") return finishRollback(stackName, target);
  if (status === "IMPORT_ROLLBACK_FAILED")
    return "lmi destroy   (what was imported stays, where its DeletionPolicy is Retain)";
  if (status === "DELETE_FAILED") return "lmi destroy   (goes on from here)";
  if (status === "ROLLBACK_FAILED") return "lmi destroy   (tries to delete what is left)";
  if (status === "DELETE_IN_PROGRESS") return "lmi destroy   (waits for it)";
  if (status === "REVIEW_IN_PROGRESS") return "lmi deploy   (creates it)";
  if (status in recoverable) return "lmi deploy   (clears the failed stack away and makes it anew)";
  return isBusy(status) ? "lmi deploy --attach   (waits for it)" : undefined;
}

/** What lets a stack be deployed again whose update could not be undone. */
function finishRollback(stackName: string, target: AwsTarget): string {
  const words = `cloudformation continue-update-rollback --stack-name ${stackName}`;
  return `${awsCommand(target, words)} && lmi deploy${target.local ? " --local" : ""}`;
}

/** The way out where what kept the rollback from its end cannot be mended. */
export function skipping(
  { status }: Pick<StackState, "status">,
  obstacle: StackEvent | undefined,
): string | undefined {
  if (status !== "UPDATE_ROLLBACK_FAILED" || obstacle === undefined) return undefined;
  return `Mend what keeps ${obstacle.logicalId} from going back, then finish the rollback. Where that cannot be mended, --resources-to-skip ${obstacle.logicalId} behind the first command leaves it as it is.`;
}

function stuck(stack: StackState, target: AwsTarget, trouble: StackTrouble | undefined): LmiError {
  const { stackName, status } = stack;
  const { cause, others, obstacle } = trouble ?? {};
  const lines = [
    ...(cause ? [eventLine(cause)] : []),
    ...linesBeside(others),
    ...(obstacle ? [eventLine(obstacle)] : []),
  ];
  const why = [
    ...evidenceLines(lines),
    ...(lines.length === 0 && stack.statusReason ? [stack.statusReason.trim()] : []),
    outcomeOf(stack, target),
    skipping(stack, obstacle),
  ];
  const what = status.startsWith("IMPORT") ? "import" : "update";
  return new LmiError(
    "LMI_STACK_STUCK",
    `Stack ${stackName} is ${status}: a failed ${what} could not be undone.`,
    {
      why: why.filter((line) => line !== undefined).join("\n"),
      next: nextForStack(stack, target) ?? "lmi status",
      exitCode: ExitCode.partial,
      details: { stackName, status, evidence: evidenceDetails(lines) },
    },
  );
}
