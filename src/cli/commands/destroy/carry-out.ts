import type { Aws } from "../../../aws/ports.ts";
import { deleteStack } from "../../../deploy/delete-stack.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { type Ground, joined } from "../../../deploy/ground.ts";
import { keepResources } from "../../../deploy/keep-resources.ts";
import { leftThings, type LeftThing } from "../../../deploy/left-behind.ts";
import { waitUntilNothingRuns, whileItMoves } from "../../../deploy/nothing-left.ts";
import { patiently } from "../../../deploy/patiently.ts";
import { pruneVersions } from "../../../deploy/prune-versions.ts";
import { findRemains, inBrief } from "../../../deploy/remains.ts";
import { isBusy, requireOurs } from "../../../deploy/stack-condition.ts";
import { tellUnderWay, watchStack } from "../../../deploy/watch-stack.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import type { Deps } from "../../deps.ts";
import { deployContext } from "../deploy/deploy-context-of.ts";
import { reportInStep } from "../deploy/event-reporting.ts";
import { withinLimits } from "../deploy/within-limits.ts";
import { beforeDeletion, duringDeletion } from "../deploy/phases.ts";
import { stackStages } from "../deploy/stack-stages.ts";
import { type Limits } from "../deploy/time-limit.ts";
import type { KeepRequest } from "./keep.ts";
import { endingIn, marking, nothingSeen, pruning } from "./phases.ts";
import { type Plan, planDestroy } from "./plan.ts";

export interface Deletion {
  readonly aws: Aws;
  readonly keep: KeepRequest;
  readonly minutes: number;
  readonly projectName: string;
  readonly prices: PriceList;
}

export interface CarriedOut {
  /** Resources that were there to be deleted. */
  readonly resources: number;
  readonly versions: number;
  readonly kept: readonly LeftThing[];
}

type CarryOutDeps = Pick<Deps, "system" | "reporter">;

/** Deletes what the plan says, and waits until AWS has ended what runs. */
export async function carryOut(
  plan: Plan,
  deletion: Deletion,
  deps: CarryOutDeps,
): Promise<CarriedOut> {
  const { aws, minutes } = deletion;
  const waits = isBusy(plan.stack.status) && plan.stack.status !== "DELETE_IN_PROGRESS";
  const first = waits ? beforeDeletion : duringDeletion(aws.target);
  return withinLimits(deps.system, first, async (limits) => {
    limits.allow(minutes, aws.target);
    const context = deployContext(aws, limits, deps);
    const found = waits ? await afterChange(plan, deletion, context, deps) : plan;
    const versions = found ? await takeAway(found, deletion, { context, limits }, deps) : 0;
    const ground = found ? joined(plan.ground, found.ground) : plan.ground;
    await untilEnded(ground, { context, limits }, deletion, deps);
    const kept = found ? await whatStays(found, deletion, context) : [];
    return { resources: found?.going.length ?? 0, versions, kept };
  });
}

interface Bounds {
  readonly context: DeployContext;
  readonly limits: Limits;
}

/**
 * Waits for a change that is under way, then looks again: it may have made, renamed or deleted anything.
 * @returns undefined when the stack is gone
 */
async function afterChange(
  { stack: { stackId } }: Plan,
  { projectName, keep }: Deletion,
  context: DeployContext,
  { reporter }: CarryOutDeps,
): Promise<Plan | undefined> {
  await reporter.step("change under way", async (step) => {
    const watching = { ...context, onEvent: reportInStep(reporter, step) };
    return watchStack(stackId, watching, await tellUnderWay(stackId, watching));
  });
  const stack = await patiently(context, () => context.aws.stacks.find(stackId));
  if (stack === undefined || stack.status === "DELETE_COMPLETE") return undefined;
  requireOurs(stack, projectName);
  return planDestroy(stack, keep, context);
}

/** What is to stay is marked, versions are pruned, then CloudFormation deletes. @returns how many versions it were */
async function takeAway(
  plan: Plan,
  deletion: Deletion,
  { context, limits }: Bounds,
  { reporter }: CarryOutDeps,
): Promise<number> {
  const { stack, template, mark, release, prune, providers } = plan;
  const { target } = context.aws;
  if (
    mark.length + release.length > 0 &&
    template &&
    stack.status !== "DELETE_FAILED" &&
    !stack.terminationProtection
  ) {
    limits.phase = marking;
    const isKeeping = mark.length > 0;
    const said = isKeeping ? `${mark.length} to stay` : `${release.length} not to stay`;
    await reporter.step(isKeeping ? "keep" : "log groups", async (step) => {
      step.progress(said);
      await keepResources(stack, template, mark, {
        ...context,
        onEvent: reportInStep(reporter, step),
      });
      step.progress(said);
    });
  }
  let versions = 0;
  if (prune.length > 0 && !stack.terminationProtection) {
    limits.phase = pruning(target);
    const { pruned } = await reporter.step("versions", (step) =>
      pruneVersions(prune, providers, context, (text) => step.progress(text)),
    );
    versions = pruned.length;
  }
  limits.phase = duringDeletion(target);
  await deleteInStages(plan, deletion, context, { reporter });
  return versions;
}

async function deleteInStages(
  { stack, going, ground, declared, mark }: Plan,
  { prices }: Deletion,
  context: DeployContext,
  { reporter }: Pick<CarryOutDeps, "reporter">,
): Promise<void> {
  const stages = stackStages({ reporter, expected: going, saysUsual: false });
  try {
    await whileItMoves({ ground, context, prices }, (watched) =>
      deleteStack(
        stack,
        { ...watched, onEvent: stages.onEvent },
        { keep: mark, ground, declared, prices },
      ),
    );
    await stages.end("done");
  } catch (error) {
    await stages.end("failed");
    throw error;
  }
}

/** Waits until nothing of the capacity providers is left. */
export async function untilEnded(
  ground: Ground,
  { context, limits }: Bounds,
  { prices }: Pick<Deletion, "prices">,
  { reporter }: Pick<CarryOutDeps, "reporter">,
): Promise<void> {
  if (ground.providers.length === 0) return;
  limits.phase = endingIn(nothingSeen, context.aws.target, prices);
  await reporter.step("instances", async (step) => {
    await waitUntilNothingRuns({
      ground,
      context,
      prices,
      onLook: (remains) => {
        step.progress(inBrief(remains));
        limits.phase = endingIn(remains, context.aws.target, prices);
      },
    });
    step.progress("none left, and no network interface");
  });
}

async function whatStays(
  { staying, declared, keptGround }: Plan,
  { prices }: Deletion,
  context: DeployContext,
): Promise<readonly LeftThing[]> {
  if (staying.length === 0) return [];
  const remains = await findRemains(keptGround, context);
  const calm = staying.map((each) => ({ ...each, statusReason: undefined }));
  return leftThings({ resources: calm, declared, remains }, prices);
}
