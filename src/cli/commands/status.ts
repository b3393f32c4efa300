import { Command } from "commander";

import type { Aws } from "../../aws/ports.ts";
import type { DeployContext } from "../../deploy/deploy-context.ts";
import { LmiError } from "../../errors.ts";
import { type ProjectNames, readProjectNames } from "../config/project-names.ts";
import type { Deps } from "../deps.ts";
import { examples, sharedOptions, targetOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";

export interface StatusOptions extends SharedOptions {
  readonly watch: boolean;
  /** `5s`, `1m`; undefined: by the target. */
  readonly interval: string | undefined;
}

type Flags = Partial<Pick<StatusOptions, "watch" | "interval">>;

export type StatusDeps = Pick<Deps, "system" | "reporter" | "aws">;

export function statusCommand(deps: Deps, run: typeof runStatus = runStatus): Command {
  return new Command("status")
    .description("Show what exists and how it is doing")
    .option("-w, --watch", "go on, as a dashboard on a terminal, until q or Ctrl-C")
    .option("--interval <time>", "between two looks of --watch, e.g. 10s (default: 5s, local 2s)")
    .addHelpText(
      "after",
      examples([
        ["lmi status", "provider, instances, functions, load, cost, settings"],
        ["lmi status --watch", "the same as a dashboard"],
        ["lmi status --json", "for machines"],
        ["lmi status --watch --json", "one object a line for each look"],
      ]),
    )
    .action((flags: Flags, command: Command) =>
      run(
        {
          ...sharedOptions(command, deps.system),
          watch: flags.watch ?? false,
          interval: flags.interval,
        },
        deps,
      ),
    );
}

export async function runStatus(options: StatusOptions, deps: StatusDeps): Promise<void> {
  const { system, reporter } = deps;
  const project = await readProjectNames({
    cwd: system.cwd,
    configFile: options.config,
    environmentName: options.env,
    runUserCode: system.runUserCode,
  });
  const aws = await deps.aws(targetOptions(options, project));
  // What is loaded for the rest is loaded while AWS answers these.
  const first = Promise.all([aws.identity.caller(), aws.stacks.find(project.stackName)]);
  const [{ readStatus }, { renderStatus }, [caller, stack]] = await Promise.all([
    import("./status/read-status.ts"),
    import("./status/render.ts"),
    first,
  ]);
  if (!stack) throw notDeployed(project.stackName, caller.accountId, aws, options);
  const request = await statusRequest(options, { project, aws, account: caller.accountId }, deps);
  const context = contextOf(aws, new AbortController().signal, deps);
  const { status } = await readStatus(stack, request, context);
  reporter.result(status, (given) => renderStatus(given, aws.target.local));
}

interface Place {
  readonly project: ProjectNames;
  readonly aws: Aws;
  readonly account: string;
}

async function statusRequest(
  options: StatusOptions,
  { aws, account }: Place,
  { system }: StatusDeps,
) {
  const [{ loadSettings }, { keptPrices }] = await Promise.all([
    import("../config/load-settings.ts"),
    import("../prices/kept-prices.ts"),
  ]);
  return {
    account,
    environmentName: options.env,
    options,
    loadSettings: () =>
      loadSettings({
        cwd: system.cwd,
        configFile: options.config,
        environmentName: options.env,
        runUserCode: system.runUserCode,
        region: options.region,
        env: system.env,
      }),
    prices: () => keptPrices(aws.target.region, system),
  };
}

function contextOf(aws: Aws, signal: AbortSignal, { system }: StatusDeps): DeployContext {
  return {
    aws,
    now: system.now,
    sleep: system.sleep,
    signal,
    onEvent: () => {},
    environment: system.env,
  };
}

function notDeployed(
  stackName: string,
  account: string,
  aws: Aws,
  options: StatusOptions,
): LmiError {
  const flag = options.local ? " --local" : "";
  return new LmiError(
    "LMI_STACK_NOT_FOUND",
    `There is no stack ${stackName} in account ${account}, region ${aws.target.region}.`,
    {
      why: "It was never deployed here, was destroyed, or lives in another account or region.",
      next: `Deploy it: lmi deploy${flag}`,
      details: { account, region: aws.target.region, stackName },
    },
  );
}
