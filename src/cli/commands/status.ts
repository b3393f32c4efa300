import { Command } from "commander";

import type { Aws, StackState } from "../../aws/ports.ts";
import type { DeployContext } from "../../deploy/deploy-context.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import type { Deps } from "../deps.ts";
import type { Screen } from "../output/screen.ts";
import { examples, sharedOptions, targetOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { projectOf } from "../project-of.ts";
import { stackNotFound } from "./deploy/stack-not-found.ts";
import type { Status } from "./status/model.ts";
import type { KeptFacts } from "./status/read-status.ts";
import type { Watched } from "./status/watch.ts";

export interface StatusOptions extends SharedOptions {
  readonly watch: boolean;
  /** `5s`, `1m`; undefined: by the target. */
  readonly interval: string | undefined;
  /** False with `--no-color`. */
  readonly color: boolean;
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
        ["lmi status", "provider, instances, functions, load, cost"],
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
          color: command.optsWithGlobals<{ color?: boolean }>().color ?? true,
        },
        deps,
      ),
    );
}

export async function runStatus(
  options: StatusOptions,
  deps: StatusDeps,
  openScreen: () => Promise<Screen> = () => liveScreen(deps.system, options),
): Promise<void> {
  if (options.interval !== undefined && !options.watch) throw withoutWatch(options.interval);
  const { system } = deps;
  const project = await projectOf(options, system);
  const aws = await deps.aws(targetOptions(options, project));
  const interval = options.watch ? await intervalOf(options, aws) : undefined;
  const readStack = () => aws.stacks.find(project.stackName);
  const stack = await readStack();
  const account = accountOf(stack) ?? (await aws.identity.caller()).accountId;
  // Only now: the first request leaves before the rest is loaded.
  const { readStatus } = await import("./status/read-status.ts");
  const deployed = (found: StackState | undefined): StackState => {
    if (found) return found;
    throw stackNotFound(project.stackName, account, aws, project);
  };
  const request = await statusRequest(options, { aws, account }, deps);
  if (interval === undefined) {
    // The first Ctrl-C ends a command that leaves nothing half done.
    const context = contextOf(aws, new AbortController().signal, deps);
    return tell((await readStatus(deployed(stack), request, context)).status, aws, deps);
  }
  deployed(stack);
  const context = contextOf(aws, system.interrupt, deps);
  const read = async (kept: KeptFacts | undefined) =>
    readStatus(deployed(await readStack()), request, context, kept);
  await watchStatus({ read, interval, local: aws.target.local }, options, deps, openScreen);
}

/** The account is in the stack's ARN: asking STS would load one more client. */
function accountOf(stack: StackState | undefined): string | undefined {
  return /^arn:[\w-]+:cloudformation:[\w-]+:(?<account>\d{12}):/.exec(stack?.stackId ?? "")
    ?.groups?.["account"];
}

async function tell(
  status: Status,
  { target }: Aws,
  { reporter, system }: StatusDeps,
): Promise<void> {
  const { renderStatus } = await import("./status/render.ts");
  const columns = system.stdoutIsTerminal ? system.columns : undefined;
  reporter.result(status, (given) => renderStatus(given, target.local, columns));
}

async function intervalOf({ interval }: StatusOptions, { target }: Aws): Promise<number> {
  const { readInterval } = await import("./status/interval.ts");
  return readInterval(interval, target.local);
}

async function watchStatus(
  watched: Watched,
  { json }: StatusOptions,
  deps: StatusDeps,
  openScreen: () => Promise<Screen>,
): Promise<void> {
  const { watchInLines, watchOnScreen } = await import("./status/watch.ts");
  const { stdoutIsTerminal, env } = deps.system;
  const isDrawn = !json && stdoutIsTerminal && env["TERM"] !== "dumb" && !env["CI"];
  await (isDrawn ? watchOnScreen(watched, deps, openScreen) : watchInLines(watched, deps, json));
}

async function liveScreen(system: StatusDeps["system"], { color }: StatusOptions): Promise<Screen> {
  const [{ openScreen }, { screenStreams }, { wantsColour }, palettes] = await Promise.all([
    import("../output/terminal-screen.ts"),
    import("../live-system.ts"),
    import("../output/wants-colour.ts"),
    import("../output/palette.ts"),
  ]);
  const isColoured = wantsColour(color, system, system.stdoutIsTerminal);
  const palette = isColoured ? await palettes.colourPalette() : palettes.plainPalette;
  return openScreen(screenStreams(), palette);
}

interface Place {
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

function withoutWatch(interval: string): LmiError {
  return new LmiError("LMI_USAGE", `--interval ${interval} is for --watch.`, {
    why: "Without --watch there is one look.",
    next: `lmi status --watch --interval ${interval}`,
    exitCode: ExitCode.usage,
  });
}
