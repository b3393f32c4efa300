import type { CodeState, KeptCode, NewlyKept } from "../../../aws/ports.ts";
import { patiently } from "../../../deploy/patiently.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { pushedMark } from "../../../deploy/pushed-mark.ts";
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

/** A published version. */
type Ran = Pick<CodeState, "codeSha256" | "description">;

/**
 * Keeps code where `lmi rollback` finds it, from whatever machine. @returns its key
 */
export function keepCode(place: Place, code: NewlyKept, context: DeployContext): Promise<string> {
  const keep = () => context.aws.keptCodes.keep(place, code);
  return untilAborted(patiently(context, keep), context.signal);
}

/**
 * Removes what is too old.
 * @param ran what answered before: where a push or a rollback was interrupted when Lambda had published it already, that
 *   is kept now
 */
export async function pruneKept(place: Place, context: DeployContext, ran?: Ran): Promise<void> {
  const { aws, now } = context;
  const { keptCodes } = aws;
  const newestFirst = (await keptCodes.list(place)).toReversed();
  if (ran) await keepInterrupted(place, ran, newestFirst, context);
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

/** The same for what answers now, where nothing else is to be done. A command that has nothing to do does not fail for it. */
export async function keepWhatRuns(place: Place, runs: Ran, context: DeployContext): Promise<void> {
  if (pushedMark(runs.description) === undefined) return;
  const read = async () => {
    const kept = await patiently(context, () => context.aws.keptCodes.list(place));
    await keepInterrupted(place, runs, kept.toReversed(), context);
  };
  await read().catch(() => context.signal.throwIfAborted());
}

/** What an interruption kept from being written into the history. */
async function keepInterrupted(
  place: Place,
  ran: Ran,
  newestFirst: readonly KeptCode[],
  context: DeployContext,
): Promise<void> {
  const unkept = unkeptOf(ran, newestFirst);
  if (unkept) await keepCode(place, unkept, context);
}

/** What ran and is no history: code that is only stored, or a way back that nobody wrote down. */
function unkeptOf(ran: Ran, newestFirst: readonly KeptCode[]): NewlyKept | undefined {
  const answered = newestFirst.filter(({ codeSha256 }) => codeSha256 === ran.codeSha256);
  const [stored] = answered;
  if (stored === undefined) return undefined;
  if (!answered.some(({ isPublished }) => isPublished)) return { ...stored, source: stored };
  const mark = pushedMark(ran.description);
  const isKnown = answered.some(({ by, at }) => by === "rollback" && at >= (mark?.at ?? at));
  if (mark?.by !== "rollback" || isKnown) return undefined;
  return { ...stored, ...mark, source: stored };
}
