import type { Aws, StackState } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";
import { untilInterrupted } from "../deploy/time-limit.ts";
import type { Deps } from "../../deps.ts";
import { forgetting } from "./phases.ts";

/** Removes what `lmi rollback` would go back to. A destruction that works does not fail for it. */
export async function forgetCode(
  { stackId }: StackState,
  { keptCodes }: Pick<Aws, "keptCodes">,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  try {
    await untilInterrupted(system, forgetting, () => keptCodes.forget({ stackId }));
  } catch (error) {
    if (!(error instanceof LmiError) || error.code === "LMI_INTERRUPTED") throw error;
    // Without the bucket there is nothing in it.
    if (error.details?.["awsError"] === "NoSuchBucket") return;
    reporter.warn(
      `Code that was kept for lmi rollback stays in ${keptCodes.bucket({ stackId })}: ${error.message}`,
    );
  }
}
