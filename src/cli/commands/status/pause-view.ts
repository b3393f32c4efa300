import { isStopped } from "../../../deploy/declared-scaling.ts";
import { deployedResources } from "../../../deploy/template-resources.ts";
import { isRecord } from "../../../is-record.ts";
import { type NextTime, nextTimes, timeInWords } from "../pause/next-times.ts";
import type { FunctionView, PauseView } from "./model.ts";

/** @param template the deployed one, whose schedules pause and resume; undefined: not known */
export async function readPauseView(
  functions: readonly Pick<FunctionView, "name" | "published">[],
  template: string | undefined,
  now: Date,
): Promise<PauseView> {
  const stopped = functions.filter(
    ({ name, published }) => isStopped(published?.state) && !runsNowhere(name, template),
  );
  return {
    functions: stopped.map(({ name }) => name),
    next: await nextTimes(template, now),
  };
}

/** The template itself says 0 environments: neither a schedule nor `lmi resume` starts it. */
function runsNowhere(functionName: string, template: string | undefined): boolean {
  return Object.values(deployedResources(template)).some(({ Type, Properties = {} }) => {
    const { FunctionName, FunctionScalingConfig: scaling } = Properties;
    if (Type !== "AWS::Lambda::Function" || FunctionName !== functionName) return false;
    return isRecord(scaling) && Number(scaling["MaxExecutionEnvironments"]) === 0;
  });
}

/** What is paused, and until when. */
export function pausedText({ functions, next }: PauseView): string | undefined {
  if (functions.length === 0) return undefined;
  const resume = next.find(({ kind }) => kind === "resume");
  const until = resume === undefined ? "it is resumed" : timeInWords(resume);
  return `${functions.join(", ")}: no request is answered until ${until}`;
}

/** `pauses Thu 2026-11-26 20:00, resumes Fri 2026-11-27 07:00 (Europe/Berlin)`. */
export function scheduleText({ next }: PauseView): string | undefined {
  if (next.length === 0) return undefined;
  const told = next.map((each, index) => `${each.kind}s ${withZoneOnce(each, next[index + 1])}`);
  return told.join(", ");
}

function withZoneOnce(time: NextTime, following: NextTime | undefined): string {
  const words = timeInWords(time);
  return following?.timezone === time.timezone ? words.replace(` (${time.timezone})`, "") : words;
}
