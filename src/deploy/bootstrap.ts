import { bootstrapStackName } from "./bootstrap-stack-name.ts";
import type { DeployContext } from "./deploy-context.ts";
import { createMessageBridge } from "./message-bridge.ts";
import { isBusy } from "./stack-condition.ts";
import { loadToolkit } from "./toolkit.ts";
import { explainToolkitError } from "./toolkit-error.ts";
import { untilAborted } from "./until-aborted.ts";
import { watchStack } from "./watch-stack.ts";

/** Prepares an account and region as `cdk bootstrap` does. @returns whether anything had to change */
export async function bootstrapEnvironment(
  accountId: string,
  context: DeployContext,
): Promise<boolean> {
  const { stacks, target } = context.aws;
  // An earlier bootstrap that was interrupted goes on by itself, and must end before the next one begins.
  const before = await stacks.find(bootstrapStackName);
  if (before && isBusy(before.status)) await watchStack(before.stackId, context);
  const { library, toolkit } = await loadToolkit(
    context.aws,
    createMessageBridge(context.onEvent, context.signal),
    context.environment,
  );
  try {
    const environments = library.BootstrapEnvironments.fromList([
      `aws://${accountId}/${target.region}`,
    ]);
    const { environments: results } = await untilAborted(
      toolkit.bootstrap(environments),
      context.signal,
    );
    return results.some(({ status }) => status === "success");
  } catch (error) {
    context.signal.throwIfAborted();
    throw explainToolkitError(error, target);
  }
}
