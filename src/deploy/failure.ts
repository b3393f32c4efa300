import type { StackEvent, StackResource, StackState } from "../aws/ports.ts";
import type { AwsTarget } from "../aws/target.ts";
import { ExitCode, LmiError } from "../errors.ts";
import { leftList } from "./left-list.ts";
import { plainReason } from "./reason-text.ts";
import { finishRollback } from "./stack-condition.ts";
import { explainReason, nextFor, type ReasonExplanation } from "./reason-codes.ts";

const stackType = "AWS::CloudFormation::Stack";

/**
 * The event that began the failure. CloudFormation reports the stack's own failure and every cancelled
 * neighbour after it; only the first one names the cause.
 * @param events newest first, as the Stacks port gives them
 */
export function firstFailure(events: readonly StackEvent[]): StackEvent | undefined {
  return currentOperation(events).findLast(
    ({ status, type, statusReason }) =>
      status.endsWith("_FAILED") && type !== stackType && !isCancellation(statusReason),
  );
}

/** Events since the stack last began to be created, updated or deleted by somebody, newest first. */
function currentOperation(events: readonly StackEvent[]): readonly StackEvent[] {
  const start = events.findIndex(
    (event) =>
      event.type === stackType && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(event.status),
  );
  return start < 0 ? events : events.slice(0, start);
}

/** "Resource creation cancelled", "Resource update cancelled": what CloudFormation writes for innocent neighbours. */
function isCancellation(reason: string | undefined): boolean {
  return reason !== undefined && /^Resource (creation|update|deletion) cancelled/i.test(reason);
}

export interface FailedDeployment {
  readonly stack: StackState;
  readonly event: StackEvent | undefined;
  /** Resources that still exist; empty where nothing is left or nobody asked. */
  readonly left: readonly StackResource[];
  readonly target: AwsTarget;
}

/** The error for a deployment that CloudFormation gave up. */
export function deploymentFailed({ stack, event, left, target }: FailedDeployment): LmiError {
  const reason = event?.statusReason ?? stack.statusReason ?? stack.status;
  const known = explainReason(reason);
  const subject = event
    ? `${event.logicalId} (${event.type}) ${verbOf(event.status)}`
    : `Stack ${stack.stackName} failed`;
  const isPartial = stack.status.endsWith("ROLLBACK_FAILED");
  return new LmiError(known?.code ?? "LMI_DEPLOY_FAILED", `${subject}: ${plainReason(reason)}`, {
    why: [known?.why, outcome(stack, target), ...leftList(left)]
      .filter((line) => line !== undefined)
      .join("\n"),
    next: nextStep(stack, known, target, functionOf(event)),
    exitCode: isPartial ? ExitCode.partial : ExitCode.failure,
    details: {
      stackName: stack.stackName,
      stackStatus: stack.status,
      reason,
      ...(event ? { resource: event.logicalId, resourceType: event.type } : {}),
      ...(left.length > 0
        ? { left: left.map(({ logicalId, physicalId, type }) => ({ logicalId, physicalId, type })) }
        : {}),
    },
  });
}

/** A function's physical id is its name. */
function functionOf(event: StackEvent | undefined): string | undefined {
  return event?.type === "AWS::Lambda::Function" ? event.physicalId : undefined;
}

function verbOf(status: string): string {
  if (status.startsWith("UPDATE")) return "could not be updated";
  return status.startsWith("DELETE") ? "could not be deleted" : "could not be created";
}

function outcome({ status }: StackState, { local }: AwsTarget): string | undefined {
  switch (status) {
    case "UPDATE_ROLLBACK_COMPLETE":
    case "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS":
      return "CloudFormation rolled the update back: the last good version goes on answering.";
    case "ROLLBACK_COMPLETE":
      return "CloudFormation rolled back: what had been created is deleted again. The next deploy clears the empty stack away.";
    case "ROLLBACK_FAILED":
      return `CloudFormation could not undo everything. These resources are left${local ? "" : " and may cost money"}:`;
    case "UPDATE_ROLLBACK_FAILED":
      return "CloudFormation could not undo the update. The stack accepts no update until that is finished.";
    default:
      return undefined;
  }
}

function nextStep(
  { status, stackName }: StackState,
  known: ReasonExplanation | undefined,
  target: AwsTarget,
  functionName: string | undefined,
): string {
  if (status === "UPDATE_ROLLBACK_FAILED") return finishRollback(stackName, target);
  if (status === "ROLLBACK_FAILED") return "lmi destroy   (tries to delete what is left)";
  // The rollback of a creation takes the log groups, too.
  const without = status === "ROLLBACK_COMPLETE" ? known?.nextWithoutLog : undefined;
  return without ?? nextFor(known?.next, functionName) ?? "Mend the cause, then: lmi deploy";
}
