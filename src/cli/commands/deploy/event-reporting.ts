import type { DeployEvent, DeployListener, ResourceEvent } from "../../../deploy/deploy-event.ts";
import type { Reporter, StepHandle } from "../../output/reporter.ts";

/**
 * Tells deploy events: on a terminal the running step's line changes, otherwise each is a line, and for
 * machines each is an event. Failures are lines everywhere.
 */
export function reportEvents(
  reporter: Reporter,
  step: StepHandle,
  options: { readonly terminal: boolean },
): DeployListener {
  const isNews = newsOnly();
  return (event) => {
    switch (event.type) {
      case "resource":
        return isNews(event) ? reportResource(event, reporter, step, options.terminal) : undefined;
      case "asset":
        step.progress(event.message);
        reporter.event("asset", { message: event.message });
        return undefined;
      case "note":
        return reportNote(event, reporter);
    }
  };
}

/** CloudFormation writes most states twice, before and after the service has answered; people need them once. */
function newsOnly(): (event: ResourceEvent) => boolean {
  const last = new Map<string, string>();
  return ({ logicalId, status }) => {
    const isNews = last.get(logicalId) !== status;
    last.set(logicalId, status);
    return isNews;
  };
}

function reportNote(
  { level, message }: Extract<DeployEvent, { type: "note" }>,
  reporter: Reporter,
): void {
  if (level === "warning") reporter.warn(message);
  else reporter.detail(message);
}

function reportResource(
  event: ResourceEvent,
  reporter: Reporter,
  step: StepHandle,
  terminal: boolean,
): void {
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
  step.progress(`${counted}${logicalId} ${words(status)}`);
  if (status.endsWith("_FAILED"))
    reporter.info(
      `    ${logicalId} (${resourceType}) ${words(status)}: ${reason ?? "no reason given"}`,
    );
  else if (!terminal)
    reporter.info(`    ${clock(time)}  ${counted}${logicalId} (${resourceType}) ${words(status)}`);
}

/** `CREATE_IN_PROGRESS` → `create in progress`. */
function words(status: string): string {
  return status.toLowerCase().replaceAll("_", " ");
}

/** `12:33:40`, UTC. */
function clock(time: Date): string {
  return time.toISOString().slice(11, 19);
}
