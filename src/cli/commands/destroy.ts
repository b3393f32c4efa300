import { Command } from "commander";
import type { Aws, StackResource, StackState } from "../../aws/ports.ts";
import { deleteStack } from "../../deploy/delete-stack.ts";
import type { DeployContext } from "../../deploy/deploy-context.ts";
import { waitUntilNothingRuns } from "../../deploy/nothing-left.ts";
import { isBusy, requireOurs } from "../../deploy/stack-condition.ts";
import { watchStack } from "../../deploy/watch-stack.ts";
import { readProjectNames } from "../config/project-names.ts";
import { declined } from "../declined.ts";
import type { Deps } from "../deps.ts";
import { duration } from "../output/duration.ts";
import { examples, sharedOptions, type SharedOptions, targetOptions } from "../shared-options.ts";
import { reportEvents } from "./deploy/event-reporting.ts";
import { typeCounts } from "./deploy/render-changes.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { stackNotFound } from "./deploy/stack-not-found.ts";
import { identify } from "./deploy/survey.ts";
import { type Limits, parseMinutes, startLimits } from "./deploy/time-limit.ts";

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
  return sayingLocal(options.local, () => destroy(options, deps));
}

async function destroy(options: DestroyOptions, deps: DestroyDeps): Promise<void> {
  const { system, reporter, prompter } = deps;
  const minutes = parseMinutes(options.maxWait);
  const project = await readProjectNames({
    cwd: system.cwd,
    configFile: options.config,
    environmentName: options.env,
  });
  const aws = await deps.aws(targetOptions(options, project));
  const caller = await identify(aws, project.stackName, reporter);
  const stack = await aws.stacks.find(project.stackName);
  if (stack === undefined) throw stackNotFound(project.stackName, caller.accountId, aws);
  requireOurs(stack, project.projectName);
  const resources = (await aws.stacks.resources(stack.stackId)).filter(exists);
  reporter.info(
    `- ${resources.length} resources, and the log groups with what is in them: ${typeCounts(resources)}`,
  );
  reporter.event("resources", { resources });
  if (!(await prompter.confirm({ message: `Delete ${project.stackName}?`, flag: "--yes" })))
    throw declined();

  const started = system.now().getTime();
  await destroyStack({ stack, resources, aws, minutes }, deps);
  const milliseconds = system.now().getTime() - started;
  reporter.result<Destroyed>(
    {
      stackName: project.stackName,
      account: caller.accountId,
      region: aws.target.region,
      resources: resources.length,
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
  return `Stack ${stackName} is gone from account ${account}, ${region}: ${resources} resources deleted in ${duration(milliseconds)}. No capacity provider and no instance of it is left.`;
}

interface Deletion {
  readonly stack: StackState;
  readonly resources: readonly StackResource[];
  readonly aws: Aws;
  readonly minutes: number;
}

async function destroyStack(
  { stack, resources, aws, minutes }: Deletion,
  deps: DestroyDeps,
): Promise<void> {
  const { reporter, system } = deps;
  const limits = startLimits(system, minutes, {
    awsGoesOn:
      "CloudFormation goes on deleting by itself. What is not deleted yet still costs money.",
    comeBack: "lmi destroy   (goes on from here)",
  });
  const providers = await providerArns(stack, resources, aws);
  try {
    const during = (
      label: string,
      work: (context: DeployContext, progress: (text: string) => void) => Promise<unknown>,
    ) =>
      reporter.step(label, (step) => {
        const onEvent = reportEvents(reporter, step, { terminal: system.stderrIsTerminal });
        return work(contextOf(aws, limits, deps, onEvent), (text) => step.progress(text));
      });
    if (isBusy(stack.status) && stack.status !== "DELETE_IN_PROGRESS") {
      await during("change under way", (context) => watchStack(stack.stackId, context));
    }
    await during("stack", (context) => deleteStack(stack, context));
    for (const arn of providers) {
      // oxlint-disable-next-line no-await-in-loop
      await during("instances", (context, progress) =>
        waitUntilNothingRuns(arn, context, progress),
      );
    }
  } finally {
    limits.end();
  }
}

function contextOf(
  aws: Aws,
  { signal }: Limits,
  { system }: DestroyDeps,
  onEvent: DeployContext["onEvent"],
): DeployContext {
  return { aws, now: system.now, sleep: system.sleep, signal, onEvent, environment: system.env };
}

/** A failed stack has no outputs: its provider is then found among its resources. */
async function providerArns(
  stack: StackState,
  resources: readonly StackResource[],
  aws: Aws,
): Promise<string[]> {
  const output = stack.outputs["CapacityProviderArn"];
  if (output !== undefined) return [output];
  const names = resources
    .filter(({ type }) => type === "AWS::Lambda::CapacityProvider")
    .flatMap(({ physicalId }) => physicalId ?? []);
  const found = await Promise.all(names.map((name) => aws.capacityProviders.find(name)));
  return found.flatMap((provider) => provider?.arn ?? []);
}

function exists({ status }: StackResource): boolean {
  return status !== "DELETE_COMPLETE";
}
