import type { StackState } from "../aws/ports.ts";
import { LmiError } from "../errors.ts";
import { tablePrices } from "../synth/cost/prices.ts";
import type { Settings } from "../synth/settings.ts";
import { deletionFailed, leftResources } from "./delete-stack.ts";
import type { DeployContext } from "./deploy-context.ts";
import type { EvidenceWatch } from "./explain/watch-evidence.ts";
import { deploymentFailed } from "./failure.ts";
import { groundOf } from "./ground.ts";
import { type LeftThing, leftThings } from "./left-behind.ts";
import { patiently } from "./patiently.ts";
import { findRemains } from "./remains.ts";
import { troubleIn } from "./stack-trouble.ts";
import { deployedResources } from "./template-resources.ts";

/**
 * Why CloudFormation gave a deployment up, with what was seen on the way. A stack in DELETE_FAILED is no deployment
 * that failed: of it the same is said as by the deletion itself.
 */
export async function stackFailure(
  stack: StackState,
  evidence: EvidenceWatch,
  context: DeployContext,
  settings: Settings | undefined = context.settings,
): Promise<LmiError> {
  const { aws } = context;
  if (stack.status === "DELETE_FAILED") return deletionStopped(stack, context);
  const events = await patiently(context, () => aws.stacks.events(stack.stackId));
  const { cause: event, others, obstacle } = troubleIn(stack, events);
  const left = stack.status === "ROLLBACK_FAILED" ? await leftOf(stack, context) : [];
  const findings = await evidence.findings(event);
  const { target } = aws;
  return deploymentFailed({ stack, event, others, obstacle, left, target, findings, settings });
}

/** What a creation that could not be undone has left, instances that still run among it, with what it costs. */
async function leftOf({ stackId }: StackState, context: DeployContext): Promise<LeftThing[]> {
  const resources = await leftResources(stackId, context);
  const template = await patiently(context, () => context.aws.stacks.template(stackId));
  const remains = await findRemains(groundOf(stackId, resources), context).catch(
    (error: unknown) => {
      context.signal.throwIfAborted();
      // Who may not look at instances is told the rest.
      if (!(error instanceof LmiError)) throw error;
      return undefined;
    },
  );
  const declared = deployedResources(template);
  return leftThings({ resources, declared, ...(remains && { remains }) }, tablePrices);
}

async function deletionStopped(stack: StackState, context: DeployContext): Promise<LmiError> {
  const { stackId } = stack;
  const left = await leftResources(stackId, context);
  const template = await patiently(context, () => context.aws.stacks.template(stackId));
  const declared = deployedResources(template);
  return deletionFailed(stack, left, context, { ground: groundOf(stackId, left), declared });
}
