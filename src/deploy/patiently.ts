import { LmiError } from "../errors.ts";
import type { DeployContext } from "./deploy-context.ts";
import { untilAborted } from "./until-aborted.ts";

/** How long AWS may stay silent before a wait is given up, ms. */
const patience = 5 * 60_000;
const firstPause = 2000;
const longestPause = 30_000;

/** Failures of a look that say nothing about what is looked at. A lost network also loses the region's name. */
const unanswered = new Set([
  "LMI_CONNECTION_BROKEN",
  "LMI_ENDPOINT_UNREACHABLE",
  "LMI_REGION_UNREACHABLE",
]);
const passing = new Set(["LMI_THROTTLED", ...unanswered]);

/** Accounts of AWS that were told about; once for a command is enough. */
const noted = new WeakSet<object>();

/**
 * Reads from AWS in the midst of a wait: a request that is throttled or lost must not fail a deployment that is
 * well. A local target that does not answer gets no patience: it is gone. Who interrupts does not wait for an answer.
 */
export async function patiently<T>(
  { aws, now, sleep, signal, onEvent }: DeployContext,
  read: () => Promise<T>,
): Promise<T> {
  const began = now().getTime();
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    signal.throwIfAborted();
    try {
      return await untilAborted(read(), signal);
    } catch (error) {
      const isOver = now().getTime() + pause - began > patience;
      if (isOver || !isPassing(error) || (aws.target.local && unanswered.has(error.code)))
        throw error;
      if (!noted.has(aws)) onEvent({ type: "note", level: "warning", message: note(error) });
      noted.add(aws);
    }
    await sleep(pause, signal);
  }
}

function isPassing(error: unknown): error is LmiError {
  if (!(error instanceof LmiError)) return false;
  const status = error.details?.["httpStatus"];
  return passing.has(error.code) || (typeof status === "number" && status >= 500);
}

function note({ message }: LmiError): string {
  return `${message} Asking again, for up to ${patience / 60_000} minutes.`;
}
