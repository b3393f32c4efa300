import type { VersionUse } from "../aws/ports.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { patiently } from "./patiently.ts";

export interface VersionName {
  readonly functionName: string;
  /** A number. */
  readonly version: string;
}

export interface Pruned {
  readonly pruned: readonly VersionName[];
  /** Lambda refused: an alias or something else points at them. */
  readonly refused: readonly VersionName[];
}

/**
 * Milliseconds between two writes: one a second is Lambda's limit for capacity providers, and deleting a version takes
 * environments off one (Lambda developer guide, lambda-managed-instances-quotas). The local target has none.
 */
const pace = 1000;

/** How long versions that are being deleted are waited for, ms: environments that drain may take long, and go on alone. */
const patience = 10 * 60_000;

/**
 * Deletes published versions, one a second, and waits until their capacity providers no longer have them. Can be
 * repeated: what is gone is no error.
 * @param providers names or ARNs of the capacity providers that the versions use
 */
export async function pruneVersions(
  doomed: readonly VersionName[],
  providers: readonly string[],
  context: DeployContext,
  progress: (text: string) => void,
): Promise<Pruned> {
  const { aws, sleep, signal } = context;
  const pruned: VersionName[] = [];
  const refused: VersionName[] = [];
  for (const each of doomed) {
    signal.throwIfAborted();
    if (pruned.length + refused.length > 0 && !aws.target.local) await sleep(pace, signal);
    const done = await patiently(context, () =>
      aws.versions.delete(each.functionName, each.version),
    );
    (done ? pruned : refused).push(each);
    progress(`${pruned.length} of ${doomed.length}`);
  }
  await untilGone(pruned, providers, context, progress);
  const stay = refused.length === 0 ? "" : `, ${refused.length} that something points at stay`;
  progress(`${pruned.length} deleted${stay}`);
  return { pruned, refused };
}

async function untilGone(
  pruned: readonly VersionName[],
  providers: readonly string[],
  context: DeployContext,
  progress: (text: string) => void,
): Promise<void> {
  const { aws, now, sleep, signal } = context;
  const names = new Set(pruned.map(nameOf));
  const began = now().getTime();
  while (names.size > 0) {
    signal.throwIfAborted();
    const uses = await usesOf(providers, context);
    const going = uses.filter((use) => names.has(nameOf(use)));
    if (going.length === 0 || now().getTime() - began > patience) return;
    progress(`${pruned.length - going.length} of ${pruned.length} gone: ${nameOf(going[0])}`);
    await sleep(pollInterval(aws), signal);
  }
}

/** Versions that use the providers; none of one that does not exist. */
export async function usesOf(
  providers: readonly string[],
  context: DeployContext,
): Promise<readonly VersionUse[]> {
  const { aws } = context;
  const uses = await Promise.all(
    providers.map((name) => patiently(context, () => aws.versions.ofCapacityProvider(name))),
  );
  return uses.flatMap((some) => some ?? []);
}

/** `hello:3`, as Lambda's ARNs end. */
export function nameOf(use: VersionName | undefined): string {
  return use === undefined ? "" : `${use.functionName}:${use.version}`;
}
