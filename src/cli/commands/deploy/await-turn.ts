import type { StackCondition } from "../../../deploy/stack-condition.ts";
import { newestEventId, watchStack } from "../../../deploy/watch-stack.ts";
import type { StackState } from "../../../aws/ports.ts";
import { wrap } from "../../output/wrap.ts";
import { deployContext, type DeployDeps } from "./deploy-context-of.ts";
import { reportInStep } from "./event-reporting.ts";
import { lookAtStack, type StackNames, type Survey } from "./survey.ts";
import type { Limits } from "./time-limit.ts";

/** A survey of a stack that nobody is changing. */
export type FreeSurvey = Survey & {
  readonly condition: Exclude<StackCondition, { readonly kind: "busy" }>;
};

/**
 * Waits while somebody else, or an earlier deploy that was interrupted, still changes the stack; then looks
 * again at what came of it, a failure or a deletion included.
 * @returns the survey to go on with, and the minutes that are left to wait for anything else
 */
export async function awaitTurn(
  survey: Survey,
  names: StackNames,
  { minutes, limits }: { readonly minutes: number; readonly limits: Limits },
  deps: DeployDeps,
): Promise<{ readonly survey: FreeSurvey; readonly minutes: number }> {
  const { condition } = survey;
  if (condition.kind !== "busy") return { survey: { ...survey, condition }, minutes };
  const started = deps.system.now().getTime();
  await follow(condition.stack, survey, { minutes, limits }, deps);
  const next = { ...survey, ...(await lookAtStack(survey.aws, names)) };
  const waited = (deps.system.now().getTime() - started) / 60_000;
  return awaitTurn(next, names, { minutes: Math.max(minutes - waited, 0.01), limits }, deps);
}

async function follow(
  stack: StackState,
  { aws }: Survey,
  { minutes, limits }: { readonly minutes: number; readonly limits: Limits },
  deps: DeployDeps,
): Promise<void> {
  deps.reporter.info(
    wrap(
      `Stack ${stack.stackName} is ${stack.status}: an earlier command, or somebody else, is changing it. This deployment waits for that, then goes on.`,
      2,
    ),
  );
  const before = limits.phase;
  limits.phase = whileWaiting;
  const stopClock = limits.allow(minutes, aws.target);
  try {
    await deps.reporter.step("change under way", async (step) => {
      const onEvent = reportInStep(deps.reporter, step);
      const context = { ...deployContext(aws, limits, deps), onEvent };
      await watchStack(stack.stackId, context, await newestEventId(stack.stackId, context));
    });
  } finally {
    stopClock();
  }
  limits.phase = before;
}

const whileWaiting = {
  awsGoesOn:
    "CloudFormation goes on with the change that was under way. Nothing of this deployment is deployed yet.",
  comeBack: "lmi deploy   (waits for it again)",
};
