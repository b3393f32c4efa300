import { numberedAliasWords } from "../../../deploy/numbered-aliases.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { deployedFunctionName, stackName as stackNameOf } from "../../../synth/names.ts";
import type { Aws } from "../../../aws/ports.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import { duration } from "../../output/duration.ts";
import { wrap } from "../../output/wrap.ts";
import { deployContext, type DeployDeps } from "../deploy/deploy-context-of.ts";
import { keepUnkept } from "../deploy/keep-unkept.ts";
import type { Prepared } from "../deploy/prepare.ts";
import { firstAnswerWords } from "../deploy/probe-in-step.ts";
import { pausedFunctions } from "../deploy/ready-steps.ts";
import type { Limits } from "../deploy/time-limit.ts";
import { pausedWords, tipFlags } from "../deploy/until-answered.ts";
import { bringAll } from "./bring-all.ts";
import { type Bringing } from "./bring.ts";
import type { PushCost } from "./cost-of-push.ts";
import { type PushTask, pushTasks } from "./push-tasks.ts";
import { isPriced, type Pushed, type PushedFunction } from "./pushed.ts";
import { surveyPush } from "./survey-push.ts";

export interface PushRequest {
  readonly loaded: LoadedSettings;
  readonly prepared: Promise<Prepared>;
  readonly connect: () => Promise<Aws>;
  readonly limits: Limits;
  /** Keys of the functions, as in the settings. */
  readonly keys: readonly string[];
  readonly minutes: number;
  /** undefined: no first request. */
  readonly probe: Uint8Array | undefined;
}

/** From what is on disk to code that answers, without CloudFormation. */
export async function pushProject(request: PushRequest, deps: DeployDeps): Promise<Pushed> {
  const { limits, keys } = request;
  const { reporter, system } = deps;
  const started = system.now().getTime();
  const { settings } = request.loaded;
  const names = {
    project: settings.name,
    stackName: stackNameOf(settings.name, settings.environment),
  };
  const functionNames = keys.map((key) => deployedFunctionName(key, settings.environment));
  const surveying = request
    .connect()
    .then((aws) => surveyPush(aws, names, functionNames, reporter));
  surveying.catch(() => undefined);
  // What is wrong with the project itself is told before what is wrong with the account.
  const prepared = await untilAborted(request.prepared, limits.signal);
  const survey = await untilAborted(surveying, limits.signal);
  const { aws, stack, caller } = survey;
  const tasks = await pushTasks(prepared, survey, keys);
  const { region } = aws.target;
  const cost = await changedCost(tasks, prepared, aws, deps);
  limits.allow(request.minutes, aws.target);
  const bringing: Bringing = {
    by: "push",
    stack,
    context: deployContext(aws, limits, deps, settings),
    limits,
    reporter,
    probe: request.probe,
    paused: pausedFunctions(settings),
    inFront: (name) => (keys.length === 1 ? "" : `${name}: `),
  };
  const functions = await bringAndKeep(tasks, bringing, survey.template);
  const milliseconds = system.now().getTime() - started;
  const changed = functions.some((each) => each.changed);
  sayDone(functions, milliseconds, tipFlags(aws, settings.environment), deps);
  return {
    stackName: stack.stackName,
    account: caller.accountId,
    region,
    changed,
    functions,
    ...(cost === undefined ? {} : { cost }),
    milliseconds,
  };
}

/** What the push replaces is kept beside it, where it came by a deployment whose end nobody saw. */
async function bringAndKeep(
  tasks: readonly PushTask[],
  bringing: Bringing,
  template: string | undefined,
): Promise<PushedFunction[]> {
  const { stack, context, reporter } = bringing;
  const replaced = tasks.filter(({ state }) => state !== "same");
  const names = replaced.map(({ functionName }) => functionName);
  // The template names it until the next deploy, whatever is pushed meanwhile: the push need not wait for it.
  const keeping = keepUnkept(stack, template, context, reporter, names);
  keeping.catch(() => undefined);
  try {
    return await bringAll(tasks, bringing);
  } finally {
    await keeping;
  }
}

/** Told before anything is changed; undefined: it costs the same. */
async function changedCost(
  tasks: readonly PushTask[],
  prepared: Prepared,
  { target }: Pick<Aws, "target">,
  { reporter, system }: Pick<DeployDeps, "reporter" | "system">,
): Promise<PushCost | undefined> {
  if (!tasks.some((task) => task.settings.some(isPriced))) return undefined;
  const { costOfPush, pushCostWords } = await import("./cost-of-push.ts");
  const cost = costOfPush(tasks, prepared, target.region, system);
  reporter.info(pushCostWords(cost, target.local));
  return cost;
}

function sayDone(
  functions: readonly PushedFunction[],
  milliseconds: number,
  flags: string,
  { reporter }: Pick<DeployDeps, "reporter">,
): void {
  const same = functions.filter(({ changed }) => !changed).map(({ functionName }) => functionName);
  const pushed = functions.length - same.length;
  if (pushed === 0) {
    reporter.info("Nothing to push: what runs is what the project says.");
    return;
  }
  if (same.length > 0) reporter.info(`Skipped, unchanged: ${same.join(", ")}.`);
  const answers = functions.flatMap(({ answer }) => answer ?? []);
  // A failure among several is the one to tell.
  const first = answers.find(({ functionError }) => functionError !== undefined) ?? answers[0];
  reporter.info(`Pushed in ${duration(milliseconds)}.${firstAnswerWords(first)}`);
  for (const { functionName, changed, aliasesBehind } of functions)
    if (changed && aliasesBehind.length > 0)
      reporter.warn(
        wrap(`${numberedAliasWords(aliasesBehind, functionName)}: lmi deploy brings a new one.`, 2),
      );
  const asleep = functions.filter(({ changed, paused }) => changed && paused);
  if (asleep.length === 0) return;
  const names = asleep.map(({ functionName }) => functionName);
  reporter.info(wrap(pausedWords(names, true), 2));
  reporter.info(`Next: lmi resume${flags}`);
}
