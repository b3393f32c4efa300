import type { CapacityProviderState, FunctionState } from "../aws/ports.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { providerFailed, versionFailed, versionPaused } from "./explain/version-failure.ts";
import { functionGone } from "./function-gone.ts";
import { patiently } from "./patiently.ts";

/** What an unqualified invoke runs (Lambda developer guide, lambda-managed-instances-version-publishing). */
export const publishedVersion = "$LATEST.PUBLISHED";

type Progress = (text: string) => void;

/** Waits until the capacity provider is Active. */
export async function waitForProvider(
  arn: string,
  context: DeployContext,
  progress: Progress,
): Promise<CapacityProviderState> {
  const tell = onChange(progress);
  return poll(context, async () => {
    const provider = await context.aws.capacityProviders.find(arn);
    tell(provider?.state ?? "not there yet");
    if (provider && isLost(provider)) throw await providerFailed(provider, context);
    return provider?.state === "Active" ? provider : undefined;
  });
}

/** One look. */
export async function isActive(arn: string, context: DeployContext): Promise<boolean> {
  const provider = await patiently(context, () => context.aws.capacityProviders.find(arn));
  return provider?.state === "Active";
}

/** One look: whether the published version answers with its newest code. */
export async function isPublished(functionName: string, context: DeployContext): Promise<boolean> {
  const { functions } = context.aws;
  const version = await patiently(context, () => functions.find(functionName, publishedVersion));
  return version !== undefined && isServing(version);
}

/** What was published just now, and by what it is known. */
export interface Published {
  readonly codeSha256: string;
  /** undefined: it was published before, and nobody knows what it says of itself. */
  readonly description: string | undefined;
}

interface PublishedOptions {
  /** It may sleep: nothing is to run. */
  readonly isPaused?: boolean;
  /** Another version than the one that an unqualified invoke runs. */
  readonly qualifier?: string;
  /** undefined: whatever is published. */
  readonly published?: Published;
}

/**
 * Waits until the published version of a function runs the new code. Both fields count: while a version is
 * published again its State stays Active and only LastUpdateStatus tells that the old code still answers.
 */
export async function waitForPublished(
  functionName: string,
  context: DeployContext,
  progress: Progress,
  { isPaused = false, qualifier = publishedVersion, published }: PublishedOptions = {},
): Promise<FunctionState> {
  const tell = onChange(progress);
  let asleep = 0;
  const isEarly = earlyLooks(published);
  return poll(context, async () => {
    const version = await context.aws.functions.find(functionName, qualifier);
    if (version === undefined) await requireFunction(functionName, context);
    tell(describe(version));
    if (version === undefined) return undefined;
    if (isEarly(version)) return undefined;
    if (isFailed(version)) throw await versionFailed(functionName, version, context);
    if (!isUpdated(version)) return undefined;
    if (version.state === "Active" || (isPaused && isAsleep(version))) return version;
    asleep = isAsleep(version) ? asleep + 1 : 0;
    if (asleep >= looksAsleep) throw versionPaused(functionName, version, context);
    return undefined;
  });
}

/** Looks at what was published before until it counts as what is published: Lambda tells of a change a moment late. */
const looksEarly = 10;

function earlyLooks(published: Published | undefined): (version: FunctionState) => boolean {
  let looks = 0;
  return (version) => {
    if (published === undefined || !isBefore(version, published)) return false;
    looks += 1;
    return looks < looksEarly;
  };
}

/** Whether a look still shows what was published before. */
function isBefore(version: FunctionState, { codeSha256, description }: Published): boolean {
  if (version.codeSha256 !== codeSha256) return true;
  return description !== undefined && version.description !== description;
}

/** A version that is missing will come; a function that is missing will not. */
async function requireFunction(functionName: string, { aws }: DeployContext): Promise<void> {
  if ((await aws.functions.find(functionName)) === undefined) throw functionGone(functionName);
}

/** Looks at a version without environments before it counts as left so: it is told a moment late that it starts. */
const looksAsleep = 5;

/** Whether it answers with its newest code already. */
export function isServing(version: FunctionState): boolean {
  return version.state === "Active" && isUpdated(version);
}

function isUpdated({ lastUpdateStatus }: FunctionState): boolean {
  return lastUpdateStatus === undefined || lastUpdateStatus === "Successful";
}

/** No environments run, and none come by themselves (botocore service model lambda, State). */
function isAsleep({ state }: FunctionState): boolean {
  return state === "Inactive" || state === "Deactivating" || state === "Deactivated";
}

function isLost({ state }: CapacityProviderState): boolean {
  return state === "Failed" || state === "Deleting";
}

function isFailed({ state, lastUpdateStatus }: FunctionState): boolean {
  return state === "Failed" || state === "Deleting" || lastUpdateStatus === "Failed";
}

function describe(version: FunctionState | undefined): string {
  if (version === undefined) return "not published yet";
  const update =
    version.lastUpdateStatus === undefined ? "" : `, last update ${version.lastUpdateStatus}`;
  return `${version.state ?? "unknown"}${update}`;
}

/** One line for each change, not for each look. */
function onChange(progress: Progress): Progress {
  let last: string | undefined;
  return (text) => {
    if (text !== last) progress(text);
    last = text;
  };
}

async function poll<T>(context: DeployContext, look: () => Promise<T | undefined>): Promise<T> {
  const { aws, sleep, signal } = context;
  for (;;) {
    signal.throwIfAborted();
    const found = await patiently(context, look);
    if (found !== undefined) return found;
    await sleep(pollInterval(aws), signal);
  }
}
