import type { ChangeSummary } from "../../../deploy/changes.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { DeployEvent } from "../../../deploy/deploy-event.ts";
import type { DeployedStack, DeployRequest } from "../../../deploy/deploy-stack.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { resourcesOf } from "../../../deploy/template-resources.ts";
import { keptPrices } from "../../prices/kept-prices.ts";
import type { DeployDeps } from "./deploy-context-of.ts";
import type { Prepared } from "./prepare.ts";
import { functionStages } from "./function-stages.ts";
import { startBilling } from "./billing.ts";
import { stackStages } from "./stack-stages.ts";
import type { DeployTools } from "./tools.ts";

interface StagedDeployment {
  readonly prepared: Prepared;
  readonly changes: ChangeSummary;
  /** CloudFormation has begun: from here on it goes on whoever waits. */
  readonly onBegin: () => void;
  /** Leave as soon as CloudFormation has begun. */
  readonly detach: boolean;
}

export interface StagedStack extends DeployedStack {
  /** Instances and versions were told already while CloudFormation waited for them. */
  readonly isActivationTold: boolean;
  /** CloudFormation had begun, and nobody waited for it. */
  readonly isDetached?: boolean;
}

/** Uploads and lets CloudFormation work, told stage by stage. */
export async function deployInStages(
  request: DeployRequest,
  deployment: StagedDeployment,
  context: DeployContext,
  { reporter, system }: DeployDeps,
  tools: Pick<DeployTools, "deploy">,
): Promise<StagedStack> {
  const { prepared, changes, onBegin, detach } = deployment;
  const { local, region } = context.aws.target;
  const leaving = new AbortController();
  const signal = AbortSignal.any([context.signal, leaving.signal]);
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
    if (detach && event.type === "execution") leaving.abort();
    stages.onEvent(event);
    billing?.onEvent(event);
  };
  try {
    const deployed = await tools.deploy(request, { ...context, signal, onEvent });
    await stages.end("done");
    return { ...deployed, isActivationTold: functions.isTold() };
  } catch (error) {
    if (leaving.signal.aborted && error === leaving.signal.reason) {
      await stages.end("done");
      return begun(prepared.stackName, context);
    }
    await stages.end("failed");
    throw error;
  } finally {
    reporter.standing(undefined);
  }
}

/** The stack that CloudFormation works on; what it gives out is not known yet. */
async function begun(stackName: string, context: DeployContext): Promise<StagedStack> {
  const stack = await patiently(context, () => context.aws.stacks.find(stackName));
  if (stack === undefined) throw new Error(`Stack ${stackName} has begun, and is not there.`);
  const made = { stack: { ...stack, outputs: {} }, leftBehind: [], changed: true };
  return { ...made, isActivationTold: false, isDetached: true };
}

/** `0.4 kB`, `1.2 MB`. */
function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
