import { keepWhatRuns } from "./keep-code.ts";
import { bring, type BroughtTask, type Bringing, confirm, hashes } from "./bring.ts";
import { allFailures } from "./failures.ts";
import { pushPhase } from "./phases.ts";
import type { PushTask } from "./push-tasks.ts";
import type { PushedFunction } from "./pushed.ts";

/**
 * All are published before any is waited for: Lambda starts their environments beside each other. Where one fails, those
 * that are published are still waited for, and all failures are told in the end.
 */
export async function bringAll(
  tasks: readonly PushTask[],
  bringing: Bringing,
): Promise<PushedFunction[]> {
  const failures: unknown[] = [];
  const brought: BroughtTask[] = [];
  for (const task of tasks.filter(({ state }) => state !== "same")) {
    if (task.state === "under way") brought.push({ task });
    else {
      try {
        brought.push({ task, ...(await bring(task, bringing)) });
      } catch (error) {
        bringing.context.signal.throwIfAborted();
        failures.push(error);
      }
    }
  }
  if (brought.length > 0) bringing.limits.phase = pushPhase("published", bringing.by);
  const done = new Map<string, PushedFunction>();
  for (const each of brought) {
    try {
      done.set(each.task.functionName, await confirm(each, bringing));
    } catch (error) {
      bringing.context.signal.throwIfAborted();
      failures.push(error);
    }
  }
  if (failures.length > 0) throw allFailures(failures, [...done.keys()]);
  await keepEarlier(tasks, bringing);
  return tasks.map((task) => done.get(task.functionName) ?? unchanged(task));
}

/** A push that was interrupted once Lambda had published has left its code to the next one to keep. */
async function keepEarlier(
  tasks: readonly PushTask[],
  { stack: { stackId }, context }: Bringing,
): Promise<void> {
  for (const { state, functionName, published } of tasks)
    if (state !== "differs" && published)
      await keepWhatRuns({ stackId, functionName }, published, context);
}

function unchanged(task: PushTask): PushedFunction {
  const { functionName, codeSha256, isAsleep, aliasesBehind } = task;
  return {
    functionName,
    changed: false,
    changes: [],
    ...hashes(codeSha256, codeSha256),
    settings: [],
    paused: isAsleep,
    aliasesBehind,
    answer: undefined,
  };
}
