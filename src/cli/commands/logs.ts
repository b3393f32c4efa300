import { Command } from "commander";

import type { Deps } from "../deps.ts";
import { type ProjectNames } from "../config/project-names.ts";
import { examples, sharedOptions, targetOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { lineFilter } from "./logs/line-filter.ts";
import { logView } from "./logs/log-view.ts";
import { readWindow, refuseUnfitting } from "./logs/options.ts";
import { sayIfNothing, showFollowed, showStored } from "./logs/show.ts";
import { sourcesOf } from "./logs/sources.ts";
import { functionOf, notInSettings } from "./function-of.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import { projectOf } from "../project-of.ts";

export interface LogsOptions extends SharedOptions {
  readonly function: string | undefined;
  readonly follow: boolean;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly filter: string | undefined;
  readonly level: string | undefined;
  readonly requestId: string | undefined;
  readonly failedOnly: boolean;
  readonly group: boolean;
  readonly provider: boolean;
  /** False with `--poll`. */
  readonly liveTail: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
}

type Flags = Partial<Omit<LogsOptions, keyof SharedOptions | "liveTail">> & {
  readonly poll?: boolean;
};

export function logsCommand(deps: Deps, run: typeof runLogs = runLogs): Command {
  return new Command("logs")
    .description("Show what functions and capacity providers log, on one timeline")
    .argument(
      "[function]",
      "one function alone (default: all functions and providers of the project)",
    )
    .option("-f, --follow", "go on with new lines until Ctrl-C")
    .option("--since <time>", "10m, 2h, 3d, or an ISO time in UTC (default: 10m)")
    .option("--until <time>", "likewise; no lines after it")
    .option("--level <level>", "lines of this level and above: debug, info, warn, error, fatal")
    .option("--request-id <id>", "lines of one request; its first characters will do")
    .option("--failed-only", "all lines of requests that failed or timed out, request by request")
    .option("--group", "lines of a request together, once it has ended")
    .option("--filter <pattern>", "CloudWatch Logs filter pattern")
    .option("--provider", "capacity providers alone: instances launched and ended")
    .option("--poll", "follow without CloudWatch's Live Tail, which costs by the minute")
    .addHelpText(
      "after",
      `${examples([
        ["lmi logs", "the last ten minutes"],
        ["lmi logs -f --level warn", "warnings and errors as they come"],
        ["lmi logs --failed-only --since 2h", "everything that failed requests wrote"],
        ["lmi logs --request-id 3f2a91c4", "one request"],
        ["lmi logs --provider --since 1d", "what happened to the instances"],
        ["lmi logs --json | jq -r .message", "the lines as they were written"],
      ])}\n\nTimes are UTC. Live Tail is used where it is allowed; nothing\nis lost or repeated where it is not.`,
    )
    .action((name: string | undefined, flags: Flags, command: Command) =>
      run(
        {
          ...sharedOptions(command, deps.system),
          function: name,
          follow: flags.follow ?? false,
          since: flags.since,
          until: flags.until,
          filter: flags.filter,
          level: flags.level,
          requestId: flags.requestId,
          failedOnly: flags.failedOnly ?? false,
          group: flags.group ?? false,
          provider: flags.provider ?? false,
          liveTail: !(flags.poll ?? false),
          color: command.optsWithGlobals<{ color?: boolean }>().color ?? true,
        },
        deps,
      ),
    );
}

export async function runLogs(
  options: LogsOptions,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
): Promise<void> {
  const { system } = deps;
  refuseUnfitting(options);
  const window = readWindow(options, system.now());
  // Of whole requests lines are chosen once they are together.
  const isWhole = options.failedOnly || options.group;
  const filter = lineFilter(isWhole ? { ...options, level: undefined } : options);
  const project = await projectOf(options, system);
  const sources = sourcesOf(
    { ...options, ofRequests: options.failedOnly || options.requestId !== undefined },
    project,
  );
  const aws = await deps.aws(targetOptions(options, project));
  const stranger = strangerOf(options, project);
  const isChosenHere = options.failedOnly || options.level !== undefined;
  const { liveTail } = options;
  const request = { sources, window, filter, isChosenHere, liveTail, stranger, project };
  const view = await logView(options, deps, sources);
  try {
    await (options.follow
      ? showFollowed(request, view, aws, deps)
      : showStored(request, view, aws, deps));
  } catch (error) {
    if (!system.interrupt.aborted)
      throw mistyped(error, options, project) ?? noPattern(error, options) ?? error;
  }
  if (!system.interrupt.aborted) return sayIfNothing(request, view, deps);
  // Following has no other end. Of stored lines there may be more.
  if (!options.follow) throw cutOff(system);
}

function cutOff({ interruptedBy }: Pick<Deps["system"], "interruptedBy">): LmiError {
  return new LmiError("LMI_INTERRUPTED", "Interrupted.", {
    why: "Lines behind those that were shown may be missing.",
    next: "lmi logs",
    exitCode: interruptedBy === "SIGTERM" ? ExitCode.terminated : ExitCode.interrupted,
  });
}

function strangerOf({ function: named }: LogsOptions, project: ProjectNames): string | undefined {
  if (named === undefined) return undefined;
  const deployed = functionOf(named, project);
  return project.functionNames.includes(deployed) ? undefined : deployed;
}

/** CloudWatch alone knows what is a pattern (CloudWatch Logs API reference, FilterLogEvents). */
function noPattern(error: unknown, { filter }: LogsOptions): LmiError | undefined {
  if (filter === undefined || !(error instanceof LmiError)) return undefined;
  if (error.details?.["awsError"] !== "InvalidParameterException") return undefined;
  if (!/pattern/i.test(error.message)) return undefined;
  return new LmiError("LMI_USAGE", `CloudWatch does not understand --filter ${filter}`, {
    why: error.message,
    next: `Words, "a phrase", or JSON: lmi logs --filter '{ $.level = "ERROR" }'`,
    exitCode: ExitCode.usage,
    cause: error,
  });
}

/** A deploy would not make the log group of a function that the settings do not have. */
function mistyped(
  error: unknown,
  options: LogsOptions,
  project: ProjectNames,
): LmiError | undefined {
  if (!(error instanceof LmiError) || error.code !== "LMI_LOG_GROUP_NOT_FOUND") return undefined;
  return notInSettings(options.function, project);
}
