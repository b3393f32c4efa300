import type { Aws, StackState } from "../../../aws/ports.ts";
import type { ApprovalPolicy, ChangeSummary } from "../../../deploy/changes.ts";
import { shortHash } from "../../../deploy/code-hash.ts";
import { pushedMark, pushedTime } from "../../../deploy/pushed-mark.ts";
import { constructId } from "../../../synth/names.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { wrap } from "../../output/wrap.ts";
import { bringAll } from "../push/bring-all.ts";
import { keepCode, pruneKept } from "../push/keep-code.ts";
import { type PushTask, tasksBeside } from "../push/push-tasks.ts";
import { findFunction } from "../push/survey-push.ts";
import { approveChanges } from "./approve.ts";
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

function tasksOf({ prepared, aws, plan }: DeployedCode): Promise<PushTask[]> {
  const finding = tasksBeside(prepared, (name) => findFunction(name, aws));
  return untilAborted(finding, plan.limits.signal);
}

const differs = ({ state }: PushTask): boolean => state === "differs";

/** Brings functions back to what the template says, and waits for them. Whoever probes does so afterwards. */
async function putRight(
  tasks: readonly PushTask[],
  { stack, aws, plan: { limits, paused } }: DeployedCode,
  deps: DeployDeps,
): Promise<void> {
  const { reporter } = deps;
  await bringAll(tasks, {
    by: "deploy",
    stack,
    context: deployContext(aws, limits, deps),
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

/** `hello runs code that was pushed 2026-11-26 01:20 UTC (082f4c3a).` */
function besideWords({ functionName, published, changes, codeSha256 }: PushTask): string {
  if (published === undefined) return `${functionName} has nothing published.`;
  if (changes.length === 0) {
    // Published it runs, or would run, as wanted; it failed, or `$LATEST` has something else.
    const isFailed = published.lastUpdateStatus === "Failed" || published.state === "Failed";
    return `${functionName}: its published version ${isFailed ? "failed" : "is not what $LATEST has"}.`;
  }
  const mark = pushedMark(published.description);
  const done = mark?.by === "rollback" ? "rolled back" : "pushed";
  const since = mark === undefined ? "" : ` ${done} ${pushedTime(mark.at)}`;
  const settings = changes.filter((name) => name !== "code").join(", ");
  const hash = shortHash(published.codeSha256);
  if (published.codeSha256 === codeSha256)
    return `${functionName} has other settings than the stack says${since && `,${since}`}: ${settings}.`;
  const other = settings === "" ? "" : `, and other settings: ${settings}`;
  return `${functionName} runs other code (${hash}) than the stack says${since && `,${since}`}${other}.`;
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
    await pruneKept(place, aws);
  });
  for (const outcome of await Promise.allSettled(keeping)) {
    if (outcome.status === "fulfilled") continue;
    limits.signal.throwIfAborted();
    const why = outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason);
    deps.reporter.warn(`lmi rollback will not find this code: ${why}`);
    return;
  }
}
