import type { StackCondition } from "../../../deploy/stack-condition.ts";
import { tellUnderWay, watchStack } from "../../../deploy/watch-stack.ts";
import type { Aws, StackState } from "../../../aws/ports.ts";
import { whoBegan } from "../../../deploy/who-began.ts";
import { LmiError } from "../../../errors.ts";
import { duration } from "../../output/duration.ts";
import { wrap } from "../../output/wrap.ts";
import { deployContext, type DeployDeps } from "./deploy-context-of.ts";
import { reportInStep } from "./event-reporting.ts";
import { lookAtStack, type StackNames, type Survey } from "./survey.ts";
import type { Limits } from "./time-limit.ts";

/** A survey of a stack that nobody is changing. */
export type FreeSurvey = Survey & {
  readonly condition: Exclude<StackCondition, { readonly kind: "busy" }>;
};

interface Turns {
  readonly survey: Survey;
  readonly names: StackNames;
  readonly minutes: number;
  readonly limits: Limits;
}

/** As often as this may another deployment be first. */
const mostTurns = 5;

/**
 * Does its work when it is its turn. Where another deployment begins first, in the last moment, it waits for that one
 * as well and begins anew with what is there then, questions included.
 */
export async function inTurn<T>(
  { survey, names, minutes, limits }: Turns,
  deps: DeployDeps,
  work: (free: FreeSurvey, minutes: number) => Promise<T>,
  turn = 1,
): Promise<{ readonly survey: FreeSurvey; readonly done: T }> {
  const free = await awaitTurn(survey, names, { minutes, limits }, deps);
  try {
    return { survey: free.survey, done: await work(free.survey, free.minutes) };
  } catch (error) {
    if (!isOvertaken(error) || turn >= mostTurns) throw error;
    deps.reporter.info(wrap(`${error.message} This one waits for it, then compares again.`, 2));
    deps.reporter.event("overtaken", { ...error.details });
    limits.phase = whileWaiting;
    const next = { ...survey, ...(await lookAtStack(survey.aws, names)) };
    return inTurn({ survey: next, names, minutes: free.minutes, limits }, deps, work, turn + 1);
  }
}

function isOvertaken(error: unknown): error is LmiError {
  return error instanceof LmiError && error.details?.["overtaken"] === true;
}

/**
 * Waits while somebody else, or an earlier deploy that was interrupted, still changes the stack; then looks
 * again at what came of it, a failure or a deletion included.
 * @returns the survey to go on with, and the minutes that are left to wait for anything else
 */
async function awaitTurn(
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
  const who = await whoIsAtIt(stack, aws, deps);
  deps.reporter.info(
    wrap(
      `Stack ${stack.stackName} is ${stack.status}${who} is changing it. This deployment waits for that, then goes on.`,
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
      await watchStack(stack.stackId, context, await tellUnderWay(stack.stackId, context));
    });
  } finally {
    stopClock();
  }
  limits.phase = before;
}

/** ` since 12:31:07 UTC (2:13): lmi (me)`, as far as it is known. */
async function whoIsAtIt(stack: StackState, aws: Aws, { system }: DeployDeps): Promise<string> {
  const { since, by } = whoBegan(stack, await aws.stacks.events(stack.stackId));
  const who = by ?? "an earlier command, or somebody else,";
  if (since === undefined) return `: ${who}`;
  const ago = duration(system.now().getTime() - since.getTime());
  return ` since ${since.toISOString().slice(11, 19)} UTC (${ago}): ${who}`;
}

const whileWaiting = {
  awsGoesOn:
    "CloudFormation goes on with the change that was under way. Nothing of this deployment is deployed yet.",
  comeBack: "lmi deploy   (waits for it again)",
};
