import { startLimits } from "./commands/deploy/time-limit.ts";
import type { System } from "./system.ts";

/** For commands that write nothing to AWS: an interruption waits the moment until their temporary folder is gone. */
export async function untilClean<T>(
  system: System,
  comeBack: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limits = startLimits(system, { awsGoesOn: "Nothing was written.", comeBack });
  try {
    const made = await work(limits.signal);
    limits.signal.throwIfAborted();
    return made;
  } finally {
    limits.end();
  }
}
