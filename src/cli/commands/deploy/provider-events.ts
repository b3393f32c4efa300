import type { ProviderEvent } from "../../../deploy/provider-log.ts";
import type { Reporter } from "../../output/reporter.ts";
import { wrap } from "../../output/wrap.ts";

/** Tells each line of the providers' logs once: machines all of them, people those that say what went wrong. */
export function tellProviderEvents(reporter: Reporter): (events: readonly ProviderEvent[]) => void {
  const told = new Set<string>();
  return (events) => {
    for (const event of events) {
      const { eventId, time, ...rest } = event;
      if (told.has(eventId)) continue;
      told.add(eventId);
      reporter.event("provider", { ...rest, at: time });
      if (event.level === "INFO" || event.level === "DEBUG") reporter.detail(lineOf(event));
      else reporter.info(wrap(lineOf(event), 6));
    }
  };
}

/** `    12:33:40  LaunchFailed  Failed to launch m7i.xlarge instance in us-east-1a: …`, UTC. */
function lineOf({ time, operation, message }: ProviderEvent): string {
  const named = operation === undefined ? "" : `${operation}  `;
  return `    ${time.toISOString().slice(11, 19)}  ${named}${message}`;
}
