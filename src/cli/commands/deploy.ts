import { Command, Option } from "commander";
import type { Aws } from "../../aws/ports.ts";
import { untilAborted } from "../../deploy/until-aborted.ts";
import { type ApprovalPolicy, approvalPolicies } from "../../deploy/changes.ts";
import type { Deps } from "../deps.ts";
import { runBuilds } from "../run-builds.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import { type LoadedSettings, loadSettings } from "../config/load-settings.ts";
import { namedRegion } from "../connect-target.ts";
import { lookUpNetwork } from "../lookups/look-up-network.ts";
import { keptPrices } from "../prices/kept-prices.ts";
import { wrap } from "../output/wrap.ts";
import { examples, type SharedOptions, targetOptions } from "../shared-options.ts";
import { attach } from "./deploy/attach.ts";
import { type DeployPlan, deployProject } from "./deploy/deploy-project.ts";
import type { DeployDeps } from "./deploy/deploy-context-of.ts";
import { type Deployed, failIfLeftBehind, renderDeployed } from "./deploy/deployed.ts";
import { withinLimits } from "./deploy/within-limits.ts";
import { preparing } from "./deploy/phases.ts";
import { pausedFunctions } from "./deploy/ready-steps.ts";
import { parseProbe } from "./deploy/probe-payload.ts";
import { refuseDear } from "./deploy/refuse-dear.ts";
import { refuseUnrunnable } from "./deploy/refuse-unrunnable.ts";
import { withPrepared } from "./deploy/prepare.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { silentEvents } from "./deploy/silent-events.ts";
import { parseMinutes } from "./deploy/time-limit.ts";
import { type DeployTools, liveDeployTools } from "./deploy/tools.ts";

export interface DeployOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  readonly requireApproval: ApprovalPolicy;
  readonly outputsFile: string | undefined;
  /** False with `--no-probe`; a string is the event to send; true is `{}`. */
  readonly probe: string | boolean;
  readonly maxWait: string;
  /** US dollars, as typed. */
  readonly maxMonthly: string | undefined;
  readonly adoptLogs: boolean;
  readonly attach: boolean;
  /** Leaves when CloudFormation has begun. */
  readonly detach: boolean;
}

interface DeployFlags {
  readonly requireApproval: ApprovalPolicy;
  readonly outputsFile?: string;
  readonly probe?: string | boolean;
  readonly maxWait: string;
  readonly maxMonthly?: string;
  readonly adoptLogs?: boolean;
  readonly attach?: boolean;
  readonly detach?: boolean;
}

export function deployCommand(deps: Deps, run: typeof runDeploy = runDeploy): Command {
  const command = new Command("deploy")
    .description("Show changes and cost, ask, deploy, wait until it answers")
    .addOption(
      new Option("--require-approval <policy>", "which changes need a yes")
        .choices(approvalPolicies)
        .default("any-change"),
    )
    .option("--outputs-file <file>", "write the outputs as JSON")
    .option("--probe <event>", "event of the first request: JSON or a file (default: {})")
    .option("--no-probe", "send no first request")
    .option("--max-wait <minutes>", "how long to wait; AWS goes on afterwards", "60")
    .option("--max-monthly <usd>", "refuse to deploy what costs more a month at the minimum")
    .option("--adopt-logs", "take over log groups of its names that are in no stack")
    .addOption(
      new Option("--detach", "leave when CloudFormation has begun; AWS goes on").conflicts([
        "attach",
        "outputsFile",
      ]),
    )
    .option("--attach", "come back to a deployment under way, from any machine")
    .addHelpText(
      "after",
      examples([
        ["lmi deploy", "show, ask, deploy, wait"],
        ["lmi deploy --local", "the same on this machine"],
        ["lmi deploy --yes --outputs-file out.json", "in CI"],
        ["lmi deploy --yes --detach", "leave while AWS works"],
        ["lmi deploy --max-vcpu 30", "most settings are also flags"],
      ]),
    );
  return addSettingOptions(command).action((flags: DeployFlags, self: Command) =>
    run(deployOptions(flags, self, deps), deps),
  );
}

function deployOptions(flags: DeployFlags, command: Command, { system }: Deps): DeployOptions {
  return {
    ...projectOptions(command, system),
    requireApproval: flags.requireApproval,
    outputsFile: flags.outputsFile,
    probe: flags.probe ?? true,
    maxWait: flags.maxWait,
    maxMonthly: flags.maxMonthly,
    adoptLogs: flags.adoptLogs ?? false,
    attach: flags.attach ?? false,
    detach: flags.detach ?? false,
  };
}

export async function runDeploy(
  options: DeployOptions,
  deps: Pick<Deps, "system" | "reporter" | "prompter" | "aws">,
  tools: DeployTools = liveDeployTools,
): Promise<void> {
  return sayingLocal(options, "deploy", () => deploy(options, deps, tools));
}

async function deploy(
  options: DeployOptions,
  deps: Pick<Deps, "system" | "reporter" | "prompter" | "aws">,
  tools: DeployTools,
): Promise<void> {
  const { system, reporter } = deps;
  const minutes = parseMinutes(options.maxWait);
  const probe = await parseProbe(options.probe, system);
  const loaded = await loadSettings(settingsRequest(options, system));
  if (options.local) refuseUnrunnable(loaded.settings);
  const silent = options.local ? silentEvents(loaded.settings) : [];
  for (const warning of [...loaded.warnings, ...silent]) reporter.warn(warning);
  if (options.maxMonthly !== undefined) {
    const region = namedRegion({ ...options, projectRegion: loaded.settings.region }, system);
    const { pricedSettings } = await import("./cost/priced-settings.ts");
    const priced = await pricedSettings(loaded, system);
    const figure = await refuseDear(options.maxMonthly, priced, keptPrices(region, system));
    reporter.info(wrap(`Cost    ${figure}`, 8));
  }
  const { projectDir } = loaded;
  const connect = () =>
    deps.aws(targetOptions(options, { region: loaded.settings.region, projectDir }));
  const paused = pausedFunctions(loaded.settings);
  const plan = { ...options, minutes, probe, paused, project: loaded.settings };
  const complete = await lookUpNetwork(loaded, connect, reporter);
  const deployed = await bringUp(complete, connect, plan, deps, tools);
  reporter.result(deployed, renderDeployed);
  failIfLeftBehind(deployed, options);
}

async function bringUp(
  loaded: LoadedSettings,
  connect: () => Promise<Aws>,
  plan: DeployPlan & Pick<DeployOptions, "attach">,
  deps: DeployDeps,
  tools: DeployTools,
): Promise<Deployed> {
  return withinLimits(deps.system, preparing, async (limits) => {
    if (plan.attach)
      return attach(loaded, await untilAborted(connect(), limits.signal), plan, limits, deps);
    await runBuilds(loaded, deps, limits.signal);
    return withPrepared(loaded, deps.system, (prepared) =>
      deployProject({ loaded, prepared, connect, limits }, plan, deps, tools),
    );
  });
}
