import type { StackState } from "../aws/ports.ts";
import type { LmiError } from "../errors.ts";
import type { Settings } from "../synth/settings.ts";
import { leftResources } from "./delete-stack.ts";
import type { DeployContext } from "./deploy-context.ts";
import type { EvidenceWatch } from "./explain/watch-evidence.ts";
import { deploymentFailed } from "./failure.ts";
import { patiently } from "./patiently.ts";
import { troubleIn } from "./stack-trouble.ts";

/** Why CloudFormation gave a deployment up, with what was seen on the way. */
export async function stackFailure(
  stack: StackState,
  evidence: EvidenceWatch,
  context: DeployContext,
  settings: Settings | undefined = context.settings,
): Promise<LmiError> {
  const { aws } = context;
  const events = await patiently(context, () => aws.stacks.events(stack.stackId));
  const { cause: event, obstacle } = troubleIn(stack, events);
  const left =
    stack.status === "ROLLBACK_FAILED" ? await leftResources(stack.stackId, context) : [];
  const findings = await evidence.findings(event);
  const { target } = aws;
  return deploymentFailed({ stack, event, obstacle, left, target, findings, settings });
}
