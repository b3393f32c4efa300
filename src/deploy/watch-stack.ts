import type { StackEvent, StackState } from "../aws/ports.ts";
import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { patiently } from "./patiently.ts";
import { isBusy } from "./stack-condition.ts";
import { currentOperation } from "./stack-trouble.ts";

/**
 * Follows a stack until CloudFormation has finished with it, telling each event once.
 * @param stackId the ARN: a name stops being found once its stack is deleted
 * @param after the newest event that is not news, if any
 * @returns the stack as it ended, undefined when it is gone
 */
export async function watchStack(
  stackId: string,
  context: DeployContext,
  after?: string,
): Promise<StackState | undefined> {
  const { aws, sleep, signal } = context;
  let last = after;
  for (;;) {
    signal.throwIfAborted();
    // The state first: events read afterwards are then complete for it.
    const stack = await patiently(context, () => aws.stacks.find(stackId));
    last = await tellEvents(stackId, last, context);
    if (stack === undefined || !isBusy(stack.status)) return isGone(stack) ? undefined : stack;
    await sleep(pollInterval(aws), signal);
  }
}

export async function newestEventId(
  stackId: string,
  context: DeployContext,
): Promise<string | undefined> {
  const [newest] = await patiently(context, () => context.aws.stacks.events(stackId));
  return newest?.eventId;
}

/**
 * Tells what CloudFormation is at work on since before anybody looked: its next event may be minutes away.
 * @returns the newest event that is not news
 */
export async function tellUnderWay(
  stackId: string,
  context: DeployContext,
): Promise<string | undefined> {
  const events = await patiently(context, () => context.aws.stacks.events(stackId));
  const newest = new Map<string, StackEvent>();
  for (const event of currentOperation(events).toReversed()) newest.set(event.logicalId, event);
  for (const event of newest.values())
    if (event.status.endsWith("_IN_PROGRESS"))
      context.onEvent({ ...told(event), progress: undefined });
  return events[0]?.eventId;
}

function isGone(stack: StackState | undefined): boolean {
  return stack === undefined || stack.status === "DELETE_COMPLETE";
}

async function tellEvents(
  stackId: string,
  after: string | undefined,
  context: DeployContext,
): Promise<string | undefined> {
  const { aws, onEvent } = context;
  const fresh = await patiently(context, () => aws.stacks.events(stackId, after));
  for (const event of fresh.toReversed()) onEvent({ ...told(event), progress: undefined });
  return fresh[0]?.eventId ?? after;
}

export function told(event: StackEvent) {
  return {
    type: "resource" as const,
    time: event.time,
    logicalId: event.logicalId,
    physicalId: event.physicalId === "" ? undefined : event.physicalId,
    resourceType: event.type,
    status: event.status,
    reason: event.statusReason,
  };
}
