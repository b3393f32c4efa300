import type { Aws } from "../../../aws/ports.ts";
import { examineStack, isStuck, type StackCondition } from "../../../deploy/stack-condition.ts";
import { readTrouble } from "../../../deploy/stack-trouble.ts";
import type { Reporter } from "../../output/reporter.ts";
import { type Caller, identityLine } from "./identity-line.ts";

/** Who we are, and what stands where the project wants to go. Reads only. */
export interface Survey {
  readonly aws: Aws;
  readonly caller: Caller;
  readonly condition: StackCondition;
  /** The deployed template; undefined where no stack works. */
  readonly template: string | undefined;
}

export interface StackNames {
  readonly stackName: string;
  readonly project: string;
}

/** Says the identity line as soon as it is known, before anything can be changed. */
export async function surveyTarget(
  aws: Aws,
  names: StackNames,
  reporter: Reporter,
): Promise<Survey> {
  const caller = await identify(aws, names.stackName, reporter);
  return { aws, caller, ...(await lookAtStack(aws, names)) };
}

/** What stands where the project wants to go. */
export async function lookAtStack(
  aws: Aws,
  { stackName, project }: StackNames,
): Promise<Pick<Survey, "condition" | "template">> {
  const stack = await aws.stacks.find(stackName);
  const trouble = stack && isStuck(stack) ? await readTrouble(stack, aws) : undefined;
  const condition = examineStack(stack, project, aws.target, trouble);
  const template = condition.kind === "ready" ? await aws.stacks.template(stackName) : undefined;
  return { condition, template };
}

export async function identify(aws: Aws, stackName: string, reporter: Reporter): Promise<Caller> {
  const caller = await aws.identity.caller();
  reporter.info(identityLine(caller, aws, stackName));
  reporter.event("target", {
    account: caller.accountId,
    principal: caller.arn,
    region: aws.target.region,
    local: aws.target.local,
    stackName,
  });
  return caller;
}
