import type { Aws, StackResource, StackState } from "../../../aws/ports.ts";
import { groundOf } from "../../../deploy/ground.ts";
import { leftThings } from "../../../deploy/left-behind.ts";
import { findRemains, inBrief, isNothing } from "../../../deploy/remains.ts";
import { projectTag } from "../../../deploy/stack-condition.ts";
import { typeWord } from "../../../deploy/resource-words.ts";
import { LmiError } from "../../../errors.ts";
import type { Deps } from "../../deps.ts";
import { wrap } from "../../output/wrap.ts";
import { deployContext } from "../deploy/deploy-context-of.ts";
import { withinLimits } from "../deploy/within-limits.ts";
import { stackNotFound } from "../deploy/stack-not-found.ts";

import { type CarriedOut, type Deletion, untilEnded } from "./carry-out.ts";
import { forgetCode } from "./forget-code.ts";
import { endingIn } from "./phases.ts";

export interface GoneStack {
  readonly stackName: string;
  readonly account: string;
}

/**
 * The stack is gone: a destroy before this one may have been cut off while AWS was still ending what ran. Waits for
 * that. Fails with LMI_STACK_NOT_FOUND where nothing is left, or there never was one.
 */
export async function afterDeletion(
  { stackName, account }: GoneStack,
  deletion: Deletion,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<CarriedOut> {
  const { aws, minutes, projectName, prices } = deletion;
  const last = await lastDeleted(stackName, projectName, aws);
  if (last === undefined) throw stackNotFound(stackName, account, aws);
  // A destroy that was cut off had no time for it.
  await forgetCode(last.stack, aws, deps.reporter);
  const ground = groundOf(last.stack.stackId, last.resources);
  return withinLimits(deps.system, endingIn(nothing, aws.target, prices), async (limits) => {
    limits.allow(minutes, aws.target);
    const context = deployContext(aws, limits, deps);
    const kept = keptOf(last, deletion);
    const remains = await findRemains(ground, context);
    if (isNothing(remains)) throw longGone(stackNotFound(stackName, account, aws), last);
    deps.reporter.info(
      wrap(`Stack ${stackName} is deleted. AWS is still ending ${inBrief(remains)}.`, 2),
    );
    await untilEnded(ground, { context, limits }, deletion, deps);
    return { resources: 0, versions: 0, kept };
  });
}

const nothing = { providers: [], instances: [], interfaces: [], foreign: [] };

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

function keptOf({ resources }: LastDeleted, { prices }: Deletion) {
  return leftThings({ resources: resources.filter(isKept) }, prices);
}

/** CloudFormation's word for what it let go of. */
function isKept({ status }: StackResource): boolean {
  return status === "DELETE_SKIPPED";
}

/** There is nothing to do, and why that is known. */
function longGone(error: LmiError, { deletedAt, resources }: LastDeleted): LmiError {
  const { code, message, next, exitCode, details } = error;
  const kept = resources
    .filter(isKept)
    .map(({ type, physicalId }) => `${typeWord(type)} ${physicalId}`);
  const when = deletedAt?.toISOString().slice(0, 16).replace("T", " ") ?? "before";
  return new LmiError(code, message, {
    why: [
      `It was deleted (${when} UTC); no capacity provider, instance or network interface of it is left.`,
      ...(kept.length === 0 ? [] : [`Kept then: ${kept.join(", ")}.`]),
    ].join("\n"),
    exitCode,
    ...(next === undefined ? {} : { next }),
    details: { ...details, deletedAt, kept },
  });
}
