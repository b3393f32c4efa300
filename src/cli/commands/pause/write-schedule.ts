import { chmod, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { ExitCode, LmiError } from "../../../errors.ts";
import { readProjectFile } from "../../config/project-file.ts";
import { knownOverlay } from "../../config/environment-overlay.ts";
import type { Deps } from "../../deps.ts";
import { wrap } from "../../output/wrap.ts";
import { forSameStack, type Place } from "../../same-stack.ts";

export interface ScheduleRequest {
  readonly kind: "pause" | "resume";
  /** An expression of EventBridge Scheduler, or `none` to take it out. */
  readonly expression: string;
  /** undefined: what the settings say, else UTC. */
  readonly timezone: string | undefined;
}

const usage = (message: string, next: string) =>
  new LmiError("LMI_USAGE", message, { next, exitCode: ExitCode.usage });

/** Undefined where nothing is to be scheduled. Throws LMI_USAGE. */
export function scheduleOf(
  kind: ScheduleRequest["kind"],
  options: {
    readonly function: string | undefined;
    readonly schedule: string | undefined;
    readonly timezone: string | undefined;
  },
): ScheduleRequest | undefined {
  const { schedule: expression, timezone } = options;
  if (expression === undefined && timezone === undefined) return undefined;
  if (expression === undefined)
    throw usage("--timezone is of no use without --schedule.", `Give both, or: lmi ${kind}`);
  if (options.function !== undefined)
    throw usage(
      `A schedule is for all functions of the stack, not for ${options.function} alone.`,
      `Leave the function out: lmi ${kind} --schedule ${JSON.stringify(expression)}`,
    );
  return { kind, expression, timezone };
}

/** What was written into the settings file. */
export interface ScheduleWritten {
  readonly file: string;
  /** `environments.prod.schedule.pause` */
  readonly setting: string;
  /** undefined: taken out. */
  readonly expression: string | undefined;
  readonly timezone: string | undefined;
  readonly next: string;
}

/**
 * Writes the time into lmi.json, comments and layout kept: schedules are part of the stack, and come and go with it.
 * Nothing at AWS changes before the next deploy. Throws LMI_USAGE, LMI_SCHEDULE_BY_HAND.
 */
export async function writeSchedule(
  request: ScheduleRequest,
  options: Place,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  await refuseWrong(request);
  await refusePast(request, system.now());
  const { cwd, runUserCode } = system;
  const asked = { cwd, configFile: options.config, environmentName: options.env, runUserCode };
  const found = await readProjectFile(asked);
  if (found !== undefined) knownOverlay(found, asked);
  const where = [...(options.env === undefined ? [] : ["environments", options.env]), "schedule"];
  if (found === undefined || !/\.jsonc?$/.test(found.file))
    throw byHand(request, where, found?.file);
  await edit(found.file, where, request);
  const expression = request.expression === "none" ? undefined : request.expression;
  reporter.result<ScheduleWritten>(
    {
      file: path.relative(system.cwd, found.file),
      setting: [...where, request.kind].join("."),
      expression,
      timezone: request.timezone,
      next: forSameStack("lmi deploy", options),
    },
    renderWritten,
  );
}

function renderWritten({ file, setting, expression, timezone, next }: ScheduleWritten): string {
  const zone = timezone === undefined ? "" : `, time zone ${timezone}`;
  const what =
    expression === undefined ? `no longer has ${setting}` : `has ${setting} ${expression}${zone}`;
  return [wrap(`${file} ${what}.`, 0), `It holds from the next deploy on: ${next}`].join("\n");
}

async function refuseWrong({ kind, expression, timezone }: ScheduleRequest): Promise<void> {
  const [{ pauseSchedule }, { pauseScheduleRules }] = await Promise.all([
    import("../../../synth/lifetime-schema.ts"),
    import("../../../synth/pause-schedule-rules.ts"),
  ]);
  const times = expression === "none" ? {} : { [kind]: expression };
  const parsed = pauseSchedule.safeParse({
    ...times,
    ...(timezone === undefined ? {} : { timezone }),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const isZone = issue?.path[0] === "timezone";
    throw wrong(
      isZone ? `--timezone ${timezone}` : `--schedule ${JSON.stringify(expression)}`,
      issue?.message ?? "",
    );
  }
  if (expression === "none") return;
  const { pause, resume } = parsed.data;
  const problem = pauseScheduleRules({ schedule: { ...parsed.data, pause, resume } }).find(
    ({ severity }) => severity === "error",
  );
  if (problem) throw wrong(`--schedule ${JSON.stringify(expression)}`, problem.message);
}

/** Where the latest day on earth begins: what is past there is past in the time zone of the settings, too. */
const lastZone = "Etc/GMT+12";

/** A time that comes once and has gone by would pause nothing. */
async function refusePast({ expression, timezone }: ScheduleRequest, now: Date): Promise<void> {
  if (!expression.startsWith("at(")) return;
  const { nextTime } = await import("../../../local/services/scheduler/schedule-times.ts");
  const times = {
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timezone ?? lastZone,
    CreationDate: now.toISOString(),
  };
  if (nextTime(times, now) === undefined)
    throw wrong(`--schedule ${JSON.stringify(expression)}`, "is past, and must be a time to come");
}

function wrong(what: string, why: string): LmiError {
  return new LmiError("LMI_USAGE", `${what} is no schedule: it ${why}.`, {
    why: "Times are expressions of EventBridge Scheduler. Nothing was written.",
    next: 'For example: --schedule "cron(0 20 ? * MON-FRI *)" --timezone Europe/Berlin',
    exitCode: ExitCode.usage,
  });
}

async function edit(
  file: string,
  where: readonly string[],
  { kind, expression, timezone }: ScheduleRequest,
): Promise<void> {
  const { applyEdits, findNodeAtLocation, modify, parseTree } = await import("jsonc-parser");
  const formattingOptions = { insertSpaces: true, tabSize: 2 };
  let text = await readFile(file, "utf8");
  const put = (at: readonly string[], value: string | undefined) => {
    text = applyEdits(text, modify(text, [...at], value, { formattingOptions }));
  };
  const has = (at: readonly string[]) => {
    const tree = parseTree(text, undefined, { allowTrailingComma: true });
    return tree !== undefined && findNodeAtLocation(tree, [...at]) !== undefined;
  };
  if (expression !== "none") put([...where, kind], expression);
  else if (has([...where, kind])) put([...where, kind], undefined);
  if (timezone !== undefined) put([...where, "timezone"], timezone);
  // A time zone alone is no schedule.
  const isEmpty = !has([...where, "pause"]) && !has([...where, "resume"]);
  if (isEmpty && has(where)) put(where, undefined);
  await replace(file, text);
}

/** At once or not at all, with the file's mode; a link goes on leading where it led. */
async function replace(file: string, text: string): Promise<void> {
  const real = await realpath(file);
  const { mode } = await stat(real);
  const temporary = `${real}.schedule.tmp`;
  await writeFile(temporary, text);
  await chmod(temporary, mode);
  await rename(temporary, real);
}

function byHand(
  { kind, expression, timezone }: ScheduleRequest,
  where: readonly string[],
  file: string | undefined,
): LmiError {
  const value = { [kind]: expression, ...(timezone === undefined ? {} : { timezone }) };
  const text = `${where.join(".")}: ${JSON.stringify(value)}`;
  return new LmiError(
    "LMI_SCHEDULE_BY_HAND",
    file === undefined
      ? "There is no lmi.json to write the schedule into."
      : `${path.basename(file)} is code: the schedule must be written into it by hand.`,
    {
      why: "A schedule is a setting, deployed with the stack and deleted with it.",
      next: `${file === undefined ? "Write a lmi.json with" : "Add"} ${text}, then: lmi deploy`,
      exitCode: ExitCode.usage,
    },
  );
}
