import type { NewlyKept } from "../../../aws/ports.ts";
import { patiently } from "../../../deploy/patiently.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";

/** So many different codes of a function are kept, and so many times that one of them came; the oldest go first. */
const mostCodes = 20;
const mostTimes = 60;

/** Code that is stored for so long, ms, and was not published never will be: no push takes a day. */
const abandoned = 24 * 60 * 60_000;

export interface Place {
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

/**
 * Removes what is too old.
 * @param ran hash of the code that answered before: where a push was interrupted when Lambda published it already, it
 *   is only stored, and is kept now
 */
export async function pruneKept(place: Place, context: DeployContext, ran?: string): Promise<void> {
  const { aws, now } = context;
  const { keptCodes } = aws;
  const newestFirst = (await keptCodes.list(place)).toReversed();
  const answered = newestFirst.filter(({ codeSha256 }) => codeSha256 === ran);
  const [stored] = answered;
  if (stored !== undefined && !answered.some(({ isPublished }) => isPublished))
    await keepCode(place, { ...stored, source: stored }, context);
  const codes = new Set<string>();
  const old = newestFirst
    .filter(({ isPublished }) => isPublished)
    .filter(({ codeSha256 }, index) => {
      codes.add(codeSha256);
      return codes.size > mostCodes || index >= mostTimes;
    });
  const left = newestFirst.filter(
    ({ isPublished, at }) => !isPublished && at.getTime() < now().getTime() - abandoned,
  );
  await keptCodes.remove(
    place,
    [...old, ...left].map(({ key }) => key),
  );
}
