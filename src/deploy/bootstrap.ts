import { bootstrapStackName } from "./bootstrap-stack-name.ts";
import type { DeployContext } from "./deploy-context.ts";
import { deploymentFailed } from "./failure.ts";
import { firstFailure } from "./stack-trouble.ts";
import { createMessageBridge } from "./message-bridge.ts";
import { patiently } from "./patiently.ts";
import { isGood, settledStack, wasExecuted } from "./settled-stack.ts";
import { loadToolkit } from "./toolkit.ts";
import { explainToolkitErrorHere } from "./toolkit-error.ts";
import { untilAborted } from "./until-aborted.ts";

/**
 * Prepares an account and region as `cdk bootstrap` does. Whatever the toolkit library says, the stack's own status
 * decides, as in a deployment. @returns whether anything had to change
 */
export async function bootstrapEnvironment(
  accountId: string,
  context: DeployContext,
  run: typeof runToolkit = runToolkit,
): Promise<boolean> {
  const { stacks, target } = context.aws;
  // An earlier bootstrap that was interrupted goes on by itself, and must end before the next one begins.
  const before = await settledStack(bootstrapStackName, context);
  try {
    return await untilAborted(run(accountId, context), context.signal);
  } catch (error) {
    context.signal.throwIfAborted();
    const stack = await settledStack(bootstrapStackName, context);
    if (stack === undefined || !wasExecuted(before, stack))
      throw await explainToolkitErrorHere(error, target);
    if (isGood(stack)) return true;
    const event = firstFailure(await patiently(context, () => stacks.events(stack.stackId)));
    throw deploymentFailed({ stack, event, left: [], target });
  }
}

async function runToolkit(accountId: string, context: DeployContext): Promise<boolean> {
  const { library, toolkit } = await loadToolkit(
    context.aws,
    createMessageBridge(context.onEvent, context.signal),
    context.environment,
  );
  const environment = `aws://${accountId}/${context.aws.target.region}`;
  const environments = library.BootstrapEnvironments.fromList([environment]);
  const { environments: results } = await toolkit.bootstrap(environments);
  return results.some(({ status }) => status === "success");
}
