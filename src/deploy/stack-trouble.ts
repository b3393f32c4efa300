import type { Aws, StackEvent, StackState } from "../aws/ports.ts";
import type { AwsTarget } from "../aws/target.ts";
import type { Evidence } from "./explain/evidence.ts";
import { plainReason } from "./reason-text.ts";

const stackType = "AWS::CloudFormation::Stack";

/** Why a stack is in a state that its last change was not to end in. */
export interface StackTrouble {
  /** What began the failure. */
  readonly cause: StackEvent | undefined;
  /** What failed by itself beside it, before CloudFormation began to undo the change; the first of them first. */
  readonly others: readonly StackEvent[];
  /** What then kept CloudFormation from undoing it, the last time that it tried; undefined where it was undone. */
  readonly obstacle: StackEvent | undefined;
}

/**
 * The event that began the failure. CloudFormation reports the stack's own failure and every cancelled
 * neighbour after it; only the first one names the cause.
 * @param events newest first, as the Stacks port gives them
 */
export function firstFailure(events: readonly StackEvent[]): StackEvent | undefined {
  return currentOperation(events).findLast(isFailure);
}

/** @param events newest first */
export function troubleIn({ status }: StackState, events: readonly StackEvent[]): StackTrouble {
  const cause = firstFailure(events);
  const others = failuresBeforeUndoing(events).filter((event) => event !== cause);
  if (!status.endsWith("ROLLBACK_FAILED")) return { cause, others, obstacle: undefined };
  const undoing = events.findIndex(isUndoing);
  return { cause, others, obstacle: events.slice(0, Math.max(0, undoing)).findLast(isFailure) };
}

function failuresBeforeUndoing(events: readonly StackEvent[]): readonly StackEvent[] {
  const operation = currentOperation(events);
  return operation
    .slice(operation.findLastIndex(isUndoing) + 1)
    .filter(isFailure)
    .toReversed();
}

function isUndoing({ type, status }: StackEvent): boolean {
  return type === stackType && status.endsWith("ROLLBACK_IN_PROGRESS");
}

/** Reads the events of a stack whose last change failed; undefined for any other. */
export async function readTrouble(
  stack: StackState,
  { stacks }: Pick<Aws, "stacks">,
): Promise<StackTrouble | undefined> {
  if (!/FAILED$|ROLLBACK_COMPLETE/.test(stack.status)) return undefined;
  return troubleIn(stack, await stacks.events(stack.stackId));
}

function isFailure({ status, type, statusReason }: StackEvent): boolean {
  return status.endsWith("_FAILED") && type !== stackType && !isCancellation(statusReason);
}

/** Events since the stack last began to be created, updated or deleted by somebody, newest first. */
export function currentOperation(events: readonly StackEvent[]): readonly StackEvent[] {
  const start = events.findIndex(
    (event) =>
      event.type === stackType && /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(event.status),
  );
  return start < 0 ? events : events.slice(0, start);
}

/** "Resource creation cancelled", "Resource update cancelled": what CloudFormation writes for innocent neighbours. */
export function isCancellation(reason: string | undefined): boolean {
  return reason !== undefined && /^Resource (creation|update|deletion) cancelled/i.test(reason);
}

/** CloudFormation's own line about a resource, with its time. */
export function eventLine({ logicalId, status, statusReason, time }: StackEvent): Evidence {
  const reason = plainReason(statusReason ?? "no reason given").replace(unstable, "");
  return { source: "CloudFormation", time, text: `${logicalId} ${status}: ${reason}` };
}

const mostOthers = 3;

/** Of what failed besides: whoever mends the cause alone meets the next one by the next deploy. */
export function linesBeside(others: readonly StackEvent[] = []): Evidence[] {
  const lines = others.slice(0, mostOthers).map(eventLine);
  const more = others.slice(mostOthers).map(({ logicalId }) => logicalId);
  const time = others.at(-1)?.time;
  const text = `${more.join(", ")} failed, too`;
  return more.length === 0 ? lines : [...lines, { source: "CloudFormation", time, text }];
}

/** What stands before Lambda's reason where a version "did not stabilize", and says no more than the line it is in. */
const unstable = /^Resource of type '[^']+' with identifier '[^']+' did not stabilize\.\s*/;

/** What a state means that a failed change left a stack in; undefined for states that need no words. */
export function outcomeOf(
  { status }: Pick<StackState, "status">,
  { local }: Pick<AwsTarget, "local">,
): string | undefined {
  const words = outcomes[status];
  if (words === undefined || local || !leavesThings.test(status)) return words;
  return `${words} What is left may cost money.`;
}

const leavesThings = /^(ROLLBACK|DELETE)_FAILED$/;

const undoneUpdate =
  "CloudFormation rolled the update back: the last good version goes on answering.";

/** CloudFormation user guide, "Stack status codes". */
const outcomes: Readonly<Record<string, string>> = {
  UPDATE_ROLLBACK_COMPLETE: undoneUpdate,
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: undoneUpdate,
  ROLLBACK_COMPLETE:
    "CloudFormation rolled back: what had been created is deleted again. The next deploy clears the empty stack away.",
  ROLLBACK_FAILED: "CloudFormation could not undo everything.",
  UPDATE_ROLLBACK_FAILED:
    "CloudFormation could not undo the update. The stack accepts no update until that is finished.",
  CREATE_FAILED:
    "What was created stays, because its rollback is off. CloudFormation lets the stack only be deleted.",
  UPDATE_FAILED: "What was changed stays, because its rollback is off.",
  DELETE_FAILED: "A deletion stopped half way.",
  REVIEW_IN_PROGRESS:
    "A change set was made and never executed: nothing was created, and nothing costs.",
  IMPORT_ROLLBACK_COMPLETE:
    "An import of resources failed and was rolled back: the stack is what it was before.",
  // What leads out of it is documented nowhere; by their API references ContinueUpdateRollback takes
  // UPDATE_ROLLBACK_FAILED alone, and RollbackStack CREATE_FAILED and UPDATE_FAILED.
  IMPORT_ROLLBACK_FAILED:
    "An import of resources failed and could not be undone. AWS documents no update and no rollback that takes such a stack, which leaves its deletion; where it must stay, AWS Support can help.",
};
