import type { CodeSource, CodeState, ConfigurationChange } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { shortHash } from "./code-hash.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { hasChange } from "./function-changes.ts";
import { functionGone } from "./function-gone.ts";
import { patiently } from "./patiently.ts";
import { untilAborted } from "./until-aborted.ts";

/** What an unqualified invoke runs (Lambda developer guide, lambda-managed-instances-version-publishing). */
export const publishedVersion = "$LATEST.PUBLISHED";

export interface FunctionPush {
  readonly functionName: string;
  /** `$LATEST` as it was found. Whoever has changed it since wins. */
  readonly latest: CodeState;
  /** undefined: `$LATEST` has the code already. */
  readonly source: CodeSource | undefined;
  /** Of the code that is to run; undefined: that of the source, whatever it is. */
  readonly codeSha256: string | undefined;
  readonly change: ConfigurationChange;
  /** What the published version says of itself. */
  readonly description: string;
}

/**
 * How far it is: in `$LATEST`, where nobody sees it; Lambda is being asked to publish it, and may have done so unheard;
 * or published, so that Lambda brings it into service.
 */
export type PushStage = "stored" | "publishing" | "published";

export interface PushTold {
  readonly progress: (text: string) => void;
  readonly onStage: (stage: PushStage) => void;
}

/**
 * Brings code and configuration into `$LATEST` and publishes them to `$LATEST.PUBLISHED`; the caller waits for that.
 * Waits while Lambda is at work on an earlier change. Fails with LMI_OVERTAKEN where somebody else changes the function
 * at the same time, and with LMI_PUSH_FAILED where Lambda cannot take it.
 * @returns the hash of the code that was published
 */
export async function pushFunction(
  push: FunctionPush,
  context: DeployContext,
  told: PushTold,
): Promise<string> {
  const { aws } = context;
  const { functionName, change, source, description } = push;
  let codeSha256 = push.codeSha256 ?? push.latest.codeSha256;
  let latest = await free(push.latest, context, told);
  if (Object.keys(change).length > 0) {
    told.progress("changing the configuration");
    told.onStage("stored");
    const { revisionId } = latest;
    const call = () => aws.code.configure({ functionName, revisionId, change });
    const isDone = (found: CodeState) =>
      found.codeSha256 === push.latest.codeSha256 && hasChange(found.properties, change);
    const changed = await whenFree(call, context, told).catch((error: unknown) =>
      orDoneAlready(error, functionName, isDone, context),
    );
    latest = await settled(changed, context, told);
  }
  if (source !== undefined) {
    told.progress("uploading");
    told.onStage("stored");
    const { revisionId } = latest;
    const call = () => aws.code.update({ functionName, revisionId, source });
    const stored = await whenFree(call, context, told).catch((error: unknown) =>
      orDoneAlready(error, functionName, (found) => found.codeSha256 === push.codeSha256, context),
    );
    codeSha256 = push.codeSha256 ?? stored.codeSha256;
    latest = await settled(stored, context, told);
  }
  if (latest.codeSha256 !== codeSha256) throw overtaken(functionName, latest.codeSha256);
  told.progress("publishing");
  told.onStage("publishing");
  const { revisionId } = latest;
  const call = () => aws.code.publish({ functionName, revisionId, codeSha256, description });
  await whenFree(call, context, told);
  told.onStage("published");
  return codeSha256;
}

/** A change whose answer was lost is refused when it is sent again: what it wanted is there. */
async function orDoneAlready(
  error: unknown,
  functionName: string,
  isDone: (found: CodeState) => boolean,
  context: DeployContext,
): Promise<CodeState> {
  if (!(error instanceof LmiError) || error.code !== "LMI_OVERTAKEN") throw error;
  const latest = await patiently(context, () => context.aws.code.find(functionName));
  if (latest === undefined || !isDone(latest)) throw error;
  return latest;
}

/** Waits for a change of this push. */
async function settled(
  state: CodeState,
  context: DeployContext,
  told: PushTold,
): Promise<CodeState> {
  const found = await free(state, context, told);
  if (found.lastUpdateStatus === "Failed") throw failed(found);
  return found;
}

/**
 * Lambda changes `$LATEST` in the background, and takes one change at a time (Lambda developer guide, functions-states).
 * How an earlier one ended does not matter: the next one may mend it.
 */
async function free(state: CodeState, context: DeployContext, told: PushTold): Promise<CodeState> {
  const { aws, sleep, signal } = context;
  for (let current = state; ;) {
    if (current.lastUpdateStatus !== "InProgress" && current.state !== "Pending") return current;
    told.progress("Lambda takes it over");
    await sleep(pollInterval(aws), signal);
    const found = await patiently(context, () => aws.code.find(state.functionName));
    if (found === undefined) throw functionGone(state.functionName);
    current = found;
  }
}

async function whenFree<T>(
  call: () => Promise<T>,
  context: DeployContext,
  told: PushTold,
): Promise<T> {
  const { aws, sleep, signal } = context;
  for (;;) {
    try {
      return await untilAborted(patiently(context, call), signal);
    } catch (error) {
      if (!(error instanceof LmiError) || error.code !== "LMI_FUNCTION_BUSY") throw error;
    }
    told.progress("waits for an earlier change");
    await sleep(pollInterval(aws), signal);
  }
}

function failed({ functionName, lastUpdateStatusReason }: CodeState): LmiError {
  return new LmiError("LMI_PUSH_FAILED", `Lambda could not change ${functionName}.`, {
    why: [lastUpdateStatusReason, "The last good version goes on answering."]
      .filter((line) => line !== undefined)
      .join("\n"),
    next: "Mend the cause, then: lmi push",
    details: { functionName },
  });
}

/** Two changes at the same time: one wins, and the other must not be taken for it. */
export function overtaken(functionName: string, codeSha256: string): LmiError {
  return new LmiError(
    "LMI_OVERTAKEN",
    `Function ${functionName} was changed by somebody else meanwhile.`,
    {
      why: `It has other code now (${shortHash(codeSha256)}) than this command brought.`,
      next: "Look at it: lmi status",
      details: { functionName, codeSha256 },
    },
  );
}
