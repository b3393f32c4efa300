import { examineStack, isStuck, nextForStack } from "../../../../deploy/stack-condition.ts";
import { readTrouble } from "../../../../deploy/stack-trouble.ts";
import { LmiError } from "../../../../errors.ts";
import {
  type Check,
  type DoctorProject,
  failure,
  ok,
  type Patient,
  skipped,
  type Verdict,
  warning,
} from "../check.ts";

/** Whether what stands there takes a deploy: the same look that a deploy begins with. */
export const stackCheck: Check = {
  name: "stack",
  ofProject: true,
  permission: "cloudformation:DescribeStacks and DescribeStackEvents",
  run,
};

async function run(patient: Patient): Promise<Verdict> {
  const { project } = patient;
  if (project === undefined) return skipped("no project");
  try {
    return await judge(patient, project);
  } catch (error) {
    if (error instanceof LmiError && refusals.has(error.code)) return refused(error);
    throw error;
  }
}

/** What a deploy would say, and change nothing. */
const refusals = new Set(["LMI_STACK_NOT_OURS", "LMI_STACK_STUCK"]);

function refused({ message, why, next }: LmiError): Verdict {
  return failure([message, why].filter(Boolean).join("\n"), next ?? "lmi status");
}

async function judge(
  { aws, stack: find }: Patient,
  { settings, stackName }: DoctorProject,
): Promise<Verdict> {
  const stack = await find();
  if (stack === undefined) return ok(`${stackName} is not there yet: the first deploy makes it`);
  const trouble = isStuck(stack) ? await readTrouble(stack, aws) : undefined;
  const condition = examineStack(stack, settings.name, aws.target, trouble);
  const seen = `${stackName} is ${stack.status}`;
  const next = nextForStack(stack, aws.target) ?? "lmi status";
  if (condition.kind === "recoverable") return warning(`${seen}: ${condition.because}`, next);
  if (condition.kind === "busy")
    return warning(`${seen}: it is being changed, and a deploy waits for that`, next);
  if (condition.kind === "absent") return ok(`${seen}: nothing is made yet, and a deploy makes it`);
  return ok(`${seen}, which takes a deploy`);
}
