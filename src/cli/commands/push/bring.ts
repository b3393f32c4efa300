import type { KeptBy, StackState } from "../../../aws/ports.ts";
import { hexHash } from "../../../deploy/code-hash.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { probeFunction, type ProbeAnswer } from "../../../deploy/probe.ts";
import { overtaken, pushFunction } from "../../../deploy/push-function.ts";
import { type Published, waitForPublished } from "../../../deploy/readiness.ts";
import type { Reporter } from "../../output/reporter.ts";
import { answerWords, probeInStep } from "../deploy/probe-in-step.ts";
import type { Limits } from "../deploy/time-limit.ts";
import { pruneKept } from "./keep-code.ts";
import { dropStored, type Keeping, keepStored, sourceOf, startStoring } from "./keeping.ts";
import { pushPhase } from "./phases.ts";
import { hasFailed, type PushTask } from "./push-tasks.ts";
import type { PushedFunction } from "./pushed.ts";

/** What waiting for a function takes. */
type Waiting = Pick<Bringing, "context" | "reporter" | "probe" | "paused" | "inFront">;

/** What all tasks of a push share. */
export interface Bringing {
  readonly by: KeptBy;
  readonly stack: StackState;
  readonly context: DeployContext;
  readonly limits: Limits;
  readonly reporter: Reporter;
  /** undefined: no first request. */
  readonly probe: Uint8Array | undefined;
  readonly paused: ReadonlySet<string>;
  /** Names a function in front of what happens to it, where there are several. */
  readonly inFront: (functionName: string) => string;
}

export interface BroughtTask {
  readonly task: PushTask;
  /** Of what was published just now; undefined: it was published before. */
  readonly keeping?: Keeping;
  /** By which the published version is known. */
  readonly description?: string;
}

/** Brings one function's code and settings to Lambda and publishes them. @returns what keeps the code meanwhile */
export async function bring(
  task: PushTask,
  bringing: Bringing,
): Promise<Required<Omit<BroughtTask, "task">>> {
  const { by, context, limits, reporter, stack } = bringing;
  const { functionName, latest, codeSha256, change, zip } = task;
  const at = context.now();
  const place = { stackId: stack.stackId, functionName };
  const code = { codeSha256, at, by };
  const storing = startStoring(place, { ...code, zip }, context);
  const description = `lmi ${by} ${at.toISOString()}`;
  const push = async (progress: (text: string) => void) => {
    // What Lambda has failed to take is brought again, whatever hash it tells.
    const needed = latest.codeSha256 !== codeSha256 || latest.lastUpdateStatus === "Failed";
    const source = needed ? await sourceOf(zip, place, storing, context) : undefined;
    await pushFunction({ functionName, latest, source, codeSha256, change, description }, context, {
      progress,
      onStage: (stage) => void (limits.phase = pushPhase(stage, by)),
    });
    progress(source === undefined ? "published" : `${size(zip.length)} published`);
  };
  try {
    await reporter.step("code", (step) =>
      push((text) => step.progress(`${bringing.inFront(functionName)}${text}`)),
    );
  } catch (error) {
    await dropStored(place, storing, context);
    throw error;
  }
  return { keeping: keepStored(place, code, storing, context), description };
}

/** Waits until the new version answers: both of its states, its hash, and a first request. */
export async function confirm(
  { task, keeping, description }: BroughtTask,
  bringing: Bringing,
): Promise<PushedFunction> {
  const { context } = bringing;
  const { functionName, codeSha256, published: before, changes, isAsleep, aliasesBehind } = task;
  const paused = isAsleep ? new Set([...bringing.paused, functionName]) : bringing.paused;
  const place = { stackId: bringing.stack.stackId, functionName };
  try {
    await inService({ functionName, codeSha256, description }, { ...bringing, paused });
  } catch (error) {
    // What cannot start is nothing to go back to.
    const kept = await keeping;
    if (kept && "key" in kept && !context.signal.aborted)
      await context.aws.keptCodes.remove(place, [kept.key]).catch(() => undefined);
    throw error;
  }
  const [answer] = await Promise.all([
    firstAnswer(functionName, { ...bringing, paused }),
    tidyUp(task, keeping, bringing),
  ]);
  return {
    functionName,
    changed: true,
    changes,
    // What did not start has never answered, and what answered instead Lambda does not say.
    ...hashes(before && hasFailed(before) ? undefined : before?.codeSha256, codeSha256),
    settings: task.settings,
    paused: paused.has(functionName),
    aliasesBehind,
    answer,
  };
}

/** Both notations: Lambda's own, and the one that people read. */
export function hashes(from: string | undefined, to: string) {
  const fromHex = from === undefined ? undefined : hexHash(from);
  return { from, to, fromHex, toHex: hexHash(to) };
}

/** A push that works does not fail because its code could not be kept. */
async function tidyUp(
  { functionName, published: before }: PushTask,
  keeping: Keeping | undefined,
  { stack, context, reporter }: Bringing,
): Promise<void> {
  const kept = await keeping;
  if (kept === undefined) return;
  const place = { stackId: stack.stackId, functionName };
  if ("key" in kept) return pruneKept(place, context, before).catch(() => undefined);
  context.signal.throwIfAborted();
  const why = kept.error instanceof Error ? kept.error.message : String(kept.error);
  reporter.warn(`lmi rollback will not find this code of ${functionName}: ${why}`);
}

/** Waits for both states of the version that was published, and compares its hash. */
export async function inService(
  {
    functionName,
    codeSha256,
    description,
  }: Pick<PushTask, "functionName" | "codeSha256"> & Pick<Published, "description">,
  { context, reporter, paused, inFront }: Waiting,
): Promise<void> {
  await reporter.step(
    "version",
    async (step) => {
      const progress = (text: string) => step.progress(`${inFront(functionName)}${text}`);
      const isPaused = paused.has(functionName);
      const found = await waitForPublished(functionName, context, progress, {
        isPaused,
        published: { codeSha256, description },
      });
      if (found.codeSha256 !== codeSha256) throw overtaken(functionName, found.codeSha256 ?? "");
    },
    context.aws.target.local ? {} : { usually: "1–5 min" },
  );
}

/** Sends one request; that it is answered matters, not what. undefined: nobody wants one. */
export async function firstAnswer(
  functionName: string,
  { context, reporter, probe, paused, inFront }: Waiting,
): Promise<ProbeAnswer | undefined> {
  if (probe === undefined || paused.has(functionName)) return undefined;
  const flag = context.aws.target.local ? " --local" : "";
  const answer = await probeInStep("first answer", reporter, async (step) => {
    const found = await probeFunction(functionName, probe, context);
    step.progress(`${inFront(functionName)}${answerWords(found)}`);
    return found;
  });
  if (answer.functionError !== undefined)
    reporter.warn(
      `${functionName} answered with an error (${answer.error ?? answer.functionError}). See: lmi logs${flag} ${functionName} --since 5m. Back: lmi rollback${flag} ${functionName}`,
    );
  return answer;
}

/** `0.4 kB`, `1.2 MB`. */
function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
