import { readBootstrapVersion } from "../../../aws/bootstrap-version.ts";
import type { Environment } from "../../../aws/client-settings.ts";
import type { AwsTarget } from "../../../aws/target.ts";
import type { ChangeSummary } from "../../../deploy/changes.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { DeployedStack, DeployRequest } from "../../../deploy/deploy-stack.ts";
import type { DiffRequest } from "../../../deploy/diff-stack.ts";
import type { Connected } from "../../../deploy/toolkit.ts";
import type { Prepared } from "./prepare.ts";
import type { Survey } from "./survey.ts";

/** What deploying does through the CDK toolkit library, which is loaded only when one of these runs. */
export interface DeployTools {
  readonly diff: (request: DiffRequest, aws: Connected) => Promise<ChangeSummary>;
  readonly deploy: (request: DeployRequest, context: DeployContext) => Promise<DeployedStack>;
  readonly bootstrap: (accountId: string, context: DeployContext) => Promise<boolean>;
  /** undefined: account and region are not bootstrapped. */
  readonly bootstrapVersion: (
    target: AwsTarget,
    environment: Environment,
  ) => Promise<number | undefined>;
}

export const liveDeployTools: DeployTools = {
  diff: async (...request) => (await import("../../../deploy/diff-stack.ts")).diffStack(...request),
  deploy: async (...request) =>
    (await import("../../../deploy/deploy-stack.ts")).deployStack(...request),
  bootstrap: async (...request) =>
    (await import("../../../deploy/bootstrap.ts")).bootstrapEnvironment(...request),
  bootstrapVersion: readBootstrapVersion,
};

/** What a deploy would change of what stands there. */
export function comparisonOf(
  prepared: Prepared,
  { condition, template }: Pick<Survey, "condition" | "template">,
): DiffRequest {
  const deployedTags = condition.kind === "ready" ? condition.stack.tags : undefined;
  return { ...prepared, deployedTemplate: template, deployedTags };
}
