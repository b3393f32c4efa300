import type { Aws, KeptCode, NewlyKept } from "../../../aws/ports.ts";
import { patiently } from "../../../deploy/patiently.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";

/** So much code is kept of a function; the oldest goes first. */
const keptAtMost = 20;

interface Place {
  readonly stackId: string;
  readonly functionName: string;
}

/**
 * Keeps code where `lmi rollback` finds it, from whatever machine. @returns its key
 */
export function keepCode(place: Place, code: NewlyKept, context: DeployContext): Promise<string> {
  const keep = () => context.aws.keptCodes.keep(place, code);
  return untilAborted(patiently(context, keep), context.signal);
}

/** Removes what is too old, and what was brought again later. */
export async function pruneKept(place: Place, { keptCodes }: Aws): Promise<void> {
  const kept = await keptCodes.list(place);
  const current = new Set(distinct(kept).slice(-keptAtMost));
  await keptCodes.remove(
    place,
    kept.filter((each) => !current.has(each)).map(({ key }) => key),
  );
}

/** Each code once, where it was brought last; oldest first. */
export function distinct(kept: readonly KeptCode[]): KeptCode[] {
  return [...new Map(kept.map((each) => [each.codeSha256, each])).values()].toSorted(
    (one, other) => one.at.getTime() - other.at.getTime(),
  );
}
