import { Command } from "commander";
import type { Aws, StackResource, StackState } from "../../aws/ports.ts";
import type { DeployContext } from "../../deploy/deploy-context.ts";
import { deleteStack, leftResources } from "../../deploy/delete-stack.ts";
import { patiently } from "../../deploy/patiently.ts";
import { waitUntilNothingRuns } from "../../deploy/nothing-left.ts";
import { inWords } from "../../deploy/resource-words.ts";
import { isBusy, requireOurs } from "../../deploy/stack-condition.ts";
import { watchStack } from "../../deploy/watch-stack.ts";
import { readProjectNames } from "../config/project-names.ts";
import { declined } from "../declined.ts";
import type { Deps } from "../deps.ts";
import { duration } from "../output/duration.ts";
import type { Reporter } from "../output/reporter.ts";
import { wrap, wrapList } from "../output/wrap.ts";
import { examples, sharedOptions, type SharedOptions, targetOptions } from "../shared-options.ts";
import { deployContext } from "./deploy/deploy-context-of.ts";
import { reportInStep } from "./deploy/event-reporting.ts";
import { sayingWhatGoesOn } from "./deploy/lost-sight.ts";
import { beforeDeletion, duringDeletion } from "./deploy/phases.ts";
import { deployedProviders } from "./deploy/outputs.ts";
import { stackStages } from "./deploy/stack-stages.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { stackNotFound } from "./deploy/stack-not-found.ts";
import { identify } from "./deploy/survey.ts";
import { parseMinutes, startLimits } from "./deploy/time-limit.ts";

export interface DestroyOptions extends SharedOptions {
  readonly maxWait: string;
}

export interface Destroyed {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly resources: number;
  readonly milliseconds: number;
}

type DestroyDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;

export function destroyCommand(deps: Deps, run: typeof runDestroy = runDestroy): Command {
  return new Command("destroy")
    .description("Delete everything and prove that nothing is left")
    .option("--max-wait <minutes>", "how long to wait; AWS goes on afterwards", "60")
    .addHelpText(
      "after",
      examples([
        ["lmi destroy", "show what will go, ask, delete, wait until it is gone"],
        ["lmi destroy --local --yes", "the same on the local target, without a question"],
        ["lmi destroy --env prod", "the stack of one environment"],
      ]),
    )
    .action((flags: { maxWait: string }, command: Command) =>
      run({ ...sharedOptions(command, deps.system), maxWait: flags.maxWait }, deps),
    );
}

export async function runDestroy(options: DestroyOptions, deps: DestroyDeps): Promise<void> {
  return sayingLocal(options, "destroy", () => destroy(options, deps));
}

async function destroy(options: DestroyOptions, deps: DestroyDeps): Promise<void> {
  const { system, reporter, prompter } = deps;
  const minutes = parseMinutes(options.maxWait);
  const project = await readProjectNames({
    cwd: system.cwd,
    configFile: options.config,
    environmentName: options.env,
    runUserCode: system.runUserCode,
  });
  const aws = await deps.aws(targetOptions(options, project));
  const caller = await identify(aws, project.stackName, reporter);
  const stack = await aws.stacks.find(project.stackName);
  if (stack === undefined) throw stackNotFound(project.stackName, caller.accountId, aws);
  requireOurs(stack, project.projectName);
  const resources = (await aws.stacks.resources(stack.stackId)).filter(exists);
  reporter.info(wrapList(`- ${counted(resources)}: `, inWords(resources), 2));
  if (resources.some(({ type }) => type === "AWS::Logs::LogGroup"))
    reporter.info("  The log groups go with what is in them.");
  reporter.event("resources", { resources });
  if (!(await prompter.confirm({ message: `Delete ${project.stackName}?`, flag: "--yes" })))
    throw declined();

  const started = system.now().getTime();
  const deleted = await destroyStack(
    { stack, resources, aws, minutes, projectName: project.projectName },
    deps,
  );
  const milliseconds = system.now().getTime() - started;
  reporter.result<Destroyed>(
    {
      stackName: project.stackName,
      account: caller.accountId,
      region: aws.target.region,
      resources: deleted.length,
      milliseconds,
    },
    renderDestroyed,
  );
}

export function renderDestroyed({
  stackName,
  account,
  region,
  resources,
  milliseconds,
}: Destroyed): string {
  return wrap(
    `Stack ${stackName} is gone from account ${account}, ${region}: ${resources} ${resources === 1 ? "resource" : "resources"} deleted in ${duration(milliseconds)}. No capacity provider and no instance of it is left.`,
    0,
  );
}

interface Deletion {
  readonly stack: StackState;
  readonly resources: readonly StackResource[];
  readonly aws: Aws;
  readonly minutes: number;
  readonly projectName: string;
}

/** @returns what was there to be deleted */
async function destroyStack(
  deletion: Deletion,
  deps: DestroyDeps,
): Promise<readonly StackResource[]> {
  const { stack, aws, minutes } = deletion;
  const waits = isBusy(stack.status) && stack.status !== "DELETE_IN_PROGRESS";
  const limits = startLimits(deps.system, waits ? beforeDeletion : duringDeletion(aws.target));
  try {
    limits.allow(minutes, aws.target);
    const context = deployContext(aws, limits, deps);
    return await sayingWhatGoesOn(
      () => limits.phase,
      async () => {
        const before = await providerArns(deletion, context);
        const found = waits ? await afterChange(deletion, context, deps.reporter) : deletion;
        limits.phase = duringDeletion(aws.target);
        const after = found ? await providerArns(found, context) : [];
        if (found) await deleteInStages(found.stack, found.resources, context, deps.reporter);
        await provenGone(new Set([...before, ...after]), context, deps.reporter);
        return found?.resources ?? [];
      },
    );
  } finally {
    limits.end();
  }
}

type Found = Pick<Deletion, "stack" | "resources">;

/**
 * Waits for a change that is under way, then looks again: it may have made, renamed or deleted anything.
 * @returns undefined when the stack is gone
 */
async function afterChange(
  { stack: { stackId }, projectName }: Deletion,
  context: DeployContext,
  reporter: Reporter,
): Promise<Found | undefined> {
  await reporter.step("change under way", (step) =>
    watchStack(stackId, { ...context, onEvent: reportInStep(reporter, step) }),
  );
  const stack = await patiently(context, () => context.aws.stacks.find(stackId));
  if (stack === undefined || stack.status === "DELETE_COMPLETE") return undefined;
  requireOurs(stack, projectName);
  return { stack, resources: await leftResources(stackId, context) };
}

async function provenGone(
  providers: ReadonlySet<string>,
  context: DeployContext,
  reporter: Reporter,
): Promise<void> {
  for (const arn of providers) {
    await reporter.step("instances", async (step) => {
      await waitUntilNothingRuns(arn, context, (text) => step.progress(text));
      step.progress("none left");
    });
  }
}

async function deleteInStages(
  stack: StackState,
  expected: readonly StackResource[],
  context: DeployContext,
  reporter: Reporter,
): Promise<void> {
  const stages = stackStages({ reporter, expected, saysUsual: false });
  try {
    await deleteStack(stack, { ...context, onEvent: stages.onEvent });
    await stages.end("done");
  } catch (error) {
    await stages.end("failed");
    throw error;
  }
}

function counted({ length }: readonly unknown[]): string {
  return length === 1 ? "1 resource" : `${length} resources`;
}

/** A failed stack has no outputs: its provider is then found among its resources. */
async function providerArns(
  { stack, resources }: Found,
  context: DeployContext,
): Promise<string[]> {
  const outputs = deployedProviders(stack.outputs);
  if (outputs.length > 0) return outputs;
  const names = resources
    .filter(({ type }) => type === "AWS::Lambda::CapacityProvider")
    .flatMap(({ physicalId }) => physicalId ?? []);
  const find = (name: string) => patiently(context, () => context.aws.capacityProviders.find(name));
  const found = await Promise.all(names.map(find));
  return found.flatMap((provider) => provider?.arn ?? []);
}

function exists({ status }: StackResource): boolean {
  return status !== "DELETE_COMPLETE";
}
