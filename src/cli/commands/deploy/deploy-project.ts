import type { Aws, StackState } from "../../../aws/ports.ts";
import type { ApprovalPolicy, ChangeSummary } from "../../../deploy/changes.ts";
import { deleteStack } from "../../../deploy/delete-stack.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { isUpToDate } from "../../../deploy/no-change.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { toolkitEnvironment } from "../../../deploy/toolkit-environment.ts";
import { usualTimes } from "../../../deploy/usual-times.ts";
import { changeSetName } from "../../../deploy/who-began.ts";
import { stackName as stackNameOf } from "../../../synth/names.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import { warnOfOverlap } from "../../lookups/warn-of-overlap.ts";
import type { StepHandle } from "../../output/reporter.ts";
import { wrap } from "../../output/wrap.ts";
import { approveBootstrap, approveChanges } from "./approve.ts";
import { type FreeSurvey, inTurn } from "./await-turn.ts";
import { announceNode } from "./announce-node.ts";
import { deployContext, type DeployDeps } from "./deploy-context-of.ts";
import type { Deployed } from "./deployed.ts";
import { reportInStep } from "./event-reporting.ts";
import { keepUnkept } from "./keep-unkept.ts";
import type { Prepared } from "./prepare.ts";
import { beforeCloudFormation, duringCloudFormation, uploading } from "./phases.ts";
import { bringBack, isStillOurs, keepDeployed, settleCode } from "./put-right.ts";
import { foresee } from "./foresee.ts";
import { renderCost } from "./render-cost.ts";
import { plannedChanges, sayAlsoTaken } from "./planned-changes.ts";
import { settleTakenBack } from "./settle-taken-back.ts";
import { lifetimeParameters } from "./lifetime.ts";
import { type FoundLogGroup, stillThere } from "../../../deploy/found-log-groups.ts";
import { changeDetails, renderChanges } from "./render-changes.ts";
import { deployInStages, type StagedStack } from "./deploy-in-stages.ts";
import { type StackNames, type Survey, surveyTarget } from "./survey.ts";
import type { Limits } from "./time-limit.ts";
import { comparisonOf, type DeployTools } from "./tools.ts";
import { type AnswerPlan, type Done, sayDone, tipFlags, untilAnswered } from "./until-answered.ts";

export interface DeployPlan {
  readonly requireApproval: ApprovalPolicy;
  readonly outputsFile: string | undefined;
  /** undefined: no first request. */
  readonly probe: Uint8Array | undefined;
  readonly minutes: number;
  /** Leaves when CloudFormation has begun. */
  readonly detach: boolean;
  /** Takes over log groups that nothing says to be this project's. */
  readonly adoptLogs: boolean;
  /** Names of functions that are to run nowhere. */
  readonly paused: ReadonlySet<string>;
  /** What is deployed, for the figures of explanations. */
  readonly project?: Settings;
}

export interface Project {
  readonly loaded: LoadedSettings;
  readonly prepared: Promise<Prepared>;
  readonly connect: () => Promise<Aws>;
  readonly limits: Limits;
}

/** From settings to a function that answers. */
export async function deployProject(
  project: Project,
  plan: DeployPlan,
  deps: DeployDeps,
  tools: DeployTools,
): Promise<Deployed> {
  const started = deps.system.now().getTime();
  const { name, environment } = project.loaded.settings;
  const names = { project: name, stackName: stackNameOf(name, environment) };
  const { limits } = project;
  const { prepared, surveyed } = await preflight(project, names, deps);
  const turns = { survey: surveyed, names, minutes: plan.minutes, limits };
  const { survey, done } = await inTurn(turns, deps, async (free, minutes) => {
    const paused = await foresee(free, prepared, { ...plan, limits }, deps);
    const own = { ...plan, paused, minutes, limits };
    return { ...(await bringAbout(free, prepared, own, deps, tools)), paused };
  });
  const { stack, answers, changed, leftBehind, isDetached } = done;
  const milliseconds = deps.system.now().getTime() - started;
  sayDone(done, milliseconds, tipFlags(survey.aws, environment), deps);
  return {
    stackName: stack.stackName,
    stackId: stack.stackId,
    account: survey.caller.accountId,
    region: survey.aws.target.region,
    changed,
    outputs: stack.outputs,
    answers,
    milliseconds,
    leftBehind,
    ...(isDetached ? { detached: true } : {}),
  };
}

/** Builds, and looks who and where we are, beside each other. */
async function preflight(
  { prepared: preparing, connect, limits }: Project,
  names: StackNames,
  { reporter }: DeployDeps,
): Promise<{ readonly prepared: Prepared; readonly surveyed: Survey }> {
  const surveying = connect().then((aws) => surveyTarget(aws, names, reporter));
  surveying.catch(() => undefined);
  const work = async (step: StepHandle) => {
    // What is wrong with the project itself is told before what is wrong with the account.
    const prepared = await untilAborted(preparing, limits.signal);
    step.progress("built and checked");
    const surveyed = await untilAborted(surveying, limits.signal);
    const { condition } = surveyed;
    const found = condition.kind === "absent" ? "no stack yet" : `stack ${condition.stack.status}`;
    step.progress(`built and checked, ${found}`);
    return { prepared, surveyed };
  };
  return reporter.step("preflight", work, { usually: usualTimes.preflight });
}

interface LimitedPlan extends DeployPlan {
  readonly limits: Limits;
}

async function bringAbout(
  survey: FreeSurvey,
  prepared: Prepared,
  plan: LimitedPlan,
  deps: DeployDeps,
  tools: DeployTools,
): Promise<Done> {
  const { condition } = survey;
  // Each deploy with a time to live begins it anew.
  const isSame = condition.kind === "ready" && prepared.settings.ttl === undefined;
  if (isSame && isUpToDate(prepared, condition.stack, survey.template)) {
    const { stack } = condition;
    const isBroughtBack = await bringBack({ prepared, stack, aws: survey.aws, plan }, deps);
    if (!isBroughtBack) return confirmUnchanged(stack, survey.aws, plan, deps);
    const answers = await untilAnswered(stack, survey.aws, plan.limits, plan, deps);
    return { stack, leftBehind: [], changed: true, answers };
  }
  deps.system.setEnv(toolkitEnvironment(survey.aws.target));
  const { limits } = plan;
  const agreed = await untilAborted(agree(survey, prepared, plan, deps, tools), limits.signal);
  limits.phase = beforeCloudFormation;
  limits.allow(plan.minutes, survey.aws.target);
  await keepReplaced(survey, limits, deps);
  const { detach } = plan;
  const deployed = await execute({ survey, prepared, ...agreed, limits, detach }, deps, tools);
  if (deployed.isDetached) return { ...deployed, answers: [] };
  if (!deployed.changed) deps.reporter.info("CloudFormation found nothing to change.");
  const code = { prepared, stack: deployed.stack, aws: survey.aws, plan };
  const tasks = (await isStillOurs(code)) ? await settleCode(code, deps) : [];
  const answers = await untilAnswered(
    deployed.stack,
    survey.aws,
    limits,
    { ...plan, ...told(deployed) },
    deps,
  );
  await keepDeployed(tasks, code, deps);
  return { ...deployed, answers };
}

/** Code of an earlier deployment whose end nobody saw: the template that names it is replaced now. */
async function keepReplaced(
  { condition, template, aws }: FreeSurvey,
  limits: Limits,
  deps: DeployDeps,
): Promise<void> {
  if (condition.kind !== "ready") return;
  const context = deployContext(aws, limits, deps);
  await keepUnkept(condition.stack, template, context, deps.reporter);
}

function told({ isActivationTold }: StagedStack): Pick<AnswerPlan, "isTold"> {
  return { isTold: isActivationTold };
}

async function confirmUnchanged(
  stack: StackState,
  aws: Aws,
  plan: LimitedPlan,
  deps: DeployDeps,
): Promise<Done> {
  deps.reporter.info(`Nothing to change: stack ${stack.stackName} is what the project says.`);
  plan.limits.allow(plan.minutes, aws.target);
  const unprobed = { ...plan, probe: undefined, isUnchanged: true };
  return {
    stack,
    leftBehind: [],
    changed: false,
    answers: await untilAnswered(stack, aws, plan.limits, unprobed, deps),
  };
}

/** Shows what would change and gets every yes that is needed. Changes nothing. */
async function agree(
  { aws, caller, condition, template }: FreeSurvey,
  prepared: Prepared,
  plan: DeployPlan,
  { system, reporter, prompter }: DeployDeps,
  tools: DeployTools,
): Promise<Pick<Work, "changes" | "takesBack" | "isBootstrapped">> {
  const request = comparisonOf(prepared, { condition, template });
  const compare = async (step: StepHandle) => {
    const [compared, version] = await Promise.all([
      tools.diff(request, aws),
      tools.bootstrapVersion(aws.target, system.env),
      warnOfOverlap(prepared.settings, condition, aws, reporter),
    ]);
    const stands = { condition, template };
    const planned = await plannedChanges(prepared, stands, compared, {
      aws,
      adopts: plan.adoptLogs,
    });
    const { changes, refused, takesBack } = planned;
    if (refused[0] !== undefined) throw refused[0];
    const count = changes.resources.length + changes.tags.length;
    step.progress(count === 1 ? "1 change" : `${count} changes`);
    return { changes, takesBack, version, cost: await renderCost(prepared, aws.target, system) };
  };
  const options = { usually: usualTimes.plan };
  const { changes, takesBack, version, cost } = await reporter.step(
    "plan and cost",
    compare,
    options,
  );
  if (condition.kind === "recoverable") {
    const { status } = condition.stack;
    const text = `Stack ${prepared.stackName} is ${status}: ${condition.because}. It is deleted and made anew.`;
    reporter.info(wrap(text, 2));
  }
  reporter.info(renderChanges(changes));
  for (const line of changeDetails(changes)) reporter.detail(`  ${line}`);
  reporter.event("changes", { ...changes });
  if (takesBack.length > 0) sayAlsoTaken(prepared, changes, reporter);
  reporter.info(cost);
  if (version === undefined) await approveBootstrap(aws, caller.accountId, prompter);
  const clearsAway = condition.kind === "recoverable" ? condition.stack : undefined;
  await approveChanges(
    changes,
    { policy: plan.requireApproval, stackName: prepared.stackName, clearsAway },
    prompter,
  );
  return { changes, takesBack, isBootstrapped: version !== undefined };
}

interface Work {
  readonly survey: FreeSurvey;
  readonly changes: ChangeSummary;
  readonly takesBack: readonly FoundLogGroup[];
  readonly prepared: Prepared;
  readonly isBootstrapped: boolean;
  readonly limits: Limits;
  readonly detach: boolean;
}

async function execute(
  { survey, prepared, changes, takesBack, isBootstrapped, limits, detach }: Work,
  deps: DeployDeps,
  tools: DeployTools,
): Promise<StagedStack> {
  const { aws, caller, condition } = survey;
  const { reporter } = deps;
  const context = deployContext(aws, limits, deps, prepared.settings);
  const during = <T>(label: string, work: (context: DeployContext) => Promise<T>) =>
    reporter.step(label, (step) => work({ ...context, onEvent: reportInStep(reporter, step) }));
  if (condition.kind === "recoverable")
    await during("clear away", (telling) => deleteStack(condition.stack, telling));
  const back = condition.kind === "recoverable" ? await stillThere(takesBack, aws) : takesBack;
  if (!isBootstrapped)
    await during("bootstrap", (telling) => tools.bootstrap(caller.accountId, telling));
  if (aws.target.local) await announceNode(prepared.settings, deps);
  else reporter.info("Ctrl-C leaves AWS working; `lmi deploy --attach` comes back.");
  limits.phase = uploading;
  const before = condition.kind === "ready" ? condition.stack : undefined;
  const onBegin = () => void (limits.phase = duringCloudFormation(aws.target));
  const name = changeSetName(caller.arn);
  const parameters = lifetimeParameters(prepared.settings, context.now());
  const given = { ...prepared, ...(parameters ? { parameters } : {}) };
  const deployedTemplate = before && survey.template;
  const first = { ...given, before, deployedTemplate, takesBack: back, changeSetName: name };
  const how = { prepared, changes, onBegin, detach };
  const deployed = await deployInStages(first, how, context, deps, tools);
  const second = { ...given, changeSetName: changeSetName(caller.arn) };
  return settleTakenBack(deployed, back, second, { context, reporter, tools });
}
