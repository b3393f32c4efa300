import { Command } from "commander";

import type {
  Aws,
  CapacityProviderState,
  FunctionState,
  ManagedInstance,
  StackState,
} from "../../aws/ports.ts";
import { LmiError } from "../../errors.ts";
import { readProjectNames } from "../config/project-names.ts";
import { functionGone } from "../../deploy/function-gone.ts";
import { nextForStack } from "../../deploy/stack-condition.ts";
import { forSameStack } from "./deploy/say-local.ts";
import {
  deployedFunctions,
  deployedProviders,
  deployedUrl,
  type Outputs,
} from "./deploy/outputs.ts";
import type { Deps } from "../deps.ts";
import { examples, sharedOptions, targetOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";

export type StatusOptions = SharedOptions;

export interface Status {
  readonly account: string;
  readonly region: string;
  readonly stack: StackState;
  /** The first of capacityProviders. */
  readonly capacityProvider: CapacityProviderState | undefined;
  readonly capacityProviders: readonly CapacityProviderState[];
  /** Of all providers. undefined: the caller has no permission to look (ec2:DescribeInstances). */
  readonly instances: readonly ManagedInstance[] | undefined;
  /** `$LATEST.PUBLISHED` of every function, what answers requests; undefined where nothing is published. */
  readonly functions: readonly {
    readonly name: string;
    readonly published: FunctionState | undefined;
    /** Lambda has no such function, although the stack has it. */
    readonly gone: boolean;
    readonly url: string | undefined;
  }[];
  /** The command that helps where something is wrong or under way. */
  readonly next: string | undefined;
}

export function statusCommand(deps: Deps, run: typeof runStatus = runStatus): Command {
  return new Command("status")
    .description("Show what exists and how it is doing")
    .addHelpText(
      "after",
      examples([
        ["lmi status", "stack, capacity provider, instances, functions"],
        ["lmi status --local", "the same on the local target"],
        ["lmi status --json", "for machines"],
      ]),
    )
    .action((_flags: object, command: Command) => run(sharedOptions(command, deps.system), deps));
}

export async function runStatus(
  options: StatusOptions,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
): Promise<void> {
  const project = await readProjectNames({
    cwd: deps.system.cwd,
    configFile: options.config,
    environmentName: options.env,
    runUserCode: deps.system.runUserCode,
  });
  const aws = await deps.aws(targetOptions(options, project));
  const [caller, stack] = await Promise.all([
    aws.identity.caller(),
    aws.stacks.find(project.stackName),
  ]);
  if (!stack) throw notDeployed(project.stackName, caller.accountId, aws, options);
  deps.reporter.result(await readStatus(aws, caller.accountId, stack, options), renderStatus);
}

async function readStatus(
  aws: Aws,
  account: string,
  stack: StackState,
  options: StatusOptions,
): Promise<Status> {
  const arns = deployedProviders(stack.outputs);
  const [found, instances, functions] = await Promise.all([
    Promise.all(arns.map((arn) => aws.capacityProviders.find(arn))),
    Promise.all(arns.map((arn) => instancesOf(arn, aws))),
    Promise.all(
      deployedFunctions(stack.outputs).map((name) => readFunction(name, stack.outputs, aws)),
    ),
  ]);
  const next = nextOf(stack, functions, aws);
  const capacityProviders = found.filter((provider) => provider !== undefined);
  return {
    account,
    region: aws.target.region,
    stack,
    capacityProvider: capacityProviders[0],
    capacityProviders,
    instances: instances.includes(undefined) ? undefined : instances.flatMap((some) => some ?? []),
    functions,
    next: next === undefined ? undefined : forSameStack(next, options),
  };
}

function nextOf(
  stack: StackState,
  functions: Status["functions"],
  { target }: Aws,
): string | undefined {
  const lost = functions.find(({ gone }) => gone);
  return nextForStack(stack, target) ?? (lost ? functionGone(lost.name).next : undefined);
}

async function readFunction(
  name: string,
  outputs: Outputs,
  aws: Aws,
): Promise<Status["functions"][number]> {
  const published = await aws.functions.find(name, "$LATEST.PUBLISHED");
  const gone = published === undefined && (await aws.functions.find(name)) === undefined;
  return { name, published, gone, url: deployedUrl(name, outputs) };
}

/** undefined where the caller may not look at EC2 instances: the rest of the status needs no such permission. */
async function instancesOf(
  providerArn: string,
  aws: Aws,
): Promise<readonly ManagedInstance[] | undefined> {
  try {
    return await aws.instances.ofCapacityProvider(providerArn);
  } catch (error) {
    if (error instanceof LmiError && error.code === "LMI_ACCESS_DENIED") return undefined;
    throw error;
  }
}

function notDeployed(
  stackName: string,
  account: string,
  aws: Aws,
  options: StatusOptions,
): LmiError {
  const flag = options.local ? " --local" : "";
  return new LmiError(
    "LMI_STACK_NOT_FOUND",
    `There is no stack ${stackName} in account ${account}, region ${aws.target.region}.`,
    {
      why: "It was never deployed here, was destroyed, or lives in another account or region.",
      next: `Deploy it: lmi deploy${flag}`,
      details: { account, region: aws.target.region, stackName },
    },
  );
}

export function renderStatus(status: Status): string {
  return [
    row("Account", `${status.account} · ${status.region}`),
    row("Stack", `${status.stack.stackName}  ${status.stack.status}`),
    ...(status.stack.statusReason ? [row("", status.stack.statusReason.trim())] : []),
    ...(status.capacityProviders.length === 0 ? [row("Provider", "none")] : []),
    ...status.capacityProviders.map((provider) => row("Provider", describeProvider(provider))),
    ...status.functions.flatMap((each) => describeFunction(each, status.stack)),
    row("Instances", countOf(status.instances)),
    ...(status.instances ?? []).map((instance) =>
      row(
        "",
        [
          instance.instanceId,
          instance.instanceType,
          instance.availabilityZone,
          instance.state,
        ].join("  "),
      ),
    ),
    ...(status.next === undefined ? [] : [row("Next", status.next)]),
  ].join("\n");
}

function countOf(instances: Status["instances"]): string {
  if (instances === undefined) return "not known: ec2:DescribeInstances is not allowed";
  return instances.length === 0 ? "none" : String(instances.length);
}

function describeProvider(provider: CapacityProviderState): string {
  const cap = provider.maxVCpuCount === undefined ? "" : `  at most ${provider.maxVCpuCount} vCPUs`;
  return `${provider.name}  ${provider.state}${cap}`;
}

function describeFunction(
  { name, published, gone, url }: Status["functions"][number],
  { status }: StackState,
): string[] {
  if (gone && status.startsWith("DELETE_")) return [row("Function", `${name}  gone`)];
  if (gone) return [row("Function", `${name}  not there: deleted outside of the stack`)];
  if (!published) return [row("Function", `${name}  nothing published: it answers no requests`)];
  const reason = published.lastUpdateStatusReason ?? published.stateReason;
  return [
    row("Function", name),
    row(
      "",
      `$LATEST.PUBLISHED  ${published.state ?? "?"}, last update ${published.lastUpdateStatus ?? "?"}`,
    ),
    ...(reason ? [row("", reason.trim())] : []),
    ...(url === undefined ? [] : [row("URL", url)]),
  ];
}

function row(label: string, value: string): string {
  return `${label.padEnd(10)} ${value}`;
}
