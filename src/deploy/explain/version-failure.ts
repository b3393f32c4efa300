import type { CapacityProviderState, FunctionState } from "../../aws/ports.ts";
import { LmiError } from "../../errors.ts";
import type { DeployContext } from "../deploy-context.ts";
import { pushedMark } from "../pushed-mark.ts";
import { explainReason, nextFor } from "../reason-codes.ts";
import { advise, stopExecutions } from "./advice.ts";
import { evidenceDetails, evidenceLines, type Findings } from "./evidence.ts";
import { gatherEvidence } from "./gather.ts";

/** How far back logs are read for what is found failed, ms, where nobody knows when it began. */
const lookBack = 15 * 60_000;

/**
 * Since when lines can be about this version: what failed before it, as the push before this one, wrote into the same log.
 * The mark has the time of whoever pushed, whose clock may be ahead of Lambda's.
 */
function beganAt({ description, lastModified }: FunctionState, now: Date): Date {
  const known = [pushedMark(description)?.at, lastModified].flatMap((at) => at?.getTime() ?? []);
  const began = known.length === 0 ? 0 : Math.min(...known);
  return new Date(Math.max(began, now.getTime() - lookBack));
}

/** Why a version did not become active, with what its logs tell. */
export async function versionFailed(
  functionName: string,
  version: FunctionState,
  context: DeployContext,
): Promise<LmiError> {
  const { state, lastUpdateStatus } = version;
  const { code: reasonCode, text: reason } = saidOf(version);
  const plain = explainReason(reasonCode) ?? explainReason(reason);
  const findings = await gatherEvidence(
    {
      functionName,
      logGroup: version.logGroup,
      capacityProvider: version.capacityProviderArn,
      wanted: plain?.log ?? "function",
      counts: plain?.code === "LMI_CAPACITY_LIMIT",
      since: beganAt(version, context.now()),
    },
    context,
  );
  const stillServes = lastUpdateStatus === "Failed" && state === "Active";
  const told = joined([reasonCode, reason], ": ");
  const { target } = context.aws;
  const facts = { findings, functionName, isUpdate: stillServes, reason: told, target };
  const known = plain
    ? advise(plain, { ...facts, settings: context.settings })
    : unknownReason(reason ?? reasonCode ?? `it is ${state}`);
  return failure(known.code, {
    message: `The published version of ${functionName} did not become active: ${sentence(known.what)}`,
    why: [
      ...(plain ? [`Lambda: ${told}`] : []),
      ...evidenceLines(findings.lines),
      known.why,
      ...findings.gaps,
      ...(stillServes ? ["The last good version goes on answering."] : []),
    ],
    next: isForPush(version, known.next, findings)
      ? "Mend the code, then: lmi push"
      : nextFor(known.next, functionName),
    findings,
    details: { functionName, state, lastUpdateStatus, reasonCode },
  });
}

function unknownReason(what: string) {
  return {
    code: "LMI_VERSION_FAILED",
    what,
    why: undefined,
    next: "lmi logs --provider --since 15m",
  } as const;
}

/** Code that was pushed is mended by a push; what its log says is shown, and need not be looked for. */
function isForPush({ description }: FunctionState, next: string, { lines }: Findings): boolean {
  const isShown = lines.some(({ source }) => source === "function log");
  return isShown && next.startsWith("lmi logs --since") && pushedMark(description)?.by === "push";
}

function sentence(text: string): string {
  return /[.!?)]$/.test(text) ? text : `${text}.`;
}

/** An update that failed says more than the state, which may still be the one of before. */
function saidOf(version: FunctionState) {
  return version.lastUpdateStatus === "Failed"
    ? { code: version.lastUpdateStatusReasonCode, text: version.lastUpdateStatusReason }
    : { code: version.stateReasonCode, text: version.stateReason };
}

function joined(parts: readonly (string | undefined)[], separator: string): string {
  return parts.filter((part) => part !== undefined).join(separator);
}

/** A version without environments, where somebody waits for it to answer. */
export function versionPaused(
  functionName: string,
  version: FunctionState,
  { aws: { target } }: Pick<DeployContext, "aws">,
): LmiError {
  const { state, stateReasonCode } = version;
  const known = explainReason(stateReasonCode);
  const details = { functionName, state, reasonCode: stateReasonCode };
  if (known)
    return new LmiError(
      known.code,
      `The published version of ${functionName} is ${state}: ${known.what}.`,
      {
        why: joined([version.stateReason, known.why], "\n"),
        next: known.code === "LMI_DRAINING" ? stopExecutions(functionName, target) : known.next,
        details,
      },
    );
  return new LmiError(
    "LMI_VERSION_FAILED",
    `The published version of ${functionName} is ${state}: it answers no requests.`,
    {
      why: "Its environments are set to none (minimum and maximum 0), and none come by themselves.",
      next: "lmi resume   (if it was paused), or raise minEnvironments and maxEnvironments in the settings, then: lmi deploy",
      details,
    },
  );
}

/** A provider that is Failed, or goes away. */
export async function providerFailed(
  { name, arn, state }: CapacityProviderState,
  context: DeployContext,
): Promise<LmiError> {
  if (state === "Deleting")
    return new LmiError("LMI_PROVIDER_FAILED", `Capacity provider ${name} is being deleted.`, {
      why: "Something else than this command deletes it.",
      next: "lmi status",
      details: { capacityProviderArn: arn },
    });
  const since = new Date(context.now().getTime() - lookBack);
  const findings = await gatherEvidence(
    { capacityProvider: arn, wanted: "provider", since },
    context,
  );
  return failure("LMI_PROVIDER_FAILED", {
    message: `Capacity provider ${name} is Failed.`,
    why: [
      ...evidenceLines(findings.lines),
      "Lambda gives no reason in the provider itself; its log says which launch failed and why.",
      ...findings.gaps,
    ],
    next: "lmi logs --provider --since 15m",
    findings,
    details: { capacityProviderArn: arn },
  });
}

interface Failure {
  readonly message: string;
  readonly why: readonly (string | undefined)[];
  readonly next: string | undefined;
  readonly findings: Findings;
  readonly details: Readonly<Record<string, unknown>>;
}

function failure(
  code: LmiError["code"],
  { message, why, next, findings, details }: Failure,
): LmiError {
  const { lines } = findings;
  return new LmiError(code, message, {
    why: joined(why, "\n"),
    ...(next === undefined ? {} : { next }),
    details: { ...details, ...(lines.length > 0 ? { evidence: evidenceDetails(lines) } : {}) },
  });
}
