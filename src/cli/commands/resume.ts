import { Command } from "commander";
import type { DeployContext } from "../../deploy/deploy-context.ts";
import { defaultLimits, type VersionName, latestPublished } from "../../deploy/declared-scaling.ts";
import { putWhenFree } from "../../deploy/pausing.ts";
import { waitForPublished } from "../../deploy/readiness.ts";
import { untilAborted } from "../../deploy/until-aborted.ts";
import type { Deps } from "../deps.ts";
import { duration } from "../output/duration.ts";
import type { Reporter } from "../output/reporter.ts";
import { wrap } from "../output/wrap.ts";
import { examples, sharedOptions, type SharedOptions } from "../shared-options.ts";
import { deployContext } from "./deploy/deploy-context-of.ts";
import { firstAnswerWords } from "./deploy/probe-in-step.ts";
import { withinLimits } from "./deploy/within-limits.ts";
import { parseProbe } from "./deploy/probe-payload.ts";
import { type Answered, firstAnswers } from "./deploy/ready-steps.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { type Limits, parseMinutes } from "./deploy/time-limit.ts";
import { type DayCosts, dayCosts, perDay } from "./pause/day-costs.ts";
import {
  eachVersion,
  failIfAny,
  type VersionFailure,
  versionInWords,
} from "./pause/each-version.ts";
import { findStack, type FoundStack } from "./pause/paused-stack.ts";
import { type NextTime, nextInWords, nextTimes } from "./pause/next-times.ts";
import { scheduleOf, writeSchedule } from "./pause/write-schedule.ts";
import { beforeResuming, duringResuming } from "./pause/phases.ts";
import { planResume, type ResumePlan, type StartVersion } from "./pause/resume-plan.ts";

export interface ResumeOptions extends SharedOptions {
  readonly function: string | undefined;
  readonly maxWait: string;
  /** False with `--no-probe`; a string is the event to send; true is `{}`. */
  readonly probe: string | boolean;
  /** When to resume, instead of now: written into the settings. */
  readonly schedule: string | undefined;
  readonly timezone: string | undefined;
}

/** What a resume came to. */
export interface Resumed {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** False: none of them was paused. */
  readonly changed: boolean;
  readonly versions: readonly (VersionName & { readonly min: number; readonly max: number })[];
  /** Paused versions that no alias and no template names: they stay so. */
  readonly stayPaused: readonly VersionName[];
  readonly answers: readonly Answered[];
  readonly costs: DayCosts | undefined;
  /** What the stack's schedule does next. */
  readonly next: readonly NextTime[];
  readonly milliseconds: number;
}

interface Flags {
  readonly maxWait: string;
  readonly probe?: string | boolean;
  readonly schedule?: string;
  readonly timezone?: string;
}

type ResumeDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;

export function resumeCommand(deps: Deps, run: typeof runResume = runResume): Command {
  return new Command("resume")
    .description("Start what is paused, and wait until it answers")
    .argument("[function]", "function name (default: all of the stack)")
    .option("--schedule <time>", "write this time into the settings; none takes it out")
    .option("--timezone <name>", "time zone of the schedule, e.g. Europe/Berlin")
    .option("--probe <event>", "event of the first request: JSON or a file (default: {})")
    .option("--no-probe", "send no first request")
    .option("--max-wait <minutes>", "how long to wait; AWS goes on afterwards", "30")
    .addHelpText(
      "after",
      examples([
        ["lmi resume", "start all functions"],
        ["lmi resume hello", "one of several functions"],
        [`lmi resume --schedule "cron(0 7 ? * MON-FRI *)"`, "each morning"],
      ]),
    )
    .action((name: string | undefined, flags: Flags, command: Command) =>
      run(
        {
          ...sharedOptions(command, deps.system),
          function: name,
          maxWait: flags.maxWait,
          probe: flags.probe ?? true,
          schedule: flags.schedule,
          timezone: flags.timezone,
        },
        deps,
      ),
    );
}

export async function runResume(options: ResumeOptions, deps: ResumeDeps): Promise<void> {
  return sayingLocal(options, "resume", async () => {
    const minutes = parseMinutes(options.maxWait);
    const scheduled = scheduleOf("resume", options);
    if (scheduled) return writeSchedule(scheduled, options, deps);
    const probe = await parseProbe(options.probe, deps.system);
    await withinLimits(deps.system, beforeResuming, (limits) =>
      resume(options, { minutes, probe, limits }, deps),
    );
  });
}

interface Request {
  readonly minutes: number;
  readonly probe: Uint8Array | undefined;
  readonly limits: Limits;
}

async function resume(
  options: ResumeOptions,
  { minutes, probe, limits }: Request,
  deps: ResumeDeps,
): Promise<void> {
  const { system, reporter } = deps;
  const { signal } = limits;
  const found = await untilAborted(findStack(options, deps), signal);
  const context = deployContext(found.aws, limits, deps);
  const plan = await untilAborted(planResume(found, context), signal);
  const { region } = found.aws.target;
  const costs = await untilAborted(dayCosts(found.template, undefined, region, system), signal);
  reporter.event("plan", { ...plan, costs });
  sayPlan(plan, costs, reporter);
  const started = system.now().getTime();
  limits.allow(minutes, found.aws.target);
  if (plan.start.length > 0) limits.phase = duringResuming(found.aws.target);
  const answers = await start(plan, { found, probe }, context, reporter);
  reporter.result<Resumed>(
    {
      stackName: found.stack.stackName,
      account: found.account,
      region: found.aws.target.region,
      changed: plan.start.length > 0,
      versions: [...plan.start].map(({ functionName, qualifier, limits: { min, max } }) => ({
        functionName,
        qualifier,
        min,
        max,
      })),
      stayPaused: plan.stay,
      answers,
      costs,
      next: await nextTimes(found.template, system.now()),
      milliseconds: system.now().getTime() - started,
    },
    renderResumed,
  );
}

function sayPlan(
  { start: toStart, stay }: ResumePlan,
  costs: DayCosts | undefined,
  reporter: Reporter,
): void {
  if (toStart.length === 0) reporter.info("Nothing to resume: it is not paused.");
  for (const version of toStart)
    reporter.info(`+ ${versionInWords(version)}  ${limitsInWords(version)}`);
  if (stay.length > 0)
    reporter.info(
      wrap(
        `${stay.map(versionInWords).join(", ")}: stays paused, since neither the stack nor an alias names it.`,
        2,
      ),
    );
  if (toStart.length > 0 && costs)
    reporter.info(wrap(`Costs   ${perDay(costs.instancesPerDay)} again at the minimum`, 8));
}

function limitsInWords({ limits: { min, max } }: StartVersion): string {
  const most = max === defaultLimits.max ? "no limit" : `at most ${max}`;
  return `at least ${min} ${min === 1 ? "environment" : "environments"}, ${most}`;
}

/** Starts the versions, waits until they are Active, and asks each function for an answer. */
async function start(
  plan: ResumePlan,
  { found, probe }: { readonly found: FoundStack; readonly probe: Uint8Array | undefined },
  context: DeployContext,
  reporter: Reporter,
): Promise<readonly Answered[]> {
  const failures: VersionFailure[] = [];
  const told = await eachVersion(plan.start, failures, context, (version) =>
    putWhenFree(version, version.limits, context),
  );
  const active = await reporter.step(
    "versions",
    async (step) => {
      const done = await eachVersion([...told, ...plan.coming], failures, context, (version) =>
        waitUntilActive(version, context, (text) =>
          step.progress(`${versionInWords(version)}: ${text}`),
        ),
      );
      step.progress(`${done.length} of ${plan.start.length + plan.coming.length} Active`);
      return done;
    },
    context.aws.target.local ? {} : { usually: "1–5 min" },
  );
  failIfAny(failures, active.length, { verb: "resumed", again: "lmi resume" });
  const asked = active.filter(({ qualifier }) => qualifier === latestPublished);
  if (probe === undefined || asked.length === 0) return [];
  const { outputs } = found.stack;
  const names = new Set(asked.map(({ functionName }) => functionName));
  return firstAnswers(outputs, except(outputs, names), probe, context, reporter);
}

async function waitUntilActive(
  { functionName, qualifier }: VersionName,
  context: DeployContext,
  progress: (text: string) => void,
): Promise<void> {
  await waitForPublished(functionName, context, progress, { qualifier });
}

/** Functions that are not asked: everything in the outputs but these. */
function except(
  outputs: Readonly<Record<string, string>>,
  names: ReadonlySet<string>,
): ReadonlySet<string> {
  return new Set(Object.values(outputs).filter((value) => !names.has(value)));
}

export function renderResumed(resumed: Resumed): string {
  const { changed, versions, answers, milliseconds, next } = resumed;
  const names = [...new Set(versions.map(({ functionName }) => functionName))].join(", ");
  const [first] = answers;
  const answer = firstAnswerWords(first);
  const done = changed
    ? `Resumed in ${duration(milliseconds)}: ${names}.${answer}`
    : "Nothing was paused.";
  const scheduled = nextInWords(next, "pause");
  return [wrap(done, 0), ...(scheduled === undefined ? [] : [scheduled])].join("\n");
}
