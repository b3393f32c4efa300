import type { Aws, StackState } from "../../../aws/ports.ts";
import { providerArn } from "../../../deploy/ground.ts";
import { explainReason } from "../../../deploy/reason-codes.ts";
import { plainReason } from "../../../deploy/reason-text.ts";
import { outcomeOf, readTrouble } from "../../../deploy/stack-trouble.ts";
import type { TroubleView } from "./model.ts";
import type { Parts } from "./part.ts";

/** Why the stack is in a state that its last change was not to end in; undefined where it is fine. */
export async function readTroubleView(
  stack: StackState,
  parts: Parts,
  aws: Aws,
): Promise<TroubleView | undefined> {
  const outcome = outcomeOf(stack, aws.target);
  const trouble = await parts.read("events", "cloudformation:DescribeStackEvents", () =>
    readTrouble(stack, aws),
  );
  if (outcome === undefined && trouble === undefined) return undefined;
  const { cause, others = [], obstacle } = trouble ?? {};
  const failures = [cause, ...others, obstacle].flatMap((event, index, all) => {
    if (event === undefined || all.indexOf(event) < index) return [];
    const { logicalId, type, status, time, statusReason = "no reason given" } = event;
    const known = explainReason(statusReason, type);
    const reason = plainReason(statusReason);
    // The general code explains no more than the reason does.
    const code = known?.code === "LMI_DEPLOY_FAILED" ? undefined : known?.code;
    return [{ logicalId, type, status, time, reason, ...(code && { code }) }];
  });
  return { outcome, failures };
}

/**
 * Outputs come with a stack that was made as a whole. Of one that was not, what there is of functions and providers is
 * found among its resources, under the names that outputs would have.
 */
export async function withFoundOutputs(
  stack: StackState,
  parts: Parts,
  { stacks }: Pick<Aws, "stacks">,
): Promise<StackState> {
  if (!/^(CREATE|ROLLBACK|DELETE)_FAILED$/.test(stack.status)) return stack;
  if (Object.keys(stack.outputs).length > 0) return stack;
  const resources =
    (await parts.read("resources", "cloudformation:ListStackResources", () =>
      stacks.resources(stack.stackId),
    )) ?? [];
  const found = resources.flatMap(({ logicalId, physicalId, type, status }) => {
    if (physicalId === undefined || status === "DELETE_COMPLETE") return [];
    if (type === "AWS::Lambda::Function") return [[`FunctionName${logicalId}`, physicalId]];
    if (type !== "AWS::Lambda::CapacityProvider") return [];
    return [[`CapacityProviderArn${logicalId}`, providerArn(stack.stackId, physicalId)]];
  });
  return { ...stack, outputs: Object.fromEntries(found) as Record<string, string> };
}

/** What stands in a template is not there where nothing was made, or nothing was left. */
export function holdsNothing({ status }: Pick<StackState, "status">): boolean {
  return /^(ROLLBACK_COMPLETE|REVIEW_IN_PROGRESS|DELETE_COMPLETE)$/.test(status);
}

/** What to do about a failed change that was undone, or stays as it is, where nothing else is more pressing. */
export function nextAfterFailure({ status }: Pick<StackState, "status">): string | undefined {
  return /^UPDATE_(FAILED|ROLLBACK_COMPLETE)$/.test(status)
    ? "lmi deploy --attach   (explains what failed)"
    : undefined;
}
