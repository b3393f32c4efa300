import type { DeployEvent, DeployListener, ResourceEvent } from "../../../deploy/deploy-event.ts";
import { plainReason } from "../../../deploy/reason-text.ts";
import type { Reporter } from "../../output/reporter.ts";
import { wrap } from "../../output/wrap.ts";

/**
 * Tells deploy events: for machines each is an event, with `--verbose` each is a line. Failures are lines
 * everywhere. Each state of a resource is told once.
 */
export function reportEvents(
  reporter: Reporter,
  onResource: (event: ResourceEvent) => void,
): DeployListener {
  const isNews = newsOnly();
  const failures = new Set<string>();
  return (event) => {
    switch (event.type) {
      case "resource":
        if (isNews(event)) {
          reportResource(event, reporter);
          reportFailure(event, reporter, failures);
        } else if (!isNamed(event)) return;
        onResource(event);
        return;
      case "asset":
        reporter.detail(`    ${event.message}`);
        reporter.event("asset", { message: event.message });
        return;
      case "execution":
        reporter.detail("    CloudFormation begins");
        return;
      case "pause":
        reporter.info(wrap(event.message, 2));
        reporter.event("pause", { message: event.message, pause: event.milliseconds });
        return;
      case "note":
        reportNote(event, reporter);
    }
  };
}

/** Follows a stack as one step, whatever kind of resource it is about. */
export function reportInStep(
  reporter: Reporter,
  step: { progress(text: string): void },
): DeployListener {
  return reportEvents(reporter, ({ progress, logicalId, status }) => {
    const counted = progress === undefined ? "" : `${progress}: `;
    step.progress(`${counted}${logicalId} ${words(status)}`);
  });
}

const stackType = "AWS::CloudFormation::Stack";

/**
 * CloudFormation writes most states twice, before and after the service has answered; people need them once.
 * When the stack itself changes its state, a resource may come to an earlier state again.
 */
function newsOnly(): (event: ResourceEvent) => boolean {
  const seen = new Set<string>();
  let stackStatus = "";
  return ({ logicalId, resourceType, status }) => {
    if (resourceType === stackType && status !== stackStatus) {
      stackStatus = status;
      seen.clear();
    }
    const key = `${logicalId} ${status}`;
    const isNews = !seen.has(key);
    seen.add(key);
    return isNews;
  };
}

/** Nothing new of the resource but its name, which comes with the second of two like states. */
function isNamed({ resourceType, physicalId }: ResourceEvent): boolean {
  return resourceType !== stackType && physicalId !== undefined;
}

function reportNote(
  { level, message }: Extract<DeployEvent, { type: "note" }>,
  reporter: Reporter,
): void {
  if (level === "warning") reporter.warn(message);
  else reporter.detail(message);
}

function reportResource(event: ResourceEvent, reporter: Reporter): void {
  const { time, logicalId, resourceType, status, reason, progress } = event;
  reporter.event("resource", {
    resourceTime: time,
    logicalId,
    resourceType,
    status,
    reason,
    progress,
  });
  const counted = progress === undefined ? "" : `${progress}  `;
  const because = reason === undefined ? "" : `: ${reason}`;
  reporter.detail(
    `    ${clock(time)}  ${counted}${logicalId} (${resourceType}) ${words(status)}${because}`,
  );
}

/** A failed resource is a line in every case, but once: a further attempt may end the same way. */
function reportFailure(
  { logicalId, resourceType, status, reason }: ResourceEvent,
  reporter: Reporter,
  told: Set<string>,
): void {
  if (!status.endsWith("_FAILED") || resourceType === stackType || isCancelled(reason)) return;
  const why = reason === undefined ? "no reason given" : plainReason(reason);
  const text = wrap(`    ${logicalId} (${resourceType}) ${words(status)}: ${why}`, 6);
  if (!told.has(text)) reporter.info(text);
  told.add(text);
}

/** What CloudFormation writes for innocent neighbours of a failure. */
function isCancelled(reason: string | undefined): boolean {
  return reason !== undefined && /^Resource (creation|update|deletion) cancelled/i.test(reason);
}

/** `CREATE_IN_PROGRESS` → `create in progress`. */
function words(status: string): string {
  return status.toLowerCase().replaceAll("_", " ");
}

/** `12:33:40`, UTC. */
function clock(time: Date): string {
  return time.toISOString().slice(11, 19);
}
