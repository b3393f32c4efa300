import type { DeploymentConfig } from "@aws-sdk/client-cloudformation";

/**
 * Whether a deployment that fails stays as it is. Express mode disables rollback unless told otherwise (aws-cdk-cli,
 * `cdk deploy --express`). Its other half, not to wait until resources are ready, is not done here.
 */
export function rollbackDisabled(input: {
  readonly DisableRollback?: boolean | undefined;
  readonly DeploymentConfig?: DeploymentConfig | undefined;
}): boolean {
  const { DisableRollback, DeploymentConfig: config } = input;
  return DisableRollback ?? config?.DisableRollback ?? config?.Mode === "EXPRESS";
}
