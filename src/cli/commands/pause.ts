import { Command } from "commander";
import type { ManagedInstance } from "../../aws/ports.ts";
import type { DeployContext } from "../../deploy/deploy-context.ts";
import {
  instancesOf,
  isPaused,
  type LastUpdate,
  lastUpdateOf,
  type OwnVersion,
  pausedLimits,
  putWhenFree,
  readVersions,
  type Versions,
  waitUntilDeactivated,
  waitUntilNoInstance,
} from "../../deploy/pausing.ts";
import { untilAborted } from "../../deploy/until-aborted.ts";
import { declined } from "../declined.ts";
import type { Deps } from "../deps.ts";
import { duration } from "../output/duration.ts";
import type { Reporter } from "../output/reporter.ts";
import { wrap } from "../output/wrap.ts";
import { examples, sharedOptions, type SharedOptions } from "../shared-options.ts";
import { deployContext } from "./deploy/deploy-context-of.ts";
import { withinLimits } from "./deploy/within-limits.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { type Limits, parseMinutes } from "./deploy/time-limit.ts";
import {
  type DayCosts,
  dayCosts,
  noted,
  perDay,
  staysInWords,
  withInstancesLeft,
} from "./pause/day-costs.ts";
import {
  eachVersion,
  failIfAny,
  versionInWords,
  type VersionFailure,
} from "./pause/each-version.ts";
import { findStack, type FoundStack } from "./pause/paused-stack.ts";
import { type NextTime, nextInWords, nextTimes } from "./pause/next-times.ts";
import { scheduleOf, writeSchedule } from "./pause/write-schedule.ts";
import { beforePausing, duringPausing } from "./pause/phases.ts";

export interface PauseOptions extends SharedOptions {
  readonly function: string | undefined;
  readonly maxWait: string;
  /** When to pause, instead of now: written into the settings. */
  readonly schedule: string | undefined;
  readonly timezone: string | undefined;
}

interface Flags {
  readonly maxWait: string;
  readonly schedule?: string;
  readonly timezone?: string;
}

/** What a pause came to. Money in US dollars a day. */
export interface Paused {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  /** False: all of them were paused already. */
  readonly changed: boolean;
  readonly versions: readonly { readonly functionName: string; readonly qualifier: string }[];
  /** Why instances may stay: versions of other functions on the same capacity providers. */
  readonly sharedWith: readonly { readonly functionName: string; readonly qualifier: string }[];
  /** What EC2 shows in the end; undefined: the caller may not look. */
  readonly instancesLeft: readonly ManagedInstance[] | undefined;
  readonly costs: DayCosts | undefined;
  /** What the stack's schedule does next. */
  readonly next: readonly NextTime[];
  readonly milliseconds: number;
}

type PauseDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;

export function pauseCommand(deps: Deps, run: typeof runPause = runPause): Command {
  return new Command("pause")
    .description("Scale to zero, keeping the stack; requests fail")
    .argument("[function]", "function name (default: all of the stack)")
    .option("--schedule <time>", "write this time into the settings; none takes it out")
    .option("--timezone <name>", "time zone of the schedule, e.g. Europe/Berlin")
    .option("--max-wait <minutes>", "how long to wait; AWS goes on afterwards", "30")
    .addHelpText(
      "after",
      examples([
        ["lmi pause", "stop all functions"],
        ["lmi pause hello --yes", "one of several, unasked"],
        [`lmi pause --schedule "cron(0 20 ? * MON-FRI *)"`, "each evening"],
        ["lmi resume", "start them again"],
      ]),
    )
    .action((name: string | undefined, flags: Flags, command: Command) =>
      run(
        {
          ...sharedOptions(command, deps.system),
          function: name,
          maxWait: flags.maxWait,
          schedule: flags.schedule,
          timezone: flags.timezone,
        },
        deps,
      ),
    );
}

export async function runPause(options: PauseOptions, deps: PauseDeps): Promise<void> {
  return sayingLocal(options, "pause", async () => {
    const minutes = parseMinutes(options.maxWait);
    const scheduled = scheduleOf("pause", options);
    if (scheduled) return writeSchedule(scheduled, options, deps);
    await withinLimits(deps.system, beforePausing, (limits) =>
      pause(options, minutes, limits, deps),
    );
  });
}

async function pause(
  options: PauseOptions,
  minutes: number,
  limits: Limits,
  deps: PauseDeps,
): Promise<void> {
  const { system, reporter } = deps;
  const { signal } = limits;
  const found = await untilAborted(findStack(options, deps), signal);
  const context = deployContext(found.aws, limits, deps);
  const reading = readVersions(found.functionNames, found.providers, context);
  const versions = await untilAborted(reading, signal);
  const before = await untilAborted(instancesOf(found.providers, context), signal);
  const { region } = found.aws.target;
  const costs = await untilAborted(dayCosts(found.template, before, region, system), signal);
  const running = versions.own.filter((version) => !isPaused(version));
  reporter.event("plan", { ...versions, instances: before, costs });
  if (running.length > 0)
    await untilAborted(agree({ running, versions, before, costs, found }, deps), signal);
  else reporter.info("Nothing to pause: it is paused already.");
  const started = system.now().getTime();
  limits.allow(minutes, found.aws.target);
  if (running.length > 0) limits.phase = duringPausing(found.aws.target);
  const instancesLeft = await stop({ running, versions, found }, context, reporter);
  reporter.result<Paused>(
    {
      stackName: found.stack.stackName,
      account: found.account,
      region: found.aws.target.region,
      changed: running.length > 0,
      versions: versions.own.map(named),
      sharedWith: versions.others.map(named),
      instancesLeft,
      costs: await costsAfter(costs, instancesLeft, found, system),
      next: await nextTimes(found.template, system.now()),
      milliseconds: system.now().getTime() - started,
    },
    renderPaused,
  );
}

/** What stays for other functions costs, too. */
async function costsAfter(
  before: DayCosts | undefined,
  instances: readonly ManagedInstance[] | undefined,
  { template, aws }: FoundStack,
  system: PauseDeps["system"],
): Promise<DayCosts | undefined> {
  if (before === undefined || instances === undefined || instances.length === 0) return before;
  const left = await dayCosts(template, instances, aws.target.region, system);
  return left && withInstancesLeft(before, left, instances);
}

const named = ({ functionName, qualifier }: { functionName: string; qualifier: string }) => ({
  functionName,
  qualifier,
});

interface Plan {
  readonly running: readonly OwnVersion[];
  readonly versions: Versions;
  readonly found: FoundStack;
}

/** Says what stops, what it saves and what goes on costing, and asks. */
async function agree(
  {
    running,
    versions,
    before,
    costs,
    found,
  }: Plan & {
    readonly before: readonly ManagedInstance[] | undefined;
    readonly costs: DayCosts | undefined;
  },
  { reporter, prompter }: PauseDeps,
): Promise<void> {
  for (const version of running)
    reporter.info(`- ${versionInWords(version)}  ${version.state ?? ""}`.trimEnd());
  reporter.info(wrap("Requests to it fail until `lmi resume`: nothing wakes it by itself.", 2));
  if (versions.others.length > 0) reporter.info(wrap(sharedWords(versions.others), 2));
  const count =
    before === undefined
      ? ""
      : `: ${before.length} ${before.length === 1 ? "instance" : "instances"}`;
  if (costs && versions.others.length === 0)
    reporter.info(
      wrap(`Saves   ${[perDay(costs.instancesPerDay) + count, ...noted(costs)].join(" ")}`, 8),
    );
  const shared = versions.others.length > 0 ? ", and the instances that the others need" : "";
  if (costs) reporter.info(wrap(`Stays   ${staysInWords(costs)}${shared}`, 8));
  const what = found.functionNames.length === 1 ? found.functionNames[0] : found.stack.stackName;
  if (!(await prompter.confirm({ message: `Pause ${what}?`, flag: "--yes" }))) throw declined();
}

/** Stops the versions, and waits until they and their instances are gone. @returns the instances that are left */
async function stop(
  { running, versions, found }: Plan,
  context: DeployContext,
  reporter: Reporter,
): Promise<readonly ManagedInstance[] | undefined> {
  const failures: VersionFailure[] = [];
  const before = new Map<OwnVersion, LastUpdate>();
  const told = await eachVersion(running, failures, context, async (version) => {
    before.set(version, await lastUpdateOf(version, context));
    await putWhenFree(version, pausedLimits, context);
  });
  const asleep = [...told, ...versions.own.filter(isPaused)];
  const stopped = await reporter.step("versions", async (step) => {
    const done = await eachVersion(asleep, failures, context, (version) =>
      waitUntilDeactivated(version, before.get(version), context, (state) =>
        step.progress(`${versionInWords(version)}: ${state}`),
      ),
    );
    step.progress(`${done.length} of ${versions.own.length} Deactivated`);
    return done;
  });
  failIfAny(failures, stopped.length, { verb: "paused", again: "lmi pause" });
  return waitForInstances({ versions, found }, context, reporter);
}

async function waitForInstances(
  { versions, found }: Omit<Plan, "running">,
  context: DeployContext,
  reporter: Reporter,
): Promise<readonly ManagedInstance[] | undefined> {
  const { providers } = found;
  if (versions.others.length > 0) return instancesOf(providers, context);
  const isKnown = await reporter.step("instances", async (step) => {
    const known = await waitUntilNoInstance(providers, context, (text) => step.progress(text));
    step.progress(known ? "none left" : "not known: ec2:DescribeInstances is not allowed");
    return known;
  });
  return isKnown ? [] : undefined;
}

function sharedWords(others: Versions["others"]): string {
  const names = [...new Set(others.map(({ functionName }) => functionName))];
  return `Instances stay for ${names.join(", ")}, on the same capacity provider: Lambda ends only those that these do not need.`;
}

export function renderPaused(paused: Paused): string {
  const { versions, sharedWith, instancesLeft, costs, milliseconds, changed, next } = paused;
  const scheduled = nextInWords(next, "resume");
  const names = [...new Set(versions.map(({ functionName }) => functionName))].join(", ");
  const took = changed ? ` in ${duration(milliseconds)}` : "";
  return [
    wrap(`Paused${took}: ${names}. ${leftInWords(sharedWith, instancesLeft)}`, 0),
    ...(costs ? [wrap(`Still costs ${staysInWords(costs)}.`, 0)] : []),
    ...(scheduled === undefined ? [] : [scheduled]),
    `Requests fail until${scheduled === undefined ? "" : " then, or"}: lmi resume`,
  ].join("\n");
}

function leftInWords(sharedWith: Paused["sharedWith"], left: Paused["instancesLeft"]): string {
  if (left === undefined)
    return "Whether instances are left is not known: ec2:DescribeInstances is not allowed.";
  if (left.length === 0) return "No instance is left.";
  const others = [...new Set(sharedWith.map(({ functionName }) => functionName))].join(", ");
  return `${left.length} ${left.length === 1 ? "instance stays" : "instances stay"} for ${others}.`;
}
