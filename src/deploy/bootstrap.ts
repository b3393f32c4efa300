import type { DeployContext } from "./deploy-context.ts";
import { createMessageBridge } from "./message-bridge.ts";
import { loadToolkit } from "./toolkit.ts";
import { explainToolkitError } from "./toolkit-error.ts";

/** Prepares an account and region as `cdk bootstrap` does. @returns whether anything had to change */
export async function bootstrapEnvironment(
  accountId: string,
  context: DeployContext,
): Promise<boolean> {
  const { target } = context.aws;
  const { library, toolkit } = await loadToolkit(
    target,
    createMessageBridge(context.onEvent, context.signal),
    context.environment,
  );
  try {
    const environments = library.BootstrapEnvironments.fromList([
      `aws://${accountId}/${target.region}`,
    ]);
    const { environments: results } = await toolkit.bootstrap(environments);
    return results.some(({ status }) => status === "success");
  } catch (error) {
    context.signal.throwIfAborted();
    throw explainToolkitError(error, target);
  }
}
