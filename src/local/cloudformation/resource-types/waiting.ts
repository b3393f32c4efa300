import { ServiceError } from "../../service-error.ts";
import type { ResourceContext } from "../resource-type.ts";

/** When the local target gives up on a resource: well above what Lambda takes for one (up to 26 minutes in the SDK waiter). */
const limitMilliseconds = 60 * 60 * 1000;

/** Asks `look` until it answers something, at a pace that suits the target's timing. */
export async function waitFor<Result>(
  context: ResourceContext,
  what: string,
  look: () => Promise<Result | undefined>,
): Promise<Result> {
  const startedAt = context.clock.now().getTime();
  let pause = context.timing === "fast" ? 5 : 1000;
  const longestPause = context.timing === "fast" ? 100 : 5000;
  for (;;) {
    // Each look needs the one before it.
    const found = await look();
    if (found !== undefined) return found;
    if (context.signal.aborted)
      throw new ServiceError("OperationCancelled", `Waiting for ${what} was cancelled.`);
    if (context.clock.now().getTime() - startedAt > limitMilliseconds) {
      throw new ServiceError("NotStabilized", `${what} did not stabilize.`);
    }
    await context.clock.sleep(pause, context.signal);
    pause = Math.min(pause * 2, longestPause);
  }
}
