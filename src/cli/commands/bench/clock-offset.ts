import type { Aws } from "../../../aws/ports.ts";
import type { System } from "../../system.ts";

/** The Date header counts whole seconds, and an answer takes its time: less than this may be nothing. */
const notableMs = 30_000;

/**
 * Milliseconds that AWS's clock is ahead of this machine's, 0 where it is about the same or not known. The SDK corrects
 * its own requests by it; those of a load are not the SDK's, and from five minutes on their signatures are refused.
 */
export async function clockOffset(
  { target, serverClock }: Pick<Aws, "target" | "serverClock">,
  system: Pick<System, "now">,
): Promise<number> {
  if (target.local) return 0;
  const answer = await serverClock.read().catch(() => undefined);
  if (answer === undefined) return 0;
  // In the middle of the exchange, and of the second that the header stands for.
  const offset = answer.time.getTime() + 500 - (system.now().getTime() - answer.took / 2);
  return Math.abs(offset) < notableMs ? 0 : Math.round(offset);
}
