import type { Aws, StackState } from "../../../aws/ports.ts";
import type { DeployedStack } from "../../../deploy/deploy-stack.ts";
import { duration } from "../../output/duration.ts";
import { wrap } from "../../output/wrap.ts";
import type { DeployPlan } from "./deploy-project.ts";
import { deployContext, type DeployDeps } from "./deploy-context-of.ts";
import type { Deployed } from "./deployed.ts";
import { writeOutputsFile } from "./outputs.ts";
import { afterCloudFormation } from "./phases.ts";
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
}

/** The last words for people. `flags`: what the next commands need to mean the same stack. */
export function sayDone(
  { stack, changed, answers, isDetached, isBeside }: Done,
  milliseconds: number,
  flags: string,
  { reporter }: Pick<DeployDeps, "reporter">,
): void {
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
  const [first] = answers;
  const answer =
    first === undefined ? "" : ` First answer ${first.statusCode} in ${first.milliseconds} ms.`;
  if (changed && !isBeside) reporter.info(`Ready in ${duration(milliseconds)}.${answer}`);
  const name = nameOfSeveral(stack.outputs, first?.functionName);
  reporter.info(`Try: lmi invoke${flags}${name} --payload '{"test":"data"}'`);
  reporter.info(`     lmi logs${flags}${name} -f   ·   lmi status${flags}`);
}

/** What the next commands need to mean the same stack. */
export function tipFlags(aws: Aws, environmentName: string | undefined): string {
  const local = aws.target.local ? " --local" : "";
  return environmentName === undefined ? local : `${local} --env ${environmentName}`;
}
