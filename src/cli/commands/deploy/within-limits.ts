import type { System } from "../../system.ts";
import { sayingWhatGoesOn } from "./lost-sight.ts";
import { type Limits, type Phase, startLimits } from "./time-limit.ts";

/**
 * Work that Ctrl-C, SIGTERM, `--max-wait` and the end of a local target stop, and that says what AWS goes on with where
 * it can no longer look.
 */
export async function withinLimits<T>(
  system: Pick<System, "interrupt" | "interruptedBy" | "sleep">,
  phase: Phase,
  work: (limits: Limits) => Promise<T>,
): Promise<T> {
  const limits = startLimits(system, phase);
  try {
    return await sayingWhatGoesOn(
      () => limits.phase,
      () => work(limits),
    );
  } finally {
    limits.end();
  }
}
