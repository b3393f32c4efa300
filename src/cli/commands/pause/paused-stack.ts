import type { Aws, StackResource, StackState } from "../../../aws/ports.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import { isBusy, requireOurs, stackBusy } from "../../../deploy/stack-condition.ts";
import { type ProjectNames } from "../../config/project-names.ts";
import type { Deps } from "../../deps.ts";
import { type SharedOptions, targetOptions } from "../../shared-options.ts";
import { deployedFunctions, deployedProviders } from "../deploy/outputs.ts";
import { stackNotFound } from "../deploy/stack-not-found.ts";
import { identify } from "../deploy/survey.ts";
import { functionOf, noSuchFunction } from "../function-of.ts";
import { projectOf } from "../../project-of.ts";

/** The stack that a command stops or starts, and what it runs. */
export interface FoundStack {
  readonly aws: Aws;
  readonly account: string;
  readonly stack: StackState;
  /** Those that the command means. */
  readonly functionNames: readonly string[];
  readonly providers: readonly string[];
  readonly resources: readonly StackResource[];
  /** As CloudFormation has it. */
  readonly template: string | undefined;
}

/**
 * Says who and where, and finds the stack. Reads only. Throws LMI_STACK_NOT_FOUND, LMI_STACK_NOT_OURS, LMI_STACK_BUSY,
 * LMI_FUNCTION_NOT_FOUND.
 */
export async function findStack(
  options: SharedOptions & { readonly function: string | undefined },
  deps: Pick<Deps, "system" | "reporter" | "aws">,
): Promise<FoundStack> {
  const { system, reporter } = deps;
  const project = await projectOf(options, system);
  const aws = await deps.aws(targetOptions(options, project));
  const { accountId: account } = await identify(aws, project.stackName, reporter);
  const stack = await aws.stacks.find(project.stackName);
  if (stack === undefined) throw stackNotFound(project.stackName, account, aws, project);
  requireOurs(stack, project.projectName);
  if (isBusy(stack.status)) throw stackBusy(stack);
  const functionNames = chosen(options.function, project, stack);
  const [resources, template] = await Promise.all([
    aws.stacks.resources(stack.stackId),
    aws.stacks.template(stack.stackName),
  ]);
  const providers = deployedProviders(stack.outputs);
  return { aws, account, stack, functionNames, providers, resources, template };
}

function chosen(named: string | undefined, project: ProjectNames, stack: StackState): string[] {
  const all = deployedFunctions(stack.outputs);
  const name = named === undefined ? undefined : functionOf(named, project);
  if (all.length > 0 && name === undefined) return all;
  if (name !== undefined && all.includes(name)) return [name];
  const owner = `Stack ${stack.stackName}`;
  if (name !== undefined && all.length > 0) throw noSuchFunction(name, all, owner);
  throw new LmiError("LMI_FUNCTION_NOT_FOUND", `${owner} has no function.`, {
    why: `It is ${stack.status}.`,
    next: "lmi status",
    exitCode: ExitCode.usage,
  });
}
