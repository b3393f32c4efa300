import { awsCommand } from "../aws/aws-command.ts";
import type { StackResource, StackState } from "../aws/ports.ts";
import type { AwsTarget } from "../aws/target.ts";
import { ExitCode, LmiError } from "../errors.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { firstFailure } from "./stack-trouble.ts";
import { type PriceList, tablePrices } from "../synth/cost/prices.ts";
import type { Ground } from "./ground.ts";
import { costLine, leftLines, type LeftThing, leftThings, perDayOf } from "./left-behind.ts";
import { patiently } from "./patiently.ts";
import { plainReason } from "./reason-text.ts";
import { findRemains, type Remains } from "./remains.ts";
import { isBusy, stackBusy } from "./stack-condition.ts";
import type { TemplateResources } from "./template-resources.ts";
import { newestEventId, tellUnderWay, watchStack } from "./watch-stack.ts";

/**
 * Seconds before each further attempt. A capacity provider counts as in use, and its network interfaces keep
 * their subnets and security group, until EC2 has finished with the instances, which takes minutes.
 */
const pauses: readonly number[] = [15, 30, 60, 120, 240];

export interface DeletionOptions {
  /** Logical ids that CloudFormation lets go of; it takes them for a stack that is DELETE_FAILED by now, alone. */
  readonly keep?: readonly string[];
  /** Where to look for what holds on to resources. */
  readonly ground?: Ground;
  /** The stack's resources as deployed, for what they cost. */
  readonly declared?: TemplateResources;
  readonly prices?: PriceList;
}

/**
 * Deletes a stack and waits until CloudFormation has finished; joins a deletion that is already under way, and
 * tries again where something was only still in use.
 * Fails with LMI_STACK_PROTECTED before anything is deleted, LMI_DELETE_FAILED (exit code 3) when resources are left.
 */
export async function deleteStack(
  stack: StackState,
  context: DeployContext,
  options: DeletionOptions = {},
): Promise<void> {
  if (stack.terminationProtection) throw isProtected(stack, context.aws.target);
  for (let attempt = 0; ; attempt += 1) {
    // Before the first attempt a deletion may be under way; later the last one is known to have ended.
    const status = attempt === 0 ? stack.status : undefined;
    const keep = stack.status === "DELETE_FAILED" ? options.keep : undefined;
    const ended = await deleteOnce(status, stack, context, keep);
    if (ended === undefined) return;
    const left = await leftResources(ended.stackId, context);
    const seconds = mayPass(left) ? pauses[attempt] : undefined;
    if (seconds === undefined) throw await deletionFailed(ended, left, context, options);
    await pause(seconds, left, attempt, context);
  }
}

async function deleteOnce(
  status: string | undefined,
  { stackId }: StackState,
  context: DeployContext,
  keep: readonly string[] = [],
): Promise<StackState | undefined> {
  if (status === "DELETE_IN_PROGRESS")
    return watchStack(stackId, context, await tellUnderWay(stackId, context));
  const after = await newestEventId(stackId, context);
  await requestDeletion(stackId, context, keep);
  return watchStack(stackId, context, after);
}

/** CloudFormation refuses to delete a stack that somebody has just begun to update. */
async function requestDeletion(
  stackId: string,
  context: DeployContext,
  keep: readonly string[],
): Promise<void> {
  const { aws } = context;
  const left = keep.length === 0 ? [] : await leftResources(stackId, context);
  const kept = keep.filter((id) => left.some(({ logicalId }) => logicalId === id));
  try {
    // Asking twice is the same as asking once.
    await patiently(context, () =>
      kept.length === 0
        ? aws.stacks.delete(stackId)
        : aws.stackRemovals.deleteKeeping(stackId, kept),
    );
  } catch (error) {
    const now = await aws.stacks.find(stackId);
    if (now && isBusy(now.status) && now.status !== "DELETE_IN_PROGRESS") throw stackBusy(now);
    throw error;
  }
}

/** What services say of a resource that something else still holds (EC2: DependencyViolation; Lambda: ResourceConflict). */
const inUse =
  /in use|being used|depend(s|ent|enc)|network interface|ResourceInUse|ResourceConflict|still has/i;

/** CloudFormation gives up where a service goes on throttling it (Lambda takes one write a second on providers). */
const throttled = /rate exceeded|throttl|TooManyRequests|RequestLimitExceeded/i;

/** Whether time alone may let everything be deleted that could not be. */
function mayPass(left: readonly StackResource[]): boolean {
  const reasons = left.filter(hasFailed).map(({ statusReason = "" }) => statusReason);
  return reasons.length > 0 && reasons.every((text) => inUse.test(text) || throttled.test(text));
}

function hasFailed({ status }: StackResource): boolean {
  return status === "DELETE_FAILED";
}

async function pause(
  seconds: number,
  left: readonly StackResource[],
  attempt: number,
  { aws, sleep, signal, onEvent }: DeployContext,
): Promise<void> {
  const milliseconds = aws.target.local ? pollInterval(aws) * (attempt + 1) : seconds * 1000;
  const names = left
    .filter(hasFailed)
    .map(({ logicalId }) => logicalId)
    .join(", ");
  onEvent({
    type: "pause",
    milliseconds,
    message: `Not to be deleted yet: ${names}. Trying again in ${milliseconds / 1000} s (attempt ${attempt + 2} of ${pauses.length + 1}).`,
  });
  await sleep(milliseconds, signal);
}

/** Resources of a stack that still exist. */
export async function leftResources(
  stackId: string,
  context: DeployContext,
): Promise<readonly StackResource[]> {
  const resources = await patiently(context, () => context.aws.stacks.resources(stackId));
  return resources.filter(({ status }) => status !== "DELETE_COMPLETE");
}

function isProtected({ stackName }: StackState, target: AwsTarget): LmiError {
  const words = `cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${stackName}`;
  return new LmiError("LMI_STACK_PROTECTED", `Stack ${stackName} is protected against deletion.`, {
    why: "Its termination protection is on. Nothing was changed.",
    next: `${awsCommand(target, words)} && lmi destroy${target.local ? " --local" : ""}`,
    exitCode: ExitCode.usage,
    details: { stackName },
  });
}

/**
 * CloudFormation deletes no bucket that holds something, and nobody but its owner may say that this can go. What
 * somebody else holds on to can be left behind.
 */
function nextStep(left: readonly StackResource[], remains: Remains | undefined, target: AwsTarget) {
  const full = left.find(
    ({ type, statusReason }) =>
      type === "AWS::S3::Bucket" && statusReason?.includes("is not empty"),
  );
  const again = "lmi destroy   (goes on from here)";
  if (full) return `${awsCommand(target, `s3 rm s3://${full.physicalId} --recursive`)} && ${again}`;
  if (!remains || remains.foreign.length === 0) return again;
  const failed = left.filter(hasFailed).map(({ logicalId }) => logicalId);
  return `${again}, once what is not of this stack is gone; without it:\nlmi destroy --retain ${failed.join(" ")}`;
}

/** LMI_DELETE_FAILED, exit code 3: what is left of a stack in DELETE_FAILED, why, and what it costs. */
export async function deletionFailed(
  stack: StackState,
  left: readonly StackResource[],
  context: DeployContext,
  { ground, declared = {}, prices = tablePrices }: DeletionOptions,
): Promise<LmiError> {
  const { stackName, stackId, status } = stack;
  const { aws } = context;
  const { local } = aws.target;
  const events = await patiently(context, () => aws.stacks.events(stackId));
  const reason = firstFailure(events)?.statusReason ?? stack.statusReason;
  // Where a resource says it itself, once is enough.
  const isListed = left.some(({ statusReason }) => statusReason === reason);
  const remains = ground && (await findRemains(ground, context));
  const things = leftThings({ resources: left, declared, ...(remains && { remains }) }, prices);
  return new LmiError(
    "LMI_DELETE_FAILED",
    `Stack ${stackName} could not be deleted completely: ${status}.`,
    {
      why: [
        ...(reason === undefined || isListed ? [] : [plainReason(reason)]),
        costLine(things, local),
        ...leftLines(things),
      ].join("\n"),
      next: nextStep(left, remains, aws.target),
      exitCode: ExitCode.partial,
      details: {
        stackName,
        stackStatus: status,
        reason,
        perDay: perDayOf(things),
        left: things.map(shown(left)),
      },
    },
  );
}

/** For machines: reasons of resources in CloudFormation's own words. */
function shown(left: readonly StackResource[]) {
  return ({ logicalId, name, type, why, perDay, foreign }: LeftThing) => {
    const resource = left.find((each) => each.logicalId === logicalId);
    const physicalId = resource ? resource.physicalId : name;
    return { logicalId, physicalId, type, reason: resource?.statusReason ?? why, perDay, foreign };
  };
}
