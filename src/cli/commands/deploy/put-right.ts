import type { Aws, StackState } from "../../../aws/ports.ts";
import type { ApprovalPolicy, ChangeSummary } from "../../../deploy/changes.ts";
import { constructId } from "../../../synth/names.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { wrap } from "../../output/wrap.ts";
import { bringAll } from "../push/bring-all.ts";
import { keepCode, pruneKept } from "../push/keep-code.ts";
import type { PushTask } from "../push/push-tasks.ts";
import { approveChanges } from "./approve.ts";
import { besideWords, differs, functionTasks } from "./beside.ts";
import { deployContext, type DeployDeps } from "./deploy-context-of.ts";
import type { Prepared } from "./prepare.ts";
import { afterCloudFormation } from "./phases.ts";
import type { Limits } from "./time-limit.ts";

export interface DeployedCode {
  readonly prepared: Prepared;
  readonly stack: StackState;
  readonly aws: Aws;
  readonly plan: {
    readonly limits: Limits;
    readonly paused: ReadonlySet<string>;
    readonly minutes: number;
    readonly requireApproval: ApprovalPolicy;
  };
}

/**
 * The stack is what the project says. Are its functions? CloudFormation compares templates, so it neither sees nor mends
 * what was pushed, rolled back, or changed by hand. Read from Lambda, so that every machine knows it.
 * @returns whether something was brought back, which is asked for
 */
export async function bringBack(code: DeployedCode, deps: DeployDeps): Promise<boolean> {
  const { prepared, stack, aws, plan } = code;
  const { limits } = plan;
  const tasks = (await tasksOf(code)).filter(differs);
  if (tasks.length === 0) return false;
  sayBeside(tasks, deps);
  const approving = approveChanges(
    changesOf(tasks, prepared),
    { policy: plan.requireApproval, stackName: stack.stackName, clearsAway: undefined },
    deps.prompter,
  );
  await untilAborted(approving, limits.signal);
  limits.allow(plan.minutes, aws.target);
  await putRight(tasks, code, deps);
  return true;
}

/**
 * CloudFormation changes what differs between two templates, and leaves what was pushed in between: code, where only
 * memory has changed. Afterwards every function runs what the project says.
 */
export async function settleCode(code: DeployedCode, deps: DeployDeps): Promise<PushTask[]> {
  code.plan.limits.phase = afterCloudFormation;
  const tasks = await tasksOf(code);
  const beside = tasks.filter(differs);
  if (beside.length > 0) {
    sayBeside(beside, deps);
    await putRight(beside, code, deps);
  }
  return tasks;
}

/** Where the next deployment has begun already, functions differ because of that one: nothing is to be brought back. */
export async function isStillOurs({
  stack,
  aws,
}: Pick<DeployedCode, "stack" | "aws">): Promise<boolean> {
  const now = await aws.stacks.find(stack.stackId);
  return now === undefined || now.updatedAt?.getTime() === stack.updatedAt?.getTime();
}

function tasksOf({ prepared, aws, plan }: DeployedCode): Promise<PushTask[]> {
  return untilAborted(functionTasks(prepared, aws), plan.limits.signal);
}

/** Brings functions back to what the template says, and waits for them. Whoever probes does so afterwards. */
async function putRight(
  tasks: readonly PushTask[],
  { prepared, stack, aws, plan: { limits, paused } }: DeployedCode,
  deps: DeployDeps,
): Promise<void> {
  const { reporter } = deps;
  await bringAll(tasks, {
    by: "deploy",
    stack,
    context: deployContext(aws, limits, deps, prepared.settings),
    limits,
    reporter,
    probe: undefined,
    paused,
    inFront: (name) => (tasks.length === 1 ? "" : `${name}: `),
  });
}

function sayBeside(tasks: readonly PushTask[], { reporter }: DeployDeps): void {
  for (const task of tasks)
    reporter.info(wrap(`${besideWords(task)} What the project says is brought back.`, 2));
  reporter.event("beside", {
    functions: tasks.map(({ functionName, published, codeSha256, changes }) => ({
      functionName,
      changes,
      from: published?.codeSha256,
      to: codeSha256,
    })),
  });
}

/** As changes of resources, for the policy of who has to be asked. */
function changesOf(tasks: readonly PushTask[], prepared: Prepared): ChangeSummary {
  const { environment } = prepared.settings;
  const keyOf = (name: string) =>
    environment === undefined ? name : name.slice(0, -(environment.length + 1));
  return {
    resources: tasks.map(({ functionName }) => ({
      logicalId: constructId(keyOf(functionName)),
      type: "AWS::Lambda::Function",
      kind: "modify",
      properties: [],
    })),
    security: [],
    broadening: false,
    otherChanges: false,
    tags: [],
  };
}

/** Keeps what was deployed for `lmi rollback`. A deployment that works does not fail for it. */
export async function keepDeployed(
  tasks: readonly PushTask[],
  { stack, aws, plan: { limits } }: DeployedCode,
  deps: DeployDeps,
): Promise<void> {
  const context = deployContext(aws, limits, deps);
  const at = deps.system.now();
  const keeping = tasks.map(async ({ functionName, codeSha256, assetKey }) => {
    const place = { stackId: stack.stackId, functionName };
    await keepCode(place, { codeSha256, at, by: "deploy", source: { key: assetKey } }, context);
    await pruneKept(place, context);
  });
  for (const outcome of await Promise.allSettled(keeping)) {
    if (outcome.status === "fulfilled") continue;
    limits.signal.throwIfAborted();
    const why = outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason);
    deps.reporter.warn(`lmi rollback will not find this code: ${why}`);
    return;
  }
}
