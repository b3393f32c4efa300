import { Command } from "commander";

import type { Aws, LogEvent, LogQuery } from "../../aws/ports.ts";
import { capacityProviderLogGroup, functionLogGroup } from "../../synth/names.ts";
import { readProjectNames } from "../config/project-names.ts";
import type { Deps } from "../deps.ts";
import { logLine } from "../output/log-line.ts";
import { examples, sharedOptions, targetOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { functionOf } from "./function-of.ts";
import { readSince } from "./logs/since.ts";

export interface LogsOptions extends SharedOptions {
  readonly function: string | undefined;
  readonly follow: boolean;
  readonly since: string | undefined;
  readonly filter: string | undefined;
  readonly provider: boolean;
}

type Flags = Partial<Pick<LogsOptions, "follow" | "since" | "filter" | "provider">>;

export function logsCommand(deps: Deps, run: typeof runLogs = runLogs): Command {
  return new Command("logs")
    .description("Show the logs of a function or of its capacity provider")
    .argument("[function]", "function name (default: the one of the settings)")
    .option("-f, --follow", "go on with new lines until Ctrl-C")
    .option("--since <time>", "10m, 2h, 3d, or an ISO time (default: 10m)")
    .option("--filter <pattern>", "CloudWatch Logs filter pattern")
    .option("--provider", "the capacity provider's log instead: instances launched and ended")
    .addHelpText(
      "after",
      examples([
        ["lmi logs", "the last ten minutes"],
        ["lmi logs -f", "and what comes"],
        [`lmi logs --since 2h --filter '{ $.level = "ERROR" }'`, "errors of two hours"],
        ["lmi logs --provider --since 1d", "what happened to the instances"],
      ]),
    )
    .action((name: string | undefined, flags: Flags, command: Command) =>
      run(
        {
          ...sharedOptions(command, deps.system),
          function: name,
          follow: flags.follow ?? false,
          since: flags.since,
          filter: flags.filter,
          provider: flags.provider ?? false,
        },
        deps,
      ),
    );
}

export async function runLogs(
  options: LogsOptions,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
): Promise<void> {
  const { system, reporter } = deps;
  const since = readSince(options.since ?? "10m", system.now());
  const project = await readProjectNames({
    cwd: system.cwd,
    configFile: options.config,
    environmentName: options.env,
    runUserCode: system.runUserCode,
  });
  const aws = await deps.aws(targetOptions(options, project));
  const logGroup = options.provider
    ? capacityProviderLogGroup(project.stackName)
    : await logGroupOf(functionOf(options.function, project), aws);
  const query: LogQuery = {
    logGroup,
    since,
    signal: system.interrupt,
    ...(options.filter === undefined ? {} : { filter: options.filter }),
  };
  let shown = 0;
  try {
    for await (const event of options.follow ? aws.logs.follow(query) : aws.logs.events(query)) {
      shown += 1;
      show(event, options, deps);
    }
  } catch (error) {
    // Ctrl-C while a page was under way: the lines so far are the answer.
    if (!system.interrupt.aborted) throw error;
  }
  if (shown === 0) reporter.info(`No lines in ${logGroup} since ${since.toISOString()}.`);
}

function show(event: LogEvent, options: LogsOptions, { reporter }: Pick<Deps, "reporter">): void {
  if (options.json) {
    const { logStream, message } = event;
    reporter.event("log", { time: event.time.toISOString(), logStream, message });
  } else {
    reporter.raw(`${logLine(event)}\n`);
  }
}

async function logGroupOf(functionName: string, aws: Aws): Promise<string> {
  const state = await aws.functions.find(functionName);
  return state?.logGroup ?? functionLogGroup(functionName);
}
