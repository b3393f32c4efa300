import type { Aws, CodeState, StackState } from "../../../aws/ports.ts";
import { publishedVersion } from "../../../deploy/push-function.ts";
import { examineStack, isStuck, nextForStack, stackBusy } from "../../../deploy/stack-condition.ts";
import { outcomeOf, readTrouble } from "../../../deploy/stack-trouble.ts";
import { LmiError } from "../../../errors.ts";
import type { Reporter } from "../../output/reporter.ts";
import type { Caller } from "../deploy/identity-line.ts";
import { stackNotFound } from "../deploy/stack-not-found.ts";
import { identify, type StackNames } from "../deploy/survey.ts";

/** What stands at AWS of the functions that are to be pushed. Reads only. */
export interface PushSurvey {
  readonly aws: Aws;
  readonly caller: Caller;
  readonly stack: StackState;
  /** The deployed template. */
  readonly template: string | undefined;
  readonly functions: ReadonlyMap<string, FoundFunction>;
}

export interface FoundFunction {
  /** `$LATEST`, which answers nobody; undefined: there is no such function. */
  readonly latest: CodeState | undefined;
  /** What answers requests. */
  readonly published: CodeState | undefined;
}

/** All at once: where everything is 50 ms away, questions one after the other are most of a push. */
export async function surveyPush(
  aws: Aws,
  names: StackNames,
  functionNames: readonly string[],
  reporter: Reporter,
): Promise<PushSurvey> {
  const { stackName } = names;
  const [caller, found, template, functions] = await Promise.all([
    identify(aws, stackName, reporter),
    aws.stacks.find(stackName),
    aws.stacks.template(stackName),
    Promise.all(functionNames.map(async (name) => [name, await findFunction(name, aws)] as const)),
  ]);
  const stack = await usable(found, names, caller, aws);
  return { aws, caller, stack, template, functions: new Map(functions) };
}

export async function findFunction(
  name: string,
  { code }: Pick<Aws, "code">,
): Promise<FoundFunction> {
  const [latest, published] = await Promise.all([
    code.find(name),
    code.find(name, publishedVersion),
  ]);
  return { latest, published };
}

/** A stack whose functions run, and that nobody is changing. */
async function usable(
  found: StackState | undefined,
  { stackName, project }: StackNames,
  { accountId }: Caller,
  aws: Aws,
): Promise<StackState> {
  const { target } = aws;
  if (found === undefined) throw notDeployed(stackNotFound(stackName, accountId, { target }));
  const trouble = isStuck(found) ? await readTrouble(found, aws) : undefined;
  const condition = examineStack(found, project, target, trouble);
  if (condition.kind === "busy") throw stackBusy(found);
  if (condition.kind !== "ready") {
    throw new LmiError("LMI_STACK_STUCK", `Stack ${stackName} is ${found.status}.`, {
      why: `${outcomeOf(found, target) ?? ""} There is nothing in it whose code could be changed.`.trim(),
      next: nextForStack(found, target) ?? "lmi deploy",
      details: { stackName, status: found.status },
    });
  }
  return found;
}

function notDeployed({ code, message, details, exitCode }: LmiError): LmiError {
  return new LmiError(code, message, {
    why: "Code is pushed to functions that are deployed. It was never deployed here, was destroyed, or lives in another account or region.",
    next: "lmi deploy",
    exitCode,
    ...(details ? { details } : {}),
  });
}
