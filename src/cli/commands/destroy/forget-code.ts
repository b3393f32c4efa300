import type { Aws, StackState } from "../../../aws/ports.ts";
import { LmiError } from "../../../errors.ts";
import type { Reporter } from "../../output/reporter.ts";

/** Removes what `lmi rollback` would go back to. A destruction that works does not fail for it. */
export async function forgetCode(
  { stackId }: StackState,
  { keptCodes }: Pick<Aws, "keptCodes">,
  reporter: Reporter,
): Promise<void> {
  try {
    await keptCodes.forget({ stackId });
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    // Without the bucket there is nothing in it.
    if (error.details?.["awsError"] === "NoSuchBucket") return;
    reporter.warn(
      `Code that was kept for lmi rollback stays in ${keptCodes.bucket({ stackId })}: ${error.message}`,
    );
  }
}
