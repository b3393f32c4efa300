import type { Aws, StackState } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import {
  type EvidenceWatch,
  tellBoth,
  watchEvidence,
} from "../../../deploy/explain/watch-evidence.ts";
import { deploymentFailed, firstFailure } from "../../../deploy/failure.ts";
import { isBusy, requireOurs } from "../../../deploy/stack-condition.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { newestEventId, watchStack } from "../../../deploy/watch-stack.ts";
import { LmiError } from "../../../errors.ts";
import { stackName as stackNameOf } from "../../../synth/names.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Deployed } from "./deployed.ts";
import { deployContext, type DeployDeps } from "./deploy-context-of.ts";
import { type DeployPlan, untilAnswered } from "./deploy-project.ts";
import { reportInStep } from "./event-reporting.ts";
import { stoppedFunctions } from "./paused-already.ts";
import { stackNotFound } from "./stack-not-found.ts";
import { identify } from "./survey.ts";
import type { Limits } from "./time-limit.ts";

/** Comes back to a deployment that AWS goes on with: waits for it and for the first answer, changes nothing. */
export async function attach(
  { settings }: LoadedSettings,
  aws: Aws,
  plan: DeployPlan,
  limits: Limits,
  deps: DeployDeps,
): Promise<Deployed> {
  const started = deps.system.now().getTime();
  const stackName = stackNameOf(settings.name, settings.environment);
  const caller = await untilAborted(identify(aws, stackName, deps.reporter), limits.signal);
  const found = await untilAborted(aws.stacks.find(stackName), limits.signal);
  if (found === undefined) throw stackNotFound(stackName, caller.accountId, aws);
  requireOurs(found, settings.name);
  limits.phase = phase;
  limits.allow(plan.minutes, aws.target);
  const context = deployContext(aws, limits, deps, settings);
  const stack = await settle(found, context, deps);
  // What is paused answers when it is resumed, not before.
  const paused = new Set([...plan.paused, ...(await stoppedFunctions(stack, aws))]);
  const answers = await untilAnswered(stack, aws, limits, { ...plan, paused }, deps);
  const { stackId, outputs } = stack;
  return {
    stackName,
    stackId,
    account: caller.accountId,
    region: aws.target.region,
    changed: false,
    outputs,
    answers,
    milliseconds: deps.system.now().getTime() - started,
    leftBehind: [],
  };
}

async function settle(
  stack: StackState,
  context: DeployContext,
  deps: DeployDeps,
): Promise<StackState> {
  const evidence = watchEvidence(stack.stackName, context, stack.updatedAt ?? stack.createdAt);
  const watched = () => watch(stack, evidence, context, deps);
  const ended = isBusy(stack.status) ? await watched() : stack;
  if (ended === undefined) {
    throw new LmiError(
      "LMI_STACK_DELETED",
      `Stack ${stack.stackName} was being deleted, and is gone.`,
      { next: "lmi deploy" },
    );
  }
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(ended.status)) return ended;
  const { aws, settings } = context;
  const event = firstFailure(await aws.stacks.events(ended.stackId));
  const findings = await evidence.findings(event);
  throw deploymentFailed({ stack: ended, event, left: [], target: aws.target, findings, settings });
}

function watch(
  stack: StackState,
  evidence: EvidenceWatch,
  context: DeployContext,
  deps: DeployDeps,
): Promise<StackState | undefined> {
  return deps.reporter.step("change under way", async (step) => {
    const tell = reportInStep(deps.reporter, step);
    const onEvent = tellBoth(evidence, { onEvent: tell });
    const telling = { ...context, onEvent };
    return watchStack(stack.stackId, telling, await newestEventId(stack.stackId, telling));
  });
}

const phase = {
  awsGoesOn: "AWS goes on by itself.",
  comeBack: "lmi deploy --attach   or   lmi status",
  isUnderWay: true,
};
