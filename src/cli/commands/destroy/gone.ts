import type { Aws, StackResource, StackState } from "../../../aws/ports.ts";
import { groundOf } from "../../../deploy/ground.ts";
import { leftThings } from "../../../deploy/left-behind.ts";
import { findRemains, inBrief, isNothing } from "../../../deploy/remains.ts";
import { projectTag } from "../../../deploy/stack-condition.ts";
import { LmiError } from "../../../errors.ts";
import type { Deps } from "../../deps.ts";
import { wrap } from "../../output/wrap.ts";
import { deployContext } from "../deploy/deploy-context-of.ts";
import { untilInterrupted } from "../deploy/time-limit.ts";
import { withinLimits } from "../deploy/within-limits.ts";
import { stackNotFound } from "../deploy/stack-not-found.ts";

import { type CarriedOut, type Deletion, untilEnded } from "./carry-out.ts";
import { forgetCode } from "./forget-code.ts";
import { afterDestroying, endingIn, nothingSeen } from "./phases.ts";

export interface GoneStack {
  readonly stackName: string;
  readonly account: string;
}

/** What a destroy finds to do where the stack is gone. */
export interface AfterDeletion extends CarriedOut {
  /** When the stack was deleted; undefined where CloudFormation does not say. */
  readonly deletedAt: Date | undefined;
}

/**
 * The stack is gone: a destroy before this one may have been cut off while AWS was still ending what ran. Waits for
 * that; where nothing is left, there is nothing to do. Fails with LMI_STACK_NOT_FOUND where CloudFormation knows of no
 * such stack: it may as well run in another account or region.
 */
export async function afterDeletion(
  { stackName, account }: GoneStack,
  deletion: Deletion,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<AfterDeletion> {
  const { aws, minutes, projectName, prices } = deletion;
  const last = await untilInterrupted(deps.system, afterDestroying, () =>
    lastDeleted(stackName, projectName, aws),
  );
  if (last === undefined) throw stackNotFound(stackName, account, aws);
  // A destroy that was cut off had no time for it.
  await forgetCode(last.stack, aws, deps);
  const { stackId } = last.stack;
  const kept = last.resources.filter(isKept);
  // What was kept on purpose goes on running, and is not waited for.
  const ground = groundOf(
    stackId,
    last.resources.filter((each) => !isKept(each)),
  );
  return withinLimits(deps.system, endingIn(nothingSeen, aws.target, prices), async (limits) => {
    limits.allow(minutes, aws.target);
    const context = deployContext(aws, limits, deps);
    const { deletedAt } = last;
    const stays = await findRemains(groundOf(stackId, kept.filter(isProvider)), context);
    const things = leftThings({ resources: kept, remains: stays }, prices);
    const done = { resources: 0, versions: 0, kept: things, deletedAt };
    const remains = await findRemains(ground, context);
    if (isNothing(remains)) return done;
    deps.reporter.info(
      wrap(`Stack ${stackName} is deleted. AWS is still ending ${inBrief(remains)}.`, 2),
    );
    await untilEnded(ground, { context, limits }, deletion, deps);
    return done;
  });
}

interface LastDeleted {
  readonly stack: StackState;
  readonly resources: readonly StackResource[];
  readonly deletedAt: Date | undefined;
}

/** Deleted stacks of one name that are looked at: instances of older ones have ended long ago. */
const mostLooked = 20;

/** The youngest deleted stack of this name that was this project's. */
async function lastDeleted(
  stackName: string,
  project: string,
  aws: Aws,
): Promise<LastDeleted | undefined> {
  try {
    const deleted = await aws.stackRemovals.deleted(stackName);
    for (const { stackId, deletedAt } of deleted.slice(0, mostLooked)) {
      const stack = await aws.stacks.find(stackId);
      if (stack?.tags[projectTag] !== project) continue;
      return { stack, resources: await aws.stacks.resources(stackId), deletedAt };
    }
    return undefined;
  } catch (error) {
    // Who may not list deleted stacks is told what everybody was told before.
    if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return undefined;
    throw error;
  }
}

/** CloudFormation's word for what it let go of. */
function isKept({ status }: StackResource): boolean {
  return status === "DELETE_SKIPPED";
}

function isProvider({ type }: StackResource): boolean {
  return type === "AWS::Lambda::CapacityProvider";
}
