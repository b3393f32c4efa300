import { awsCommand } from "../aws/aws-command.ts";
import type { StackResource, StackState } from "../aws/ports.ts";
import type { AwsTarget } from "../aws/target.ts";
import { ExitCode, LmiError } from "../errors.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { firstFailure } from "./failure.ts";
import { leftList } from "./left-list.ts";
import { patiently } from "./patiently.ts";
import { plainReason } from "./reason-text.ts";
import { isBusy, stackBusy } from "./stack-condition.ts";
import { newestEventId, watchStack } from "./watch-stack.ts";

/**
 * Seconds before each further attempt. A capacity provider counts as in use, and its network interfaces keep
 * their subnets and security group, until EC2 has finished with the instances, which takes minutes.
 */
const pauses: readonly number[] = [15, 30, 60, 120, 240];

/**
 * Deletes a stack and waits until CloudFormation has finished; joins a deletion that is already under way, and
 * tries again where something was only still in use.
 * Fails with LMI_STACK_PROTECTED before anything is deleted, LMI_DELETE_FAILED (exit code 3) when resources are left.
 */
export async function deleteStack(stack: StackState, context: DeployContext): Promise<void> {
  if (stack.terminationProtection) throw isProtected(stack, context.aws.target);
  for (let attempt = 0; ; attempt += 1) {
    // Before the first attempt a deletion may be under way; later the last one is known to have ended.
    const ended = await deleteOnce(attempt === 0 ? stack.status : undefined, stack, context);
    if (ended === undefined) return;
    const left = await leftResources(ended.stackId, context);
    const seconds = isStillInUse(left) ? pauses[attempt] : undefined;
    if (seconds === undefined) throw await deleteFailed(ended, left, context);
    await pause(seconds, left, attempt, context);
  }
}

async function deleteOnce(
  status: string | undefined,
  { stackId }: StackState,
  context: DeployContext,
): Promise<StackState | undefined> {
  const after = await newestEventId(stackId, context);
  if (status !== "DELETE_IN_PROGRESS") await requestDeletion(stackId, context);
  return watchStack(stackId, context, after);
}

/** CloudFormation refuses to delete a stack that somebody has just begun to update. */
async function requestDeletion(stackId: string, context: DeployContext): Promise<void> {
  const { aws } = context;
  try {
    // Asking twice is the same as asking once.
    await patiently(context, () => aws.stacks.delete(stackId));
  } catch (error) {
    const now = await aws.stacks.find(stackId);
    if (now && isBusy(now.status) && now.status !== "DELETE_IN_PROGRESS") throw stackBusy(now);
    throw error;
  }
}

/** What services say of a resource that something else still holds (EC2: DependencyViolation; Lambda: ResourceConflict). */
const inUse =
  /in use|being used|depend(s|ent|enc)|network interface|ResourceInUse|ResourceConflict|still has/i;

/** Whether time alone may free everything that could not be deleted. */
function isStillInUse(left: readonly StackResource[]): boolean {
  const failed = left.filter(({ status }) => status === "DELETE_FAILED");
  return failed.length > 0 && failed.every(({ statusReason }) => inUse.test(statusReason ?? ""));
}

async function pause(
  seconds: number,
  left: readonly StackResource[],
  attempt: number,
  { aws, sleep, signal, onEvent }: DeployContext,
): Promise<void> {
  const milliseconds = aws.target.local ? pollInterval(aws) * (attempt + 1) : seconds * 1000;
  const names = left
    .filter(({ status }) => status === "DELETE_FAILED")
    .map(({ logicalId }) => logicalId)
    .join(", ");
  onEvent({
    type: "pause",
    milliseconds,
    message: `Still in use: ${names}. Trying again in ${milliseconds / 1000} s (attempt ${attempt + 2} of ${pauses.length + 1}).`,
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

/** CloudFormation deletes no bucket that holds something, and nobody but its owner may say that this can go. */
function nextStep(left: readonly StackResource[], local: boolean): string {
  const full = left.find(
    ({ type, statusReason }) =>
      type === "AWS::S3::Bucket" && statusReason?.includes("is not empty"),
  );
  const again = "lmi destroy   (goes on from here)";
  return full && !local ? `aws s3 rm s3://${full.physicalId} --recursive && ${again}` : again;
}

async function deleteFailed(
  stack: StackState,
  left: readonly StackResource[],
  context: DeployContext,
): Promise<LmiError> {
  const { stackName, stackId, status } = stack;
  const { aws } = context;
  const events = await patiently(context, () => aws.stacks.events(stackId));
  const reason = firstFailure(events)?.statusReason ?? stack.statusReason;
  // Where a resource says it itself, once is enough.
  const isListed = left.some(({ statusReason }) => statusReason === reason);
  return new LmiError(
    "LMI_DELETE_FAILED",
    `Stack ${stackName} could not be deleted completely: ${status}.`,
    {
      why: [
        ...(reason === undefined || isListed ? [] : [plainReason(reason)]),
        aws.target.local ? "Left:" : "Left, and perhaps costing money:",
        ...leftList(left),
      ].join("\n"),
      next: nextStep(left, aws.target.local),
      exitCode: ExitCode.partial,
      details: {
        stackName,
        stackStatus: status,
        reason,
        left: left.map(({ logicalId, physicalId, type, statusReason }) => ({
          logicalId,
          physicalId,
          type,
          reason: statusReason,
        })),
      },
    },
  );
}
