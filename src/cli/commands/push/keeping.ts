import type { CodeSource, NewlyStored } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { keepCode, type Place } from "./keep-code.ts";

/** Resolves to a key in the bucket of the bootstrap stack, or to why there is none. */
export type Keeping = Promise<{ readonly key: string } | { readonly error: unknown }>;

/** Bytes of a .zip in a request itself: 50 MB (Lambda developer guide, gettingstarted-limits). */
const directBytes = 52_428_800;

/** Stores a .zip while Lambda takes it. It is no history yet: Lambda, or somebody else, may have it otherwise. */
export function startStoring(place: Place, code: NewlyStored, context: DeployContext): Keeping {
  const store = () => context.aws.keptCodes.store(place, code);
  return outcome(untilAborted(patiently(context, store), context.signal));
}

/** The code was published: what was stored becomes history. */
export async function keepStored(
  place: Place,
  code: Omit<NewlyStored, "zip">,
  storing: Keeping,
  context: DeployContext,
): Keeping {
  const stored = await storing;
  if ("error" in stored) return stored;
  const kept = await outcome(keepCode(place, { ...code, source: stored }, context));
  if ("key" in kept) await dropStored(place, storing, context);
  return kept;
}

/** What stays all the same, as after an interruption, is offered to nobody, and removed by a push of another day. */
export async function dropStored(
  place: Place,
  storing: Keeping,
  { aws, signal }: DeployContext,
): Promise<void> {
  const stored = await storing;
  if (!("key" in stored) || signal.aborted) return;
  await aws.keptCodes.remove(place, [stored.key]).catch(() => undefined);
}

/** @returns from where Lambda is to take it */
export async function sourceOf(
  zip: Uint8Array,
  { stackId }: Place,
  storing: Keeping,
  { aws }: DeployContext,
): Promise<CodeSource> {
  if (zip.length <= directBytes) return { zip };
  const stored = await storing;
  if ("error" in stored) throw stored.error;
  return { bucket: aws.keptCodes.bucket({ stackId }), key: stored.key };
}

function outcome(key: Promise<string>): Keeping {
  return key.then(
    (found) => ({ key: found }),
    (error: unknown) => ({ error }),
  );
}
