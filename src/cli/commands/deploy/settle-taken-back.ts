import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { DeployRequest } from "../../../deploy/deploy-stack.ts";
import type { FoundLogGroup } from "../../../deploy/found-log-groups.ts";
import type { Reporter } from "../../output/reporter.ts";
import { wrap } from "../../output/wrap.ts";
import type { StagedStack } from "./deploy-in-stages.ts";
import { reportInStep } from "./event-reporting.ts";
import type { DeployTools } from "./tools.ts";

/** Said where log groups are the stack's, and still have the policy that their import needed. */
export const unsettledWords =
  "The log groups that were taken back have DeletionPolicy Retain until the next `lmi deploy`, which gives them what the project says.";

/**
 * What was taken back came as it was, with a policy that keeps it, as CloudFormation asks. Now that it is the stack's, a
 * second, short update gives it the project's own policy and retention. The deployment itself has succeeded.
 */
export async function settleTakenBack(
  deployed: StagedStack,
  takesBack: readonly FoundLogGroup[],
  request: Omit<DeployRequest, "before">,
  {
    context,
    reporter,
    tools,
  }: {
    readonly context: DeployContext;
    readonly reporter: Reporter;
    readonly tools: Pick<DeployTools, "deploy">;
  },
): Promise<StagedStack> {
  if (takesBack.length === 0 || !deployed.changed) return deployed;
  if (deployed.isDetached) {
    reporter.info(wrap(unsettledWords, 2));
    return deployed;
  }
  try {
    const { stack, leftBehind } = await reporter.step("log groups", async (step) => {
      const onEvent = reportInStep(reporter, step);
      const second = { ...request, before: deployed.stack };
      const settled = await tools.deploy(second, { ...context, onEvent });
      step.progress(`${takesBack.length} taken back`);
      return settled;
    });
    return { ...deployed, stack, leftBehind: [...deployed.leftBehind, ...leftBehind] };
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    reporter.warn(wrap(`${reason} ${unsettledWords}`, 2));
    return deployed;
  }
}
