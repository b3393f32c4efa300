import type { Aws, StackState } from "../../../aws/ports.ts";
import type { DeployedStack } from "../../../deploy/deploy-stack.ts";
import { duration } from "../../output/duration.ts";
import { wrap } from "../../output/wrap.ts";
import type { DeployPlan } from "./deploy-project.ts";
import { deployContext, type DeployDeps } from "./deploy-context-of.ts";
import type { Deployed } from "./deployed.ts";
import { deployedFunctions, writeOutputsFile } from "./outputs.ts";
import { afterCloudFormation } from "./phases.ts";
import { firstAnswerWords } from "./probe-in-step.ts";
import { firstAnswers, nameOfSeveral, waitUntilReady } from "./ready-steps.ts";
import type { Limits } from "./time-limit.ts";

export interface AnswerPlan extends Pick<
  DeployPlan,
  "probe" | "outputsFile" | "paused" | "project"
> {
  readonly isUnchanged?: boolean;
  /** Instances and versions were shown on their way already. */
  readonly isTold?: boolean;
}

/** From a stack that CloudFormation calls complete to a function that answers. */
export async function untilAnswered(
  stack: StackState,
  aws: Aws,
  limits: Limits,
  plan: AnswerPlan,
  deps: DeployDeps,
): Promise<Deployed["answers"]> {
  limits.phase = afterCloudFormation;
  if (plan.outputsFile !== undefined) {
    await writeOutputsFile(plan.outputsFile, deps.system.cwd, stack.stackName, stack.outputs);
  }
  const context = deployContext(aws, limits, deps, plan.project);
  await waitUntilReady(stack, plan, context, deps.reporter);
  if (plan.probe === undefined) return [];
  return firstAnswers(stack.outputs, plan.paused, plan.probe, context, deps.reporter);
}

export interface Done extends DeployedStack {
  readonly answers: Deployed["answers"];
  readonly isDetached?: boolean;
  /** Functions run something else than what was deployed, which has been told. */
  readonly isBeside?: boolean;
  /** Names of functions that run nowhere now. */
  readonly paused?: ReadonlySet<string>;
}

/** The last words for people. `flags`: what the next commands need to mean the same stack. */
export function sayDone(
  done: Done,
  milliseconds: number,
  flags: string,
  { reporter }: Pick<DeployDeps, "reporter">,
): void {
  const { stack, changed, answers, isDetached, isBeside, paused } = done;
  if (isDetached) {
    reporter.info(
      wrap(
        `CloudFormation has begun with stack ${stack.stackName} (${stack.status}), and goes on by itself.`,
        2,
      ),
    );
    reporter.info(`Come back: lmi deploy${flags} --attach   ·   lmi status${flags}`);
    return;
  }
  // A failure among several is the one to tell.
  const first = answers.find(({ functionError }) => functionError !== undefined) ?? answers[0];
  const asleep = deployedFunctions(stack.outputs).filter((each) => paused?.has(each));
  const took = changed && !isBeside ? duration(milliseconds) : undefined;
  if (asleep.length > 0) sayAsleep(asleep, first, { took, flags }, reporter);
  else if (took !== undefined) reporter.info(`Ready in ${took}.${firstAnswerWords(first)}`);
  if (asleep.length > 0 && asleep.length === deployedFunctions(stack.outputs).length) return;
  const name = nameOfSeveral(stack.outputs, first?.functionName);
  reporter.info(`Try: lmi invoke${flags}${name} --payload '{"test":"data"}'`);
  reporter.info(`     lmi logs${flags}${name} -f   ·   lmi status${flags}`);
}

function sayAsleep(
  names: readonly string[],
  first: Deployed["answers"][number] | undefined,
  { took, flags }: { readonly took: string | undefined; readonly flags: string },
  reporter: DeployDeps["reporter"],
): void {
  const done = took === undefined ? "" : `Deployed in ${took}.${firstAnswerWords(first)} `;
  reporter.info(wrap(`${done}${pausedWords(names, took !== undefined)}`, 2));
  reporter.info(`Next: lmi resume${flags}`);
}

/** Said instead of success where nothing runs: what is new there is unproven. */
export function pausedWords(names: readonly string[], isNew: boolean): string {
  const unproven = isNew ? " Whether the new code works is not known until then." : "";
  return `Paused, answers no requests until lmi resume: ${names.join(", ")}.${unproven}`;
}

/** What the next commands need to mean the same stack. */
export function tipFlags(aws: Aws, environmentName: string | undefined): string {
  const local = aws.target.local ? " --local" : "";
  return environmentName === undefined ? local : `${local} --env ${environmentName}`;
}
