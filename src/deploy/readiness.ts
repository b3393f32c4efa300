import type { CapacityProviderState, FunctionState } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { explainReason } from "./reason-codes.ts";

/** What an unqualified invoke runs (Lambda developer guide, lambda-managed-instances-version-publishing). */
const publishedVersion = "$LATEST.PUBLISHED";

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
    if (provider?.state === "Failed") throw providerFailed(provider);
    return provider?.state === "Active" ? provider : undefined;
  });
}

/**
 * Waits until the published version of a function runs the new code. Both fields count: while a version is
 * published again its State stays Active and only LastUpdateStatus tells that the old code still answers.
 */
export async function waitForPublished(
  functionName: string,
  context: DeployContext,
  progress: Progress,
): Promise<FunctionState> {
  const tell = onChange(progress);
  return poll(context, async () => {
    const version = await context.aws.functions.find(functionName, publishedVersion);
    tell(describe(version));
    if (version && isFailed(version)) throw versionFailed(functionName, version);
    return version && isPublished(version) ? version : undefined;
  });
}

function isPublished({ state, lastUpdateStatus }: FunctionState): boolean {
  return (
    state === "Active" && (lastUpdateStatus === undefined || lastUpdateStatus === "Successful")
  );
}

function isFailed({ state, lastUpdateStatus }: FunctionState): boolean {
  return state === "Failed" || lastUpdateStatus === "Failed";
}

function describe(version: FunctionState | undefined): string {
  if (version === undefined) return "not published yet";
  const update =
    version.lastUpdateStatus === undefined ? "" : `, last update ${version.lastUpdateStatus}`;
  return `${version.state ?? "unknown"}${update}`;
}

function providerFailed({ name, arn }: CapacityProviderState): LmiError {
  return new LmiError("LMI_PROVIDER_FAILED", `Capacity provider ${name} is Failed.`, {
    why: "Lambda gives no reason in the provider itself; its log says which launch failed and why.",
    next: "lmi logs --provider --since 15m",
    details: { capacityProviderArn: arn },
  });
}

function versionFailed(functionName: string, version: FunctionState): LmiError {
  const isUpdate = version.lastUpdateStatus === "Failed";
  const reasonCode = isUpdate ? version.lastUpdateStatusReasonCode : version.stateReasonCode;
  const reason = isUpdate ? version.lastUpdateStatusReason : version.stateReason;
  const known = explainReason(reasonCode) ?? explainReason(reason);
  const outcome = isUpdate ? "The last good version goes on answering." : undefined;
  return new LmiError(
    known?.code ?? "LMI_VERSION_FAILED",
    `The published version of ${functionName} did not become active: ${reason ?? reasonCode ?? "no reason given"}`,
    {
      why: [known?.why, outcome].filter((line) => line !== undefined).join("\n"),
      next: known?.next ?? "lmi logs --provider --since 15m",
      details: {
        functionName,
        state: version.state,
        lastUpdateStatus: version.lastUpdateStatus,
        reasonCode,
      },
    },
  );
}

/** One line for each change, not for each look. */
function onChange(progress: Progress): Progress {
  let last: string | undefined;
  return (text) => {
    if (text !== last) progress(text);
    last = text;
  };
}

async function poll<T>(
  { aws, sleep, signal }: DeployContext,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await sleep(pollInterval(aws), signal);
  }
}
