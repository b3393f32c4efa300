import { Command } from "commander";
import type { Aws } from "../../aws/ports.ts";
import { nameOf, pruneVersions, type VersionName } from "../../deploy/prune-versions.ts";
import { requireOurs } from "../../deploy/stack-condition.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import { functionOf, noSuchFunction } from "./function-of.ts";
import { type ProjectNames } from "../config/project-names.ts";
import { declined } from "../declined.ts";
import type { Deps } from "../deps.ts";
import { wrap, wrapList } from "../output/wrap.ts";
import { examples, type SharedOptions, sharedOptions, targetOptions } from "../shared-options.ts";
import { projectOf } from "../project-of.ts";
import { deployContext } from "./deploy/deploy-context-of.ts";
import { stackNotFound } from "./deploy/stack-not-found.ts";
import { identify } from "./deploy/survey.ts";
import { startLimits, untilInterrupted } from "./deploy/time-limit.ts";
import { notLookedAt, prunable, type PruneRule, readRule } from "./versions/prunable.ts";
import { fullness, readVersions, type VersionList } from "./versions/read-versions.ts";
import { renderVersions } from "./versions/render.ts";

export interface VersionsOptions extends SharedOptions {
  readonly function: string | undefined;
  readonly prune: boolean;
  readonly keep: string | undefined;
  readonly olderThan: string | undefined;
}

/** What `--json` prints. */
export interface VersionsResult extends VersionList {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly pruned: readonly VersionName[];
}

type VersionsDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;
type Flags = Partial<Pick<VersionsOptions, "prune" | "keep" | "olderThan">>;

export function versionsCommand(deps: Deps, run: typeof runVersions = runVersions): Command {
  return new Command("versions")
    .description("List published versions, and delete old ones")
    .argument("[function]", "function; all of the project where absent")
    .option("--prune", "delete numbered versions that no alias or event source points at")
    .option("--keep <n>", "with --prune: keep the newest n of each function (1)")
    .option("--older-than <age>", "with --prune: only what is older, as 30m, 12h, 30d, 4w")
    .addHelpText(
      "after",
      examples([
        ["lmi versions", "all functions"],
        ["lmi versions --prune", "what is old and unused"],
        ["lmi versions --prune --keep 3 --older-than 30d", "old ones alone"],
      ]),
    )
    .action((name: string | undefined, flags: Flags, command: Command) =>
      run(
        {
          ...sharedOptions(command, deps.system),
          function: name,
          prune: flags.prune ?? false,
          keep: flags.keep,
          olderThan: flags.olderThan,
        },
        deps,
      ),
    );
}

const beforePruning = { awsGoesOn: "Nothing was deleted.", comeBack: "lmi versions --prune" };

export async function runVersions(options: VersionsOptions, deps: VersionsDeps): Promise<void> {
  const { system, reporter } = deps;
  const rule = ruleOf(options, system.now());
  const look = () => lookAndAsk(options, rule, deps);
  // A list needs no word when it is interrupted.
  const found = await (rule === undefined ? look() : untilInterrupted(system, beforePruning, look));
  const { aws, account, stackName, stackId, only, list, doomed } = found;
  const pruned = doomed.length > 0 ? await prune(doomed, list.own.providers, aws, deps) : [];
  const after = pruned.length > 0 ? await readVersions(stackId, only, aws) : list;
  const { functions, capacityProviders } = after;
  const where = { account, region: aws.target.region, stackName };
  reporter.result<VersionsResult>(
    { ...where, functions, capacityProviders, pruned },
    renderVersions,
  );
}

/** What there is, and of it what is to go by a rule, once somebody has agreed. Changes nothing. */
async function lookAndAsk(
  options: VersionsOptions,
  rule: PruneRule | undefined,
  deps: VersionsDeps,
) {
  const { system, reporter } = deps;
  const project = await projectOf(options, system);
  const aws = await deps.aws(targetOptions(options, project));
  const account = await callerOf(rule, aws, project, deps);
  const stack = await aws.stacks.find(project.stackName);
  if (stack === undefined) throw stackNotFound(project.stackName, account, aws, project);
  const only = options.function === undefined ? undefined : functionOf(options.function, project);
  const list = await readVersions(stack.stackId, only, aws);
  if (only !== undefined && list.functions.length === 0) {
    throw noSuchFunction(only, [...list.own.functions], `Stack ${stack.stackName}`);
  }
  for (const provider of list.capacityProviders) {
    const warning = fullness(provider);
    if (warning !== undefined) reporter.warn(warning);
  }
  const place = { aws, account, stackName: project.stackName, stackId: stack.stackId };
  if (rule === undefined) return { ...place, only, list, doomed: [] };
  requireOurs(stack, project.projectName);
  const doomed = prunable(list.functions, rule, await aws.versions.mapped());
  await agree(doomed, deps);
  return { ...place, only, list, doomed };
}

async function agree(
  doomed: readonly VersionName[],
  { reporter, prompter }: VersionsDeps,
): Promise<void> {
  if (doomed.length === 0) {
    reporter.info("Nothing to prune: no numbered version is both unused and as you say.");
    return;
  }
  const what = doomed.length === 1 ? "1 version" : `${doomed.length} versions`;
  reporter.info(wrapList(`- ${what}: `, doomed.map(nameOf).join(", "), 2));
  reporter.info(wrap(notLookedAt, 2));
  if (!(await prompter.confirm({ message: `Delete ${what}?`, flag: "--yes" }))) throw declined();
}

/** Who asks, and before a change also said to whoever looks. */
async function callerOf(
  rule: PruneRule | undefined,
  aws: Aws,
  { stackName }: ProjectNames,
  { reporter }: VersionsDeps,
): Promise<string> {
  if (rule === undefined) return (await aws.identity.caller()).accountId;
  return (await identify(aws, stackName, reporter)).accountId;
}

function ruleOf({ prune: wanted, keep, olderThan }: VersionsOptions, now: Date) {
  if (wanted) return readRule({ keep, olderThan }, now);
  if (keep === undefined && olderThan === undefined) return undefined;
  const flag = keep === undefined ? `--older-than ${olderThan}` : `--keep ${keep}`;
  throw new LmiError("LMI_USAGE", `${flag} says nothing without --prune.`, {
    why: "It narrows down what is deleted; without --prune nothing is.",
    next: `lmi versions --prune ${flag}`,
    exitCode: ExitCode.usage,
  });
}

async function prune(
  doomed: readonly VersionName[],
  providers: readonly string[],
  aws: Aws,
  deps: VersionsDeps,
): Promise<readonly VersionName[]> {
  const { system, reporter } = deps;
  const limits = startLimits(system, {
    awsGoesOn: "Lambda goes on deleting the versions that were begun; the others stay.",
    comeBack: "lmi versions --prune",
    isUnderWay: true,
  });
  try {
    const context = deployContext(aws, limits, deps);
    const done = await reporter.step("versions", (step) =>
      pruneVersions(doomed, providers, context, (text) => step.progress(text)),
    );
    const refused = done.refused.map(nameOf).join(", ");
    if (refused !== "") reporter.warn(`Lambda keeps what something points at: ${refused}.`);
    return done.pruned;
  } finally {
    limits.end();
  }
}
