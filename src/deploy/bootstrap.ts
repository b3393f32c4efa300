import type { DeployContext } from "./deploy-context.ts";
import { createMessageBridge } from "./message-bridge.ts";
import { loadToolkit } from "./toolkit.ts";
import { explainToolkitError } from "./toolkit-error.ts";

/** The stack that bootstrapping makes, with the names that `cdk bootstrap` gives it: both tools share it. */
export const bootstrapStackName = "CDKToolkit";

/** Prepares an account and region as `cdk bootstrap` does. @returns whether anything had to change */
export async function bootstrapEnvironment(
  accountId: string,
  context: DeployContext,
): Promise<boolean> {
  const { target } = context.aws;
  const { library, toolkit } = await loadToolkit(target, createMessageBridge(context.onEvent));
  try {
    const environments = library.BootstrapEnvironments.fromList([
      `aws://${accountId}/${target.region}`,
    ]);
    const { environments: results } = await toolkit.bootstrap(environments);
    return results.some(({ status }) => status === "success");
  } catch (error) {
    throw explainToolkitError(error, target);
  }
}
