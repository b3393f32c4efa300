import type { StackState } from "../../../aws/ports.ts";
import type { ChangeSummary } from "../../../deploy/changes.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { DeployEvent } from "../../../deploy/deploy-event.ts";
import type { DeployedStack } from "../../../deploy/deploy-stack.ts";
import { resourcesOf } from "../../../deploy/template-resources.ts";
import { keptPrices } from "../../prices/kept-prices.ts";
import type { DeployDeps } from "./deploy-context-of.ts";
import { lifetimeParameters } from "./lifetime.ts";
import type { Prepared } from "./prepare.ts";
import { functionStages } from "./function-stages.ts";
import { startBilling } from "./billing.ts";
import { stackStages } from "./stack-stages.ts";
import type { DeployTools } from "./tools.ts";

interface StagedDeployment {
  readonly prepared: Prepared;
  readonly before: StackState | undefined;
  readonly changes: ChangeSummary;
  /** CloudFormation has begun: from here on it goes on whoever waits. */
  readonly onBegin: () => void;
}

export interface StagedStack extends DeployedStack {
  /** Instances and versions were told already while CloudFormation waited for them. */
  readonly isActivationTold: boolean;
}

/** Uploads and lets CloudFormation work, told stage by stage. */
export async function deployInStages(
  { prepared, before, changes, onBegin }: StagedDeployment,
  context: DeployContext,
  { reporter, system }: DeployDeps,
  tools: Pick<DeployTools, "deploy">,
): Promise<StagedStack> {
  const { local, region } = context.aws.target;
  const billing = local
    ? undefined
    : startBilling(reporter, keptPrices(region, system), context.now);
  const functions = functionStages(resourcesOf(prepared.template), context, billing);
  const stages = stackStages({
    reporter,
    // What is removed comes last, when CloudFormation cleans up.
    expected: changes.resources.filter(({ kind }) => kind !== "remove"),
    saysUsual: !local,
    functions: functions.open,
    assets: megabytes(prepared.functions.reduce((sum, { zipSize }) => sum + zipSize, 0)),
  });
  const onEvent = (event: DeployEvent) => {
    if (event.type === "resource" || event.type === "execution") onBegin();
    stages.onEvent(event);
    billing?.onEvent(event);
  };
  try {
    const parameters = lifetimeParameters(prepared.settings, context.now());
    const deployed = await tools.deploy(
      { ...prepared, before, ...(parameters ? { parameters } : {}) },
      { ...context, onEvent },
    );
    await stages.end("done");
    return { ...deployed, isActivationTold: functions.isTold() };
  } catch (error) {
    await stages.end("failed");
    throw error;
  } finally {
    reporter.standing(undefined);
  }
}

/** `0.4 kB`, `1.2 MB`. */
function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
