import type { FunctionState, ManagedInstance, VersionUse, VersionScaling } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { type VersionName, latestPublished } from "./declared-scaling.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { functionGone } from "./function-gone.ts";
import { patiently } from "./patiently.ts";

/** A published version, and what its environments were last set to. */
export interface OwnVersion extends VersionName {
  readonly state: string | undefined;
  readonly requested: VersionScaling;
}

export interface Versions {
  readonly own: readonly OwnVersion[];
  /** What else runs on the same capacity providers, and so keeps instances: other functions, other stacks. */
  readonly others: readonly VersionName[];
}

/** 0 environments at most is the only way to let Lambda end them all (Lambda developer guide, …-scaling). */
export const pausedLimits = { min: 0, max: 0 } as const;

const lambdasOwn: VersionScaling = { min: undefined, max: undefined };

export const isPaused = ({ requested }: OwnVersion): boolean => requested.max === 0;

/** Published versions of the named functions, and the others on their providers. Throws LMI_FUNCTION_GONE. */
export async function readVersions(
  functionNames: readonly string[],
  providerArns: readonly string[],
  context: DeployContext,
): Promise<Versions> {
  const { versions } = context.aws;
  const onProviders = await Promise.all(
    providerArns.map((arn) => patiently(context, () => versions.ofCapacityProvider(arn))),
  );
  // `$LATEST` is listed and never runs.
  const all = onProviders
    .flatMap((found) => found ?? [])
    .filter(({ state, version }) => state !== "Deleting" && version !== "$LATEST");
  const own: OwnVersion[] = [];
  // One function after the other: reads of capacity providers and versions are few a second.
  for (const functionName of functionNames) {
    const found = all.filter((version) => version.functionName === functionName);
    for (const { version: qualifier, state } of await withPublished(functionName, found, context)) {
      const requested = await patiently(context, () => versions.scaling(functionName, qualifier));
      own.push({ functionName, qualifier, state, requested: requested ?? lambdasOwn });
    }
  }
  const names = new Set(functionNames);
  const others = all.filter(
    ({ functionName, state }) => !names.has(functionName) && state !== "Deactivated",
  );
  return {
    own,
    others: others.map(({ functionName, version }) => ({ functionName, qualifier: version })),
  };
}

type Listed = Pick<VersionUse, "version" | "state">;

/** `$LATEST.PUBLISHED` first, since it takes the requests, also where the provider does not list it. */
async function withPublished(
  functionName: string,
  found: readonly Listed[],
  context: DeployContext,
): Promise<readonly Listed[]> {
  const numbered = found.filter(({ version }) => version !== latestPublished);
  const listed = found.find(({ version }) => version === latestPublished);
  if (listed) return [listed, ...numbered];
  const { functions } = context.aws;
  const published = await patiently(context, () => functions.find(functionName, latestPublished));
  if (published) return [{ version: latestPublished, state: published.state }, ...numbered];
  if ((await patiently(context, () => functions.find(functionName))) === undefined)
    throw functionGone(functionName);
  return numbered;
}

/** Error names of a version that is still changing (botocore service model lambda, PutFunctionScalingConfig). */
const changing = new Set(["ResourceConflictException", "ResourceInUseException"]);

/** Asks Lambda for other limits, as soon as it has done with what it does to the version. */
export async function putWhenFree(
  { functionName, qualifier }: VersionName,
  limits: Required<VersionScaling>,
  context: DeployContext,
): Promise<void> {
  const { aws, sleep, signal } = context;
  for (;;) {
    signal.throwIfAborted();
    try {
      // Safe to repeat: the same limits again change nothing.
      return await patiently(context, () => aws.scaling.put(functionName, qualifier, limits));
    } catch (error) {
      if (!isChanging(error)) throw error;
    }
    await sleep(pollInterval(aws), signal);
  }
}

function isChanging(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause)
    if (changing.has(current.name)) return true;
  return false;
}

/** What a version says of its last change; undefined where there is no such version. */
export type LastUpdate =
  | Pick<FunctionState, "lastUpdateStatus" | "lastUpdateStatusReason" | "revisionId">
  | undefined;

/** To be noted before a version is told to stop: a publish that failed stays its last change for as long as it likes. */
export function lastUpdateOf(
  { functionName, qualifier }: VersionName,
  context: DeployContext,
): Promise<LastUpdate> {
  return patiently(context, () => context.aws.functions.find(functionName, qualifier));
}

/**
 * Waits until no environment of a version is left. Fails with LMI_VERSION_FAILED where stopping fails.
 * @param before what it said before it was told to stop
 */
export async function waitUntilDeactivated(
  { functionName, qualifier }: VersionName,
  before: LastUpdate,
  context: DeployContext,
  progress: (text: string) => void,
): Promise<void> {
  const { aws, sleep, signal } = context;
  const isNewFailure = failureSince(before);
  for (;;) {
    signal.throwIfAborted();
    const found = await patiently(context, () => aws.functions.find(functionName, qualifier));
    progress(found?.state ?? "gone");
    if (found === undefined || found.state === "Deactivated") return;
    if (isNewFailure(found))
      throw new LmiError(
        "LMI_VERSION_FAILED",
        `${functionName} (${qualifier}) did not stop: ${found.lastUpdateStatusReason ?? found.state}`,
        { why: "It goes on running, and costs.", next: "lmi status, then: lmi pause" },
      );
    await sleep(pollInterval(aws), signal);
  }
}

/**
 * Tells, look by look, whether a version has failed since. With the same revision nothing has happened to it; with
 * another one it has failed where it says so for another reason, or after it said something else.
 */
function failureSince(before: LastUpdate): (found: FunctionState) => boolean {
  let isOver = before?.lastUpdateStatus !== "Failed";
  return (found) => {
    const { state, lastUpdateStatus, lastUpdateStatusReason, revisionId } = found;
    if (lastUpdateStatus !== "Failed" || state === "Deactivating") {
      isOver = true;
      return false;
    }
    if (isOver) return true;
    const isSame = revisionId !== undefined && revisionId === before?.revisionId;
    return !isSame && lastUpdateStatusReason !== before?.lastUpdateStatusReason;
  };
}

/**
 * Waits until EC2 has no instance of these providers any more.
 * @returns false where the caller may not look (ec2:DescribeInstances)
 */
export async function waitUntilNoInstance(
  providerArns: readonly string[],
  context: DeployContext,
  progress: (text: string) => void,
): Promise<boolean> {
  const { aws, sleep, signal } = context;
  for (;;) {
    signal.throwIfAborted();
    const instances = await instancesOf(providerArns, context);
    if (instances === undefined) return false;
    if (instances.length === 0) return true;
    progress(instances.map(({ instanceId, state }) => `${instanceId} ${state}`).join(", "));
    await sleep(pollInterval(aws), signal);
  }
}

/** Instances of capacity providers; undefined where the caller may not look. */
export async function instancesOf(
  providerArns: readonly string[],
  context: DeployContext,
): Promise<readonly ManagedInstance[] | undefined> {
  const { instances } = context.aws;
  try {
    const found = await Promise.all(
      providerArns.map((arn) => patiently(context, () => instances.ofCapacityProvider(arn))),
    );
    return found.flat();
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return undefined;
    throw error;
  }
}
