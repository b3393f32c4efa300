import { Command } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import type { Aws } from "../../aws/ports.ts";
import type { ChangeSummary } from "../../deploy/changes.ts";
import type { StackDrift } from "../../deploy/drift.ts";
import { isUpToDate } from "../../deploy/no-change.ts";
import { stackName as stackNameOf } from "../../synth/names.ts";
import { type LoadedSettings, loadSettings } from "../config/load-settings.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { lookUpNetwork } from "../lookups/look-up-network.ts";
import { warnOfOverlap } from "../lookups/warn-of-overlap.ts";
import { keptPrices } from "../prices/kept-prices.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import { examples, targetOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { runBuilds } from "../run-builds.ts";
import { type BesideFunction, besideFunctions } from "./deploy/beside.ts";
import { deployContext } from "./deploy/deploy-context-of.ts";
import { type Prepared, withPrepared } from "./deploy/prepare.ts";
import { startLimits } from "./deploy/time-limit.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { forSameStack } from "../same-stack.ts";
import { plannedChanges } from "./deploy/planned-changes.ts";
import { surveyTarget } from "./deploy/survey.ts";
import { comparisonOf, type DeployTools, liveDeployTools } from "./deploy/tools.ts";
import { type CostChange, costChange } from "./diff/cost-change.ts";
import { putBack } from "./diff/render-drift.ts";
import { isChanged, renderDiff } from "./diff/render-diff.ts";

export interface DiffOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  /** Exit code 1 where there are differences. */
  readonly fail: boolean;
  /** Also what was changed beside the stack. */
  readonly drift: boolean;
}

/** What a deploy would change. */
export interface Difference extends ChangeSummary {
  readonly stackName: string;
  /** Status of the stack; undefined where there is none. */
  readonly status: string | undefined;
  readonly cost: CostChange;
  /** Why a deploy would end before it changed anything. */
  readonly refused: readonly Pick<LmiError, "code" | "message" | "why" | "next">[];
  /** Functions that run what was pushed, rolled back or changed by hand: a deploy brings back what the project says. */
  readonly beside: readonly BesideFunction[];
  /** undefined: not asked for, or no stack that can be compared. */
  readonly drift: StackDrift | undefined;
}

export function diffCommand(deps: Deps, run: typeof runDiff = runDiff): Command {
  const command = new Command("diff")
    .description("Show what a deploy would change, and what that costs")
    .option("--fail", "end with exit code 1 where anything differs", false)
    .option("--drift", "also what was changed outside of the stack since it was deployed", false)
    .addHelpText(
      "after",
      examples([
        ["lmi diff", "against what is deployed"],
        ["lmi diff --memory 4096", "what a setting would change, and cost"],
        ["lmi diff --fail --json", "in CI: exit code 1 where it differs"],
        ["lmi diff --drift", "also against what really is there"],
      ]),
    );
  return addSettingOptions(command).action(
    (flags: Pick<DiffOptions, "fail" | "drift">, self: Command) =>
      run(
        {
          ...projectOptions(self, deps.system),
          fail: flags.fail,
          drift: flags.drift,
        },
        deps,
      ),
  );
}

export async function runDiff(
  options: DiffOptions,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
  tools: Pick<DeployTools, "diff"> = liveDeployTools,
): Promise<void> {
  await sayingLocal(options, "diff", () => diff(options, deps, tools));
}

async function diff(
  options: DiffOptions,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
  tools: Pick<DeployTools, "diff">,
): Promise<void> {
  const { system, reporter } = deps;
  const given = await loadSettings(settingsRequest(options, system));
  for (const warning of given.warnings) reporter.warn(warning);
  const { region } = given.settings;
  const connect = () => deps.aws(targetOptions(options, { region, projectDir: given.projectDir }));
  const loaded = await lookUpNetwork(given, connect, reporter);
  await build(loaded, deps);
  const difference = await withPrepared(loaded, system, async (prepared) =>
    differenceOf(loaded, prepared, await connect(), options, deps, tools),
  );
  const fails = options.fail && isDifferent(difference);
  // One JSON document: the failure then holds the differences.
  if (!fails || !options.json) reporter.result(difference, renderDiff);
  if (fails) throw differs(difference);
}

async function build(
  loaded: LoadedSettings,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const limits = startLimits(deps.system, {
    awsGoesOn: "Nothing was asked of AWS.",
    comeBack: "lmi diff",
  });
  try {
    await runBuilds(loaded, deps, limits.signal);
  } finally {
    limits.end();
  }
}

async function differenceOf(
  { settings }: LoadedSettings,
  preparing: Promise<Prepared>,
  aws: Aws,
  options: DiffOptions,
  deps: Pick<Deps, "reporter" | "system">,
  tools: Pick<DeployTools, "diff">,
): Promise<Difference> {
  const { reporter, system } = deps;
  const isDriftAsked = options.drift;
  const stackName = stackNameOf(settings.name, settings.environment);
  const surveying = surveyTarget(aws, { project: settings.name, stackName }, reporter);
  surveying.catch(() => undefined);
  const prepared = await preparing;
  const { condition, template } = await surveying;
  await warnOfOverlap(settings, condition, aws, reporter);
  const status = condition.kind === "absent" ? undefined : condition.stack.status;
  const cost = costChange(
    prepared,
    template,
    aws.target.region,
    keptPrices(aws.target.region, system),
  );
  const isSame = condition.kind === "ready" && isUpToDate(prepared, condition.stack, template);
  const compared = isSame
    ? { resources: [], security: [], broadening: false, otherChanges: false, tags: [] }
    : await tools.diff(comparisonOf(prepared, { condition, template }), aws);
  const stands = { condition, template };
  const planned = await plannedChanges(prepared, stands, compared, { aws, adopts: false });
  const { changes, refused } = planned;
  const beside = condition.kind === "ready" ? await besideFunctions(prepared, aws, isSame) : [];
  const drift =
    isDriftAsked && template !== undefined
      ? await driftOf(stackName, template, aws, deps)
      : undefined;
  if (isDriftAsked && drift === undefined)
    reporter.info(`Drift   not looked at: stack ${stackName} is ${status ?? "not there"}.`);
  return {
    stackName,
    status,
    ...changes,
    cost,
    refused: refused.map(({ code, message, why, next }) => ({
      code,
      message,
      why,
      next: next === undefined ? undefined : forSameStack(next, options),
    })),
    beside,
    drift,
  };
}

async function driftOf(
  stackName: string,
  template: string,
  aws: Aws,
  deps: Pick<Deps, "reporter" | "system">,
): Promise<StackDrift> {
  const { findDrift } = await import("../../deploy/drift.ts");
  const limits = startLimits(deps.system, {
    awsGoesOn: "CloudFormation goes on comparing, which changes nothing.",
    comeBack: "lmi diff --drift",
  });
  try {
    const context = deployContext(aws, limits, deps);
    return await deps.reporter.step("drift", () => findDrift(stackName, template, context));
  } finally {
    limits.end();
  }
}

function isDifferent(difference: Difference): boolean {
  return isChanged(difference) || (difference.drift?.resources.length ?? 0) > 0;
}

function differs(difference: Difference): LmiError {
  const { stackName } = difference;
  const isDrift = !isChanged(difference);
  const than = isDrift ? "was changed since it was deployed" : "is not what the project says";
  return new LmiError("LMI_DIFFERENT", `Stack ${stackName} ${than}.`, {
    next: isDrift ? putBack : "Deploy it: lmi deploy",
    exitCode: ExitCode.failure,
    details: { ...difference },
  });
}
