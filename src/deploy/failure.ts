import type { StackEvent, StackResource, StackState } from "../aws/ports.ts";
import type { AwsTarget } from "../aws/target.ts";
import { ExitCode, LmiError } from "../errors.ts";
import type { Settings } from "../synth/settings.ts";
import { advise } from "./explain/advice.ts";
import {
  evidenceDetails,
  evidenceLines,
  type Evidence,
  type Findings,
  noFindings,
} from "./explain/evidence.ts";
import { leftList } from "./left-list.ts";
import { plainReason } from "./reason-text.ts";
import { nextForStack } from "./stack-condition.ts";
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
export function currentOperation(events: readonly StackEvent[]): readonly StackEvent[] {
  const start = events.findIndex(
    (event) =>
      event.type === stackType && /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(event.status),
  );
  return start < 0 ? events : events.slice(0, start);
}

/** "Resource creation cancelled", "Resource update cancelled": what CloudFormation writes for innocent neighbours. */
export function isCancellation(reason: string | undefined): boolean {
  return reason !== undefined && /^Resource (creation|update|deletion) cancelled/i.test(reason);
}

export interface FailedDeployment {
  readonly stack: StackState;
  readonly event: StackEvent | undefined;
  /** Resources that still exist; empty where nothing is left or nobody asked. */
  readonly left: readonly StackResource[];
  readonly target: AwsTarget;
  /** What logs and instances tell; nothing where nobody looked. */
  readonly findings?: Findings;
  /** What was to be deployed, for the figures of the advice. */
  readonly settings?: Settings | undefined;
}

/** The error for a deployment that CloudFormation gave up. */
export function deploymentFailed(failed: FailedDeployment): LmiError {
  const { stack, event, left, target, findings = noFindings } = failed;
  const reason = event?.statusReason ?? stack.statusReason ?? stack.status;
  const known = explain(failed, reason);
  // In other words than AWS's: those are then the first line of the evidence.
  const lines = known ? [...saidBy(event), ...findings.lines] : findings.lines;
  const happened = known ? `${known.what}.` : plainReason(reason);
  const why = [
    ...evidenceLines(lines),
    known?.why,
    ...findings.gaps,
    outcome(stack, target),
    ...leftList(left),
  ];
  return new LmiError(
    known?.code ?? "LMI_DEPLOY_FAILED",
    `${subjectOf(stack, event)}: ${happened}`,
    {
      why: why.filter((line) => line !== undefined).join("\n"),
      next: nextStep(failed, known),
      exitCode: stack.status.endsWith("ROLLBACK_FAILED") ? ExitCode.partial : ExitCode.failure,
      details: { ...detailsOf(failed, lines), reason },
    },
  );
}

function subjectOf({ stackName }: StackState, event: StackEvent | undefined): string {
  return event
    ? `${event.logicalId} (${event.type}) ${verbOf(event.status)}`
    : `Stack ${stackName} failed`;
}

function detailsOf({ stack, event, left }: FailedDeployment, lines: readonly Evidence[]) {
  return {
    stackName: stack.stackName,
    stackStatus: stack.status,
    ...(event ? { resource: event.logicalId, resourceType: event.type } : {}),
    ...(lines.length > 0 ? { evidence: evidenceDetails(lines) } : {}),
    ...(left.length > 0
      ? { left: left.map(({ logicalId, physicalId, type }) => ({ logicalId, physicalId, type })) }
      : {}),
  };
}

function explain(
  { stack, event, findings = noFindings, settings }: FailedDeployment,
  reason: string,
): ReasonExplanation | undefined {
  const known = explainReason(reason, event?.type) ?? providerFailed(event);
  if (known === undefined) return undefined;
  const isUpdate = stack.status.startsWith("UPDATE");
  const functionName = functionOf(event) ?? findings.functionName;
  return advise(known, { settings, functionName, findings, isUpdate, reason });
}

/** A capacity provider gives no reason of its own (GetCapacityProvider has none): its log does. */
function providerFailed(event: StackEvent | undefined): ReasonExplanation | undefined {
  if (event?.type !== "AWS::Lambda::CapacityProvider") return undefined;
  if (!/did not stabilize|is Failed/i.test(event.statusReason ?? "")) return undefined;
  return {
    code: "LMI_PROVIDER_FAILED",
    what: "it became Failed",
    why: "Lambda gives no reason in the provider itself. Frequent: the operator role's permissions, free addresses in the subnets, EC2 quotas.",
    next: "lmi doctor   (looks at role, addresses and quotas), then: lmi deploy",
  };
}

function saidBy(event: StackEvent | undefined): Evidence[] {
  if (event === undefined) return [];
  const reason = plainReason(event.statusReason ?? "no reason given").replace(unstable, "");
  const text = `${event.logicalId} ${event.status}: ${reason}`;
  return [{ source: "CloudFormation", time: event.time, text }];
}

/** What stands before Lambda's reason where a version "did not stabilize", and says no more than the line it is in. */
const unstable = /^Resource of type '[^']+' with identifier '[^']+' did not stabilize\.\s*/;

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
    case "CREATE_FAILED":
      return "What was created stays, because its rollback is off. CloudFormation lets the stack only be deleted.";
    case "UPDATE_FAILED":
      return "What was changed stays, because its rollback is off.";
    case "DELETE_FAILED":
      return `A deletion stopped half way.${local ? "" : " What is left may cost money."}`;
    case "REVIEW_IN_PROGRESS":
      return "A change set was made and never executed: nothing was created, and nothing costs.";
    default:
      return undefined;
  }
}

const stuck = /^(?:REVIEW_IN_PROGRESS|(?:UPDATE_)?ROLLBACK_FAILED|DELETE_FAILED)$/;

function nextStep(
  { stack, event, target, findings = noFindings }: FailedDeployment,
  known: ReasonExplanation | undefined,
): string {
  if (stuck.test(stack.status)) return nextForStack(stack, target) ?? "lmi deploy";
  // What is shown above need not be looked for.
  const isShown = findings.lines.some(({ source }) => source === "function log");
  if (isShown && known?.next.startsWith("lmi logs")) return "Mend the code, then: lmi deploy";
  // The rollback of a creation takes the log groups, too.
  const without = stack.status === "ROLLBACK_COMPLETE" ? known?.nextWithoutLog : undefined;
  return without ?? nextFor(known?.next, functionOf(event)) ?? "Mend the cause, then: lmi deploy";
}
