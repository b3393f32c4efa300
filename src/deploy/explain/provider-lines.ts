import type { ProviderEvent } from "../provider-log.ts";
import type { Evidence, FailedLaunch } from "./evidence.ts";

const telling = new Set(["LaunchFailed", "HealthCheckFailed", "TerminateFailed"]);

/** At most so many lines of one log; the first ones are nearest to the cause. */
const most = 3;

/** What went wrong with instances, of all that a provider wrote. */
export function providerLines(events: readonly ProviderEvent[]): Evidence[] {
  const failed = events.filter(isFailure);
  const shown = failed.slice(0, most).map((event): Evidence => {
    const about = [...event.types, ...event.zones].join(" ");
    const subject = event.instanceId === undefined ? about : `${event.instanceId} ${about}`;
    const said = event.operation ?? event.level;
    return {
      source: "provider log",
      time: event.time,
      text: `${said}  ${subject}: ${reasonOf(event)}`,
    };
  });
  const last = failed.at(-1);
  if (failed.length <= most || last === undefined) return shown;
  const more = `and ${failed.length - most} more, the last at ${last.time.toISOString().slice(11, 19)}`;
  return [...shown, { source: "provider log", time: last.time, text: more }];
}

export function failedLaunches(events: readonly ProviderEvent[]): FailedLaunch[] {
  return events
    .filter(({ operation }) => operation === "LaunchFailed")
    .map((event) => ({ type: event.types[0], zone: event.zones[0], why: reasonOf(event) }));
}

export function unhealthyInstances(events: readonly ProviderEvent[]): number {
  return events.filter(({ operation }) => operation === "HealthCheckFailed").length;
}

function isFailure({ operation, level }: ProviderEvent): boolean {
  return operation === undefined ? /^(WARN|ERROR)$/.test(level) : telling.has(operation);
}

/** Without what stands beside it: `Failed to launch m7i.xlarge instance in us-east-1a: …` (observed form). */
function reasonOf({ message }: ProviderEvent): string {
  return message.replace(
    /^(?:Failed to launch \S+ instance in \S+|Health check of instance \S+ failed): /,
    "",
  );
}
