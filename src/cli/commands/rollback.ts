import { Command } from "commander";

import type { StackState } from "../../aws/ports.ts";
import { hexHash, shortHash } from "../../deploy/code-hash.ts";
import { functionGone } from "../../deploy/function-gone.ts";
import { numberedAliases, numberedAliasWords } from "../../deploy/numbered-aliases.ts";
import { untilAborted } from "../../deploy/until-aborted.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import { type ProjectNames } from "../config/project-names.ts";
import { declined } from "../declined.ts";
import type { Deps } from "../deps.ts";
import { wrap } from "../output/wrap.ts";
import { examples, sharedOptions, type SharedOptions, targetOptions } from "../shared-options.ts";
import { projectOf } from "../project-of.ts";
import { deployContext } from "./deploy/deploy-context-of.ts";
import { withinLimits } from "./deploy/within-limits.ts";
import { parseProbe } from "./deploy/probe-payload.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { type Limits, parseMinutes } from "./deploy/time-limit.ts";
import { deployedFunctions } from "./deploy/outputs.ts";
import { functionOf, notInSettings } from "./function-of.ts";
import { keepWhatRuns } from "./push/keep-code.ts";
import { isAsleep, stateOf } from "./push/push-tasks.ts";
import { surveyPush } from "./push/survey-push.ts";
import { type Candidate, choose, codes, history, inWords } from "./rollback/choose.ts";
import { bringKept } from "./rollback/bring-kept.ts";
import { hashDeployed } from "./rollback/hash-deployed.ts";
import { type KeptList, listOf, renderKept } from "./rollback/kept-list.ts";
import { renderRolledBack, type RolledBack } from "./rollback/rolled-back.ts";

export interface RollbackOptions extends SharedOptions {
  readonly function: string | undefined;
  /** The beginning of a hash, in hex. */
  readonly to: string | undefined;
  readonly list: boolean;
  /** False with `--no-probe`; a string is the event to send; true is `{}`. */
  readonly probe: string | boolean;
  readonly maxWait: string;
}

interface RollbackFlags {
  readonly to?: string;
  readonly list?: boolean;
  readonly probe?: string | boolean;
  readonly maxWait: string;
}

type RollbackDeps = Pick<Deps, "system" | "reporter" | "prompter" | "aws">;

export function rollbackCommand(deps: Deps, run: typeof runRollback = runRollback): Command {
  return new Command("rollback")
    .description("Go back to the code before, in seconds")
    .argument("[function]", "which function (default: the only one)")
    .option("--to <hash>", "the code with this hash, or the beginning of one")
    .option("--list", "show what can be gone back to, and change nothing")
    .option("--probe <event>", "event of the first request: JSON or a file (default: {})")
    .option("--no-probe", "send no first request")
    .option("--max-wait <minutes>", "how long to wait; AWS goes on afterwards", "15")
    .addHelpText(
      "after",
      examples([
        ["lmi rollback", "show, ask, go back, wait until it answers"],
        ["lmi rollback --list", "what is kept; twice goes back further"],
        ["lmi rollback --to 082f4c3a", "to any of it, forth too"],
      ]),
    )
    .action((name: string | undefined, flags: RollbackFlags, self: Command) =>
      run(
        {
          ...sharedOptions(self, deps.system),
          function: name,
          to: flags.to,
          list: flags.list ?? false,
          probe: flags.probe ?? true,
          maxWait: flags.maxWait,
        },
        deps,
      ),
    );
}

export async function runRollback(options: RollbackOptions, deps: RollbackDeps): Promise<void> {
  if (options.list && options.to !== undefined) throw listOrGo();
  await sayingLocal(options, "rollback", async () => {
    await withinLimits(deps.system, before, (limits) => rollback(options, limits, deps));
  });
}

function listOrGo(): LmiError {
  return new LmiError("LMI_USAGE", "--list and --to do not go together.", {
    why: "The one shows what is kept and changes nothing, the other goes to one of it.",
    next: "See: lmi rollback --help",
    exitCode: ExitCode.usage,
  });
}

const before = { awsGoesOn: "Nothing was changed.", comeBack: "lmi rollback" };

async function rollback(
  options: RollbackOptions,
  limits: Limits,
  deps: RollbackDeps,
): Promise<void> {
  const minutes = parseMinutes(options.maxWait);
  const probe = await parseProbe(options.probe, deps.system);
  const found = await findKept(options, limits, deps);
  const { all, functionName, running, aws, aliasesBehind } = found;
  if (options.list) {
    const isFailed = found.state === "differs";
    deps.reporter.result<KeptList>(listOf(functionName, codes(all), running, isFailed), renderKept);
    return;
  }
  const target = choose(all, running, options.to, functionName);
  const done =
    target.codeSha256 === running && found.state === "same"
      ? await nothingToDo(target, found, limits, deps)
      : await goTo(target, found, { limits, minutes, probe }, deps);
  const { stack, caller } = found.survey;
  const place = {
    stackName: stack.stackName,
    account: caller.accountId,
    region: aws.target.region,
  };
  deps.reporter.result<RolledBack>(
    { ...place, functionName, from: running, fromHex: hexHash(running), aliasesBehind, ...done },
    renderRolledBack,
  );
}

type FoundKept = Awaited<ReturnType<typeof findKept>>;

/** Who we are, what runs, and what it could be. Reads only. */
async function findKept(
  options: RollbackOptions,
  { signal }: Limits,
  { system, reporter, aws: connect }: RollbackDeps,
) {
  const project = await projectOf(options, system);
  const functionName = functionOf(options.function, project);
  const aws = await untilAborted(connect(targetOptions(options, project)), signal);
  const names = { project: project.projectName, stackName: project.stackName };
  const survey = await untilAborted(surveyPush(aws, names, [functionName], reporter), signal);
  const { latest, published } = survey.functions.get(functionName) ?? {};
  if (latest === undefined)
    throw notAtLambda(functionName, options.function, project, survey.stack);
  const { stackId } = survey.stack;
  const kept = await untilAborted(aws.keptCodes.list({ stackId, functionName }), signal);
  const taken = kept.filter(({ isPublished }) => isPublished);
  const found = history(taken, survey, functionName, { latest, published });
  const all = await untilAborted(hashDeployed(found, survey.stack, aws, signal), signal);
  return {
    aws,
    functionName,
    survey,
    latest,
    published,
    all,
    isPaused: isAsleep(published),
    state: stateOf(published),
    running: published?.codeSha256 ?? "",
    aliasesBehind: numberedAliases(survey.template, functionName),
  };
}

/** Deleted outside of the stack, mistyped, or not deployed yet. */
function notAtLambda(
  functionName: string,
  named: string | undefined,
  project: ProjectNames,
  { outputs, stackName }: Pick<StackState, "outputs" | "stackName">,
): LmiError {
  const deployed = deployedFunctions(outputs);
  if (deployed.includes(functionName)) return functionGone(functionName);
  return (
    notInSettings(named, project) ??
    new LmiError("LMI_FUNCTION_NOT_FOUND", `Function ${functionName} is not deployed yet.`, {
      why: `Stack ${stackName} has ${deployed.join(", ") || "no function"}.`,
      next: "Deploy it: lmi deploy",
      details: { functionName },
    })
  );
}

type Done = Pick<RolledBack, "changed" | "to" | "toHex" | "paused" | "answer" | "milliseconds">;

async function nothingToDo(
  target: Candidate,
  { aws, survey, functionName, published, running, isPaused }: FoundKept,
  limits: Limits,
  deps: RollbackDeps,
): Promise<Done> {
  const { reporter } = deps;
  const place = { stackId: survey.stack.stackId, functionName };
  // A rollback that was interrupted once Lambda had published did not come to write itself down.
  if (published) await keepWhatRuns(place, published, deployContext(aws, limits, deps));
  reporter.info(`${functionName} runs ${inWords(target)} already.`);
  const same = { to: running, toHex: hexHash(running), paused: isPaused };
  return { changed: false, ...same, answer: undefined, milliseconds: 0 };
}

/** Shows, asks, goes. */
async function goTo(
  target: Candidate,
  found: FoundKept,
  how: {
    readonly limits: Limits;
    readonly minutes: number;
    readonly probe: Uint8Array | undefined;
  },
  deps: RollbackDeps,
): Promise<Done> {
  const { aws, functionName, survey, latest, all, running, isPaused, state, aliasesBehind } = found;
  const { limits, minutes, probe } = how;
  const now = codes(all).find(({ codeSha256 }) => codeSha256 === running);
  const from = fromWords(now, running, state);
  const isUnderWay = target.codeSha256 === running && state === "under way";
  const way = isUnderWay ? "is on its way to" : `${from} →`;
  deps.reporter.info(wrap(`${functionName}: ${way} ${inWords(target)}`, 2));
  deps.reporter.info("Settings stay as they are.");
  if (aliasesBehind.length > 0)
    deps.reporter.warn(
      wrap(`${numberedAliasWords(aliasesBehind, functionName)}: a rollback does not change it.`, 2),
    );
  const asking = deps.prompter.confirm({ message: `Roll back ${functionName}?`, flag: "--yes" });
  if (!(await untilAborted(asking, limits.signal))) throw declined();
  limits.allow(minutes, aws.target);
  const { stack } = survey;
  try {
    const done = await bringKept(
      { functionName, target, latest, stack, aws, limits, probe, isPaused, isUnderWay },
      deps,
    );
    return { changed: true, ...done };
  } catch (error) {
    throw gone(error, functionName) ?? error;
  }
}

/** What did not start has never answered: what was published before does. */
function fromWords(now: Candidate | undefined, running: string, state: FoundKept["state"]): string {
  const what = now === undefined ? "code that is not kept" : inWords(now);
  if (state !== "differs") return what;
  return `${now === undefined ? shortHash(running) : what}, which did not start,`;
}

/** The object was deleted, as `cdk gc` does with what no stack names. */
function gone(error: unknown, functionName: string): LmiError | undefined {
  if (!(error instanceof LmiError) || !/NoSuchKey/.test(error.message)) return undefined;
  return new LmiError("LMI_NO_EARLIER_CODE", `That code of ${functionName} is no longer there.`, {
    why: "Its .zip was deleted from the bucket of the bootstrap stack. Nothing was changed.",
    next: `lmi rollback ${functionName} --list`,
    details: { functionName },
    cause: error,
  });
}
