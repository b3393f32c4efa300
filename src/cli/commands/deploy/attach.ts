import type { Aws, StackState } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { tellBoth, watchEvidence } from "../../../deploy/explain/watch-evidence.ts";
import { stackFailure } from "../../../deploy/stack-failure.ts";
import { isBusy, requireOurs } from "../../../deploy/stack-condition.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { readTemplate } from "../../../deploy/kept-resources.ts";
import { takenBackIn } from "../../../deploy/take-back.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { type Operation, readOperation } from "../../../deploy/operation.ts";
import { watchStack } from "../../../deploy/watch-stack.ts";
import { LmiError } from "../../../errors.ts";
import { stackName as stackNameOf } from "../../../synth/names.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import { duration } from "../../output/duration.ts";
import { wrap } from "../../output/wrap.ts";
import { keptPrices } from "../../prices/kept-prices.ts";
import { startBilling } from "./billing.ts";
import type { Deployed } from "./deployed.ts";
import { deployContext, type DeployDeps } from "./deploy-context-of.ts";
import type { DeployPlan } from "./deploy-project.ts";
import { sayWhatDiffers } from "./differs-from-stack.ts";
import { functionStages } from "./function-stages.ts";
import { keepUnkept } from "./keep-unkept.ts";
import { stoppedFunctions } from "./paused-already.ts";
import { isStillOurs } from "./put-right.ts";
import { unsettledWords } from "./settle-taken-back.ts";
import { stackNotFound } from "./stack-not-found.ts";
import { stackStages } from "./stack-stages.ts";
import { identify } from "./survey.ts";
import type { Limits } from "./time-limit.ts";
import { sayDone, tipFlags, untilAnswered } from "./until-answered.ts";

/**
 * Comes back to a deployment that AWS goes on with, or that has ended meanwhile: shows its stages from its first event
 * on, waits for it and for the first answer, and changes nothing of the stack. All that it knows it reads from AWS.
 */
export async function attach(
  { settings }: LoadedSettings,
  aws: Aws,
  plan: DeployPlan,
  limits: Limits,
  deps: DeployDeps,
): Promise<Deployed> {
  const attached = deps.system.now().getTime();
  const stackName = stackNameOf(settings.name, settings.environment);
  const caller = await untilAborted(identify(aws, stackName, deps.reporter), limits.signal);
  const found = await untilAborted(aws.stacks.find(stackName), limits.signal);
  if (found === undefined) throw stackNotFound(stackName, caller.accountId, aws);
  requireOurs(found, settings.name);
  if (found.status === "REVIEW_IN_PROGRESS") throw nothingBegan(found);
  limits.phase = phase;
  limits.allow(plan.minutes, aws.target);
  const context = deployContext(aws, limits, deps, settings);
  const { stack, began, isTold } = await follow(found, context, deps);
  // What is paused answers when it is resumed, not before.
  const paused = new Set([...plan.paused, ...(await stoppedFunctions(stack, aws))]);
  const answers = await untilAnswered(stack, aws, limits, { ...plan, paused, isTold }, deps);
  const isOurs = await isStillOurs({ stack, aws });
  const flags = tipFlags(aws, settings.environment);
  const telling = { reporter: deps.reporter, flags };
  const beside = isOurs ? await sayWhatDiffers(stack, context, telling) : [];
  if (isOurs) {
    const template = await patiently(context, () => aws.stacks.template(stack.stackId));
    await keepUnkept(stack, template, context, deps.reporter);
    if (takenBackIn(readTemplate(template)).size > 0) deps.reporter.info(wrap(unsettledWords, 2));
  }
  const changed = isBusy(found.status);
  const milliseconds = deps.system.now().getTime() - (changed ? began.getTime() : attached);
  const done = { stack, leftBehind: [], changed, answers, paused, isBeside: beside.length > 0 };
  sayDone(done, milliseconds, flags, deps);
  return {
    stackName,
    stackId: stack.stackId,
    account: caller.accountId,
    region: aws.target.region,
    changed,
    outputs: stack.outputs,
    answers,
    milliseconds,
    leftBehind: [],
    attached: true,
    ...(beside.length > 0 ? { beside } : {}),
  };
}

interface Followed {
  readonly stack: StackState;
  readonly began: Date;
  /** Functions were among what changed, and shown. */
  readonly isTold: boolean;
}

/** Tells what has happened so far with the times of the events, then what happens, until CloudFormation has ended. */
async function follow(
  found: StackState,
  context: DeployContext,
  deps: DeployDeps,
): Promise<Followed> {
  const { aws } = context;
  const operation = await readOperation(found, context);
  sayWhatIsUnderWay(found, operation, deps);
  const { local, region } = aws.target;
  const billing = local
    ? undefined
    : startBilling(deps.reporter, keptPrices(region, deps.system), context.now);
  const functions = functionStages(operation.resources, context, billing);
  const stages = stackStages({
    reporter: deps.reporter,
    expected: operation.expected,
    saysUsual: !local,
    functions: functions.open,
    isTimedByEvents: true,
  });
  const tell: DeployContext["onEvent"] = (event) => {
    stages.onEvent(event);
    billing?.onEvent(event);
  };
  const evidence = watchEvidence(found.stackName, context, operation.began);
  const onEvent = tellBoth(evidence, { onEvent: tell });
  try {
    for (const event of operation.events) onEvent(event);
    const ended = await watchStack(found.stackId, { ...context, onEvent }, operation.newest);
    if (ended === undefined) throw stackGone(found);
    if (!isDeployed(ended)) throw await stackFailure(ended, evidence, context);
    await stages.end("done");
    return { stack: ended, began: operation.began, isTold: functions.isTold() };
  } catch (error) {
    await stages.end("failed");
    throw error;
  } finally {
    deps.reporter.standing(undefined);
  }
}

function isDeployed({ status }: StackState): boolean {
  return /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status);
}

function sayWhatIsUnderWay(
  { stackName, status }: StackState,
  { began, by }: Operation,
  { reporter, system }: DeployDeps,
): void {
  const ago = duration(system.now().getTime() - began.getTime());
  const who = by === undefined ? "" : `, begun by ${by}`;
  const at = `${began.toISOString().slice(11, 19)} UTC`;
  const text = isBusy(status)
    ? `Stack ${stackName} is ${status} since ${at} (${ago})${who}.`
    : `Nothing is under way: stack ${stackName} is ${status}. Its last change began at ${began.toISOString().slice(0, 10)} ${at}${who}.`;
  reporter.info(wrap(text, 2));
}

function nothingBegan({ stackName, status }: StackState): LmiError {
  return new LmiError("LMI_NOTHING_UNDER_WAY", `No deployment of stack ${stackName} has begun.`, {
    why: `It is ${status}: a change set was made, or is being made, and nobody has executed one.`,
    next: "lmi deploy",
    details: { stackName, status },
  });
}

function stackGone({ stackName }: StackState): LmiError {
  return new LmiError("LMI_STACK_DELETED", `Stack ${stackName} was being deleted, and is gone.`, {
    next: "lmi deploy",
  });
}

const phase = {
  awsGoesOn: "AWS goes on by itself.",
  comeBack: "lmi deploy --attach   or   lmi status",
  isUnderWay: true,
};
