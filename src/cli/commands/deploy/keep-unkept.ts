import type { StackState } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { deployedRecord } from "../../../deploy/deployed-record.ts";
import { isSettled } from "../../../deploy/no-change.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { deployedResources } from "../../../deploy/template-resources.ts";
import { LmiError } from "../../../errors.ts";
import type { Reporter } from "../../output/reporter.ts";
import { keepCode } from "../push/keep-code.ts";
import { ownAssetKey } from "./own-asset.ts";

/**
 * Keeps for `lmi rollback` what a deployment has brought that nobody saw the end of: one that was detached from, or
 * interrupted. Its code is in the bucket of the bootstrap stack, where the template names it. What is kept already stays
 * as it is. Never fails: whoever comes back, or brings the next code, does not depend on it.
 * @param template the one that is deployed, while the stack has it
 * @param only names of functions; undefined: all of them
 */
export async function keepUnkept(
  stack: StackState,
  template: string | undefined,
  context: DeployContext,
  reporter: Reporter,
  only?: readonly string[],
): Promise<void> {
  const at = stack.updatedAt ?? stack.createdAt;
  if (!isSettled(stack) || at === undefined) return;
  const functions = Object.values(deployedResources(template)).flatMap(({ Type, Properties }) => {
    const { FunctionName: functionName, Code: code } = Properties ?? {};
    const key = ownAssetKey(code);
    if (Type !== "AWS::Lambda::Function" || typeof functionName !== "string") return [];
    const isMeant = only === undefined || only.includes(functionName);
    return isMeant && key !== undefined ? [{ stack, at, functionName, key }] : [];
  });
  const outcomes = await Promise.allSettled(functions.map((own) => keepOne(own, context)));
  context.signal.throwIfAborted();
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") continue;
    const { reason } = outcome;
    if (!(reason instanceof LmiError)) throw reason;
    reporter.detail(
      `Code of the deployment before is not kept for lmi rollback: ${reason.message}`,
    );
  }
}

interface Deployed {
  readonly stack: StackState;
  readonly at: Date;
  readonly functionName: string;
  readonly key: string;
}

async function keepOne(
  { stack, at, functionName, key }: Deployed,
  context: DeployContext,
): Promise<void> {
  const { keptCodes, assets } = context.aws;
  const { stackId, status } = stack;
  const place = { stackId, functionName };
  const kept = await patiently(context, () => keptCodes.list(place));
  if (deployedRecord(kept, stack)) return;
  const codeSha256 = await patiently(context, () =>
    assets.sha256({ stackId }, key, context.signal),
  );
  // After a rollback the template is that of the deployment before, which is the last that was kept.
  const last = kept.findLast((each) => each.isPublished && each.at <= at);
  if (status === "UPDATE_ROLLBACK_COMPLETE" && last?.codeSha256 === codeSha256) return;
  await keepCode(place, { codeSha256, at, by: "deploy", source: { key } }, context);
}
