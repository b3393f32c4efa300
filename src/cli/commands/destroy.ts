import { Command } from "commander";
import { awsCommand } from "../../aws/aws-command.ts";
import type { Aws, StackState } from "../../aws/ports.ts";
import { leftLines, type LeftThing, perDayOf } from "../../deploy/left-behind.ts";
import { requireOurs } from "../../deploy/stack-condition.ts";
import { aDay } from "../../synth/cost/day-cost.ts";
import { declined } from "../declined.ts";
import type { Deps } from "../deps.ts";
import { duration } from "../output/duration.ts";
import type { Reporter } from "../output/reporter.ts";
import { wrap } from "../output/wrap.ts";
import { keptPrices } from "../prices/kept-prices.ts";
import { examples, sharedOptions, type SharedOptions, targetOptions } from "../shared-options.ts";
import { projectOf } from "../project-of.ts";
import { deployContext } from "./deploy/deploy-context-of.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { identify } from "./deploy/survey.ts";
import { parseMinutes, untilInterrupted } from "./deploy/time-limit.ts";
import { carryOut, type CarriedOut, type Deletion } from "./destroy/carry-out.ts";
import { afterDeletion } from "./destroy/gone.ts";
import { forgetCode } from "./destroy/forget-code.ts";
import { beforeDestroying } from "./destroy/phases.ts";
import { planDestroy } from "./destroy/plan.ts";
import { sayPlan } from "./destroy/say-plan.ts";

export interface DestroyOptions extends SharedOptions {
  readonly maxWait: string;
  readonly keepLogs: boolean;
  /** Logical ids. */
  readonly retain: readonly string[];
}

export interface Destroyed {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly resources: number;
  /** Published versions that were deleted before the functions. */
  readonly versions: number;
  /** What stays, as asked for or by its policy. */
  readonly kept: readonly LeftThing[];
  /** US dollars a day of what stays, as far as it has a price by the hour. */
  readonly keptPerDay: number;
  /** Only of a stack that was deleted before: when that was. */
  readonly deletedAt?: Date | undefined;
  readonly milliseconds: number;
}

type DestroyDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;
type Flags = { readonly maxWait: string; readonly keepLogs?: boolean; readonly retain?: string[] };

export function destroyCommand(deps: Deps, run: typeof runDestroy = runDestroy): Command {
  return new Command("destroy")
    .description("Delete everything and prove that nothing is left")
    .option("--max-wait <minutes>", "how long to wait; AWS goes on afterwards", "60")
    .option("--keep-logs", "keep the log groups with what is in them")
    .option("--retain <logical id...>", "keep these resources of the stack, and what they need")
    .addHelpText(
      "after",
      examples([
        ["lmi destroy", "show, ask, delete, wait"],
        ["lmi destroy --local --yes", "the same here, unasked"],
        ["lmi destroy --env prod", "the stack of one environment"],
        ["lmi destroy --keep-logs", "all but the log groups"],
        ["lmi destroy --retain Uploads Table", "all but these, and what they need"],
      ]),
    )
    .action(({ maxWait, keepLogs = false, retain = [] }: Flags, command: Command) =>
      run({ ...sharedOptions(command, deps.system), maxWait, keepLogs, retain }, deps),
    );
}

export async function runDestroy(options: DestroyOptions, deps: DestroyDeps): Promise<void> {
  return sayingLocal(options, "destroy", () => destroy(options, deps));
}

/** Who, where and what. Reads only. */
async function findStack(options: DestroyOptions, deps: DestroyDeps) {
  const { system, reporter } = deps;
  const project = await projectOf(options, system);
  const { stackName, projectName } = project;
  const aws = await deps.aws(targetOptions(options, project));
  const { accountId: account } = await identify(aws, stackName, reporter);
  const started = system.now().getTime();
  const stack = await aws.stacks.find(stackName);
  if (stack) requireOurs(stack, projectName);
  return { aws, account, stackName, projectName, stack, started };
}

async function destroy(options: DestroyOptions, deps: DestroyDeps): Promise<void> {
  const { system, reporter } = deps;
  const minutes = parseMinutes(options.maxWait);
  const found = await untilInterrupted(system, beforeDestroying, () => findStack(options, deps));
  const { aws, account, stackName, projectName, stack, started } = found;
  const { region } = aws.target;
  const prices = keptPrices(region, system);
  const deletion = { aws, keep: options, minutes, projectName, prices };
  const done: Timed = stack
    ? await afterAsking(stack, deletion, deps)
    : await afterDeletion({ stackName, account }, deletion, deps);
  if (stack) await forgetCode(stack, aws, deps);
  const { resources, versions, kept, deletedAt, began = started } = done;
  reporter.result<Destroyed>(
    {
      stackName,
      account,
      region,
      resources,
      versions,
      kept,
      keptPerDay: perDayOf(kept),
      ...(deletedAt === undefined ? {} : { deletedAt }),
      milliseconds: system.now().getTime() - began,
    },
    renderDestroyed,
  );
  if (deletedAt === undefined) sayTakenBack(kept, aws, reporter);
}

/** Who answers a question is not timed. */
type Timed = CarriedOut & { readonly began?: number; readonly deletedAt?: Date | undefined };

/** Shows what will go, asks, and does it. */
async function afterAsking(
  stack: StackState,
  deletion: Deletion,
  deps: DestroyDeps,
): Promise<Timed> {
  const { system, reporter, prompter } = deps;
  const plan = await untilInterrupted(system, beforeDestroying, async (signal) => {
    const looking = deployContext(deletion.aws, { signal }, deps);
    const planned = await planDestroy(stack, deletion.keep, looking);
    sayPlan(planned, reporter, deletion.prices);
    if (!(await prompter.confirm({ message: `Delete ${stack.stackName}?`, flag: "--yes" })))
      throw declined();
    return planned;
  });
  const began = system.now().getTime();
  return { ...(await carryOut(plan, deletion, deps)), began };
}

export function renderDestroyed({
  stackName,
  account,
  region,
  resources,
  versions,
  kept,
  keptPerDay,
  deletedAt,
  milliseconds,
}: Destroyed): string {
  const pruned = versions === 0 ? "" : ` and ${counted(versions, "published version")}`;
  const now = `: ${counted(resources, "resource")}${pruned} deleted in ${duration(milliseconds)}`;
  const before = ` since ${deletedAt?.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const gone = `Stack ${stackName} is gone from account ${account}, ${region}${deletedAt === undefined ? now : before}.`;
  if (kept.length === 0)
    return wrap(
      `${gone} No capacity provider, no instance and no network interface of it is left.`,
      0,
    );
  const costs = keptPerDay === 0 ? "" : `, ${aDay(keptPerDay)}`;
  // It may have been deleted since.
  const heading = deletedAt === undefined ? `Kept${costs}:` : "Kept then:";
  return [wrap(gone, 0), heading, ...leftLines(kept)].join("\n");
}

/** A stack has log groups of fixed names: the next one of the project takes them back. */
function sayTakenBack(kept: readonly LeftThing[], aws: Aws, reporter: Reporter): void {
  const groups = kept.filter(({ type }) => type === "AWS::Logs::LogGroup");
  if (groups.length === 0) return;
  const what = groups.length === 1 ? "the log group" : "the log groups";
  reporter.info(`The next lmi deploy takes ${what} back. To begin without the lines:`);
  for (const { name } of groups)
    reporter.info(`  ${awsCommand(aws.target, `logs delete-log-group --log-group-name ${name}`)}`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
