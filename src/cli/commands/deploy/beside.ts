import type { Aws } from "../../../aws/ports.ts";
import { shortHash } from "../../../deploy/code-hash.ts";
import { pushedMark, pushedTime } from "../../../deploy/pushed-mark.ts";
import { hasFailed, type PushTask, tasksBeside } from "../push/push-tasks.ts";
import { findFunction } from "../push/survey-push.ts";
import type { Prepared } from "./prepare.ts";

/** Every function against what the project says; read from Lambda, so that every machine knows it. */
export function functionTasks(prepared: Prepared, aws: Aws): Promise<PushTask[]> {
  return tasksBeside(prepared, (name) => findFunction(name, aws));
}

/** Whether it runs something else than the project says. */
export const differs = ({ state }: PushTask): boolean => state === "differs";

/** A function that runs what something else than a deployment brought. */
export interface BesideFunction {
  readonly functionName: string;
  /** What answers requests, base64 of SHA-256; undefined where nothing is published. */
  readonly codeSha256: string | undefined;
  /** Who brought it, and when, where it says so. */
  readonly by: "push" | "rollback" | undefined;
  readonly at: Date | undefined;
  /** `code`, and names of settings; empty where only the part that answers nobody differs. */
  readonly changes: readonly string[];
  /** A sentence for people. */
  readonly text: string;
}

/**
 * What was pushed, rolled back or changed by hand since the last deployment.
 * @param isSame the template is the deployed one: then all is compared, else only what says that it was pushed
 */
export async function besideFunctions(
  prepared: Prepared,
  aws: Aws,
  isSame: boolean,
): Promise<BesideFunction[]> {
  const tasks = await functionTasks(prepared, aws);
  return tasks
    .filter((task) => (isSame ? differs(task) : pushedMark(task.published?.description)))
    .map((task) => {
      const mark = pushedMark(task.published?.description);
      return {
        functionName: task.functionName,
        codeSha256: task.published?.codeSha256,
        by: mark?.by,
        at: mark?.at,
        changes: isSame ? task.changes : [],
        text: isSame ? besideWords(task) : pushedWords(task),
      };
    });
}

function pushedWords({ functionName, published }: PushTask): string {
  const hash = shortHash(published?.codeSha256 ?? "");
  const when = sinceWords(published?.description);
  return published && hasFailed(published)
    ? `${functionName} has code (${hash}) that was ${when}, and did not start.`
    : `${functionName} runs code (${hash}) that was ${when}.`;
}

export type BesideTask = Pick<PushTask, "functionName" | "published" | "changes" | "codeSha256">;

/** `hello runs other code (082f4c3a) than the stack says, pushed 2026-11-26 01:20 UTC.` */
export function besideWords({ functionName, published, changes, codeSha256 }: BesideTask): string {
  if (published === undefined) return `${functionName} has nothing published.`;
  const isFailed = hasFailed(published);
  if (changes.length === 0)
    // Published it runs, or would run, as wanted; it failed, or `$LATEST` has something else.
    return `${functionName}: its published version ${isFailed ? "failed" : "is not what $LATEST has"}.`;
  const words = sinceWords(published.description);
  const since = words === undefined ? "" : `, ${words}`;
  if (isFailed)
    return `${functionName} has other code or settings than the stack says${since}, which did not start: what was published before them answers.`;
  const settings = changes.filter((name) => name !== "code").join(", ");
  if (published.codeSha256 === codeSha256)
    return `${functionName} has other settings than the stack says${since}: ${settings}.`;
  const other = settings === "" ? "" : `, and other settings: ${settings}`;
  const hash = shortHash(published.codeSha256);
  return `${functionName} runs other code (${hash}) than the stack says${since}${other}.`;
}

/** `pushed 2026-11-26 01:20 UTC`. */
function sinceWords(description: string | undefined): string | undefined {
  const mark = pushedMark(description);
  if (mark === undefined) return undefined;
  return `${mark.by === "rollback" ? "rolled back" : "pushed"} ${pushedTime(mark.at)}`;
}
