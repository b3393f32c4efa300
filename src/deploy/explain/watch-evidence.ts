import type { DeployContext } from "../deploy-context.ts";
import type { DeployEvent, DeployListener, ResourceEvent } from "../deploy-event.ts";
import { isCancellation } from "../stack-trouble.ts";
import { explainReason } from "../reason-codes.ts";
import { type Findings, noFindings } from "./evidence.ts";
import { gatherEvidence } from "./gather.ts";

/** Where functions, versions and providers fail, logs tell why; elsewhere CloudFormation's own words are all there is. */
const hasLogs = /^AWS::Lambda::(?:Function|Version|CapacityProvider)$/;

export interface EvidenceWatch {
  /** To be told every event of the stack. */
  readonly onEvent: DeployListener;
  /** What was found about a failure; begins to look only now where no event has told of it. */
  readonly findings: (failure: Failure | undefined) => Promise<Findings>;
}

interface Failure {
  readonly logicalId: string;
  readonly type: string;
  readonly time: Date;
  readonly statusReason: string | undefined;
}

/** Some minutes for an operation whose begin nobody saw, ms. */
const usualLength = 15 * 60_000;

/**
 * Reads logs as soon as the first resource fails: the rollback of a first deploy deletes them. Nothing is waited for
 * before `findings` is asked.
 * @param operationBegan where the events of its begin are past; else the first event tells
 */
export function watchEvidence(
  stackName: string,
  context: DeployContext,
  operationBegan?: Date,
): EvidenceWatch {
  let began = operationBegan;
  let found: Promise<Findings> | undefined;
  const look = ({ logicalId, type, time, statusReason }: Failure): Promise<Findings> =>
    gatherEvidence(
      {
        stackName,
        logicalId,
        since: began ?? new Date(time.getTime() - usualLength),
        wanted: wantedLog(type, statusReason),
        counts: explainReason(statusReason)?.code === "LMI_CAPACITY_LIMIT",
      },
      context,
    );
  return {
    onEvent: (event) => {
      const failure = failureIn(event);
      if (event.type === "resource") began ??= event.time;
      if (failure) found ??= look(failure);
    },
    findings: async (failure) => {
      if (found === undefined && failure && hasLogs.test(failure.type)) found = look(failure);
      return found ?? noFindings;
    },
  };
}

/** The evidence is looked for the moment that something fails, whoever else listens. */
export function tellBoth(
  evidence: EvidenceWatch,
  { onEvent }: Pick<DeployContext, "onEvent">,
): DeployListener {
  return (event) => {
    evidence.onEvent(event);
    onEvent(event);
  };
}

/** Whose log tells of a reason. */
function wantedLog(type: string, reason: string | undefined): "function" | "provider" {
  if (type.endsWith("CapacityProvider")) return "provider";
  return explainReason(reason)?.log ?? "function";
}

function failureIn(event: DeployEvent): Failure | undefined {
  if (event.type !== "resource" || !isTelling(event)) return undefined;
  const { logicalId, resourceType, time, reason } = event;
  return { logicalId, type: resourceType, time, statusReason: reason };
}

function isTelling({ status, resourceType, reason }: ResourceEvent): boolean {
  return status.endsWith("_FAILED") && hasLogs.test(resourceType) && !isCancellation(reason);
}
