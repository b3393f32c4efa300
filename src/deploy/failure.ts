import type { StackEvent, StackState } from "../aws/ports.ts";
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
import { costLine, leftLines, type LeftThing, perDayOf } from "./left-behind.ts";
import { plainReason } from "./reason-text.ts";
import { nextForStack, skipping } from "./stack-condition.ts";
import { eventLine, linesBeside, outcomeOf } from "./stack-trouble.ts";
import { explainReason, nextFor, type ReasonExplanation } from "./reason-codes.ts";

export interface FailedDeployment {
  readonly stack: StackState;
  readonly event: StackEvent | undefined;
  /** What failed by itself beside it. */
  readonly others?: readonly StackEvent[];
  /** What kept CloudFormation from undoing it. */
  readonly obstacle?: StackEvent | undefined;
  /** What still exists; empty where nothing is left or nobody asked. */
  readonly left: readonly LeftThing[];
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
  const said = known && event ? [eventLine(event)] : [];
  const lines = [...said, ...findings.lines, ...linesBeside(failed.others), ...undone(failed)];
  const happened = known ? `${known.what}.` : plainReason(reason);
  const why = [
    ...evidenceLines(lines),
    known?.why,
    ...findings.gaps,
    outcomeOf(stack, target),
    skipping(stack, failed.obstacle),
    causeStays(failed, known),
    ...linesOfLeft(left, target),
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

/** What mends the cause is possible once the rollback is at its end, and forgotten by then. */
function causeStays({ stack }: FailedDeployment, known: ReasonExplanation | undefined) {
  if (known === undefined || stack.status !== "UPDATE_ROLLBACK_FAILED") return undefined;
  return `Before the next deploy, the cause: ${known.next.replaceAll("\n", " ")}`;
}

/** Another line only where the way back failed by something else than the way there. */
function undone({ event, obstacle }: FailedDeployment): Evidence[] {
  return obstacle === undefined || obstacle === event ? [] : [eventLine(obstacle)];
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
    ...(left.length > 0 ? { left: left.map(leftData), perDay: perDayOf(left) } : {}),
  };
}

function linesOfLeft(left: readonly LeftThing[], { local }: AwsTarget): string[] {
  return left.length === 0 ? [] : [costLine(left, local), ...leftLines(left)];
}

function leftData({ logicalId, name, type, why, perDay }: LeftThing) {
  return { logicalId, physicalId: name, type, reason: why, perDay };
}

function explain(
  { stack, event, findings = noFindings, settings, target }: FailedDeployment,
  reason: string,
): ReasonExplanation | undefined {
  const known = explainReason(reason, event?.type) ?? providerFailed(event);
  if (known === undefined) return undefined;
  const isUpdate = stack.status.startsWith("UPDATE");
  const functionName = functionOf(event) ?? findings.functionName;
  return advise(known, { settings, functionName, findings, isUpdate, reason, target });
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

/** A function's physical id is its name. */
function functionOf(event: StackEvent | undefined): string | undefined {
  return event?.type === "AWS::Lambda::Function" ? event.physicalId : undefined;
}

function verbOf(status: string): string {
  if (status.startsWith("UPDATE")) return "could not be updated";
  if (status.startsWith("IMPORT")) return "could not be imported";
  return status.startsWith("DELETE") ? "could not be deleted" : "could not be created";
}

const stuck = /^(?:REVIEW_IN_PROGRESS|(?:UPDATE_|IMPORT_)?ROLLBACK_FAILED|DELETE_FAILED)$/;

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
