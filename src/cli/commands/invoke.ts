import { Command } from "commander";

import { maxSockets } from "../../aws/client-settings.ts";
import type { Aws, InvokeResponse } from "../../aws/ports.ts";
import { answeredError } from "../../deploy/explain/answered-error.ts";
import { ExitCode, LmiError } from "../../errors.ts";
import type { Deps } from "../deps.ts";
import { examples, sharedOptions, targetOptions } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { sayingLocal } from "./deploy/say-local.ts";
import { forSameStack } from "../same-stack.ts";
import { projectOf } from "../project-of.ts";
import { functionOf } from "./function-of.ts";
import { tellingFull } from "./invoke/telling-full.ts";
import { tellingGone } from "./invoke/telling-gone.ts";
import { readPayload } from "./invoke/payload.ts";

export interface InvokeOptions extends SharedOptions {
  readonly function: string | undefined;
  readonly payload: string | undefined;
  readonly qualifier: string | undefined;
  readonly async: boolean;
  readonly repeat: string | undefined;
  readonly concurrency: string | undefined;
  readonly logs: boolean;
  readonly output: string | undefined;
}

type Flags = Partial<Omit<InvokeOptions, keyof SharedOptions | "function">>;

export function invokeCommand(deps: Deps, run: typeof runInvoke = runInvoke): Command {
  return new Command("invoke")
    .description("Invoke a function and print its raw answer")
    .argument("[function]", "function name (default: the one of the settings)")
    .option("-p, --payload <event>", "JSON, a file, @file, or - for stdin (default: {})")
    .option("--qualifier <version>", "version or alias (default: $LATEST.PUBLISHED)")
    .option("--async", "queue the event and do not wait for an answer")
    .option("--repeat <count>", "invoke this many times")
    .option("--concurrency <count>", "requests at once, with --repeat (default: 1)")
    .option("--logs", "show the request's log lines on stderr")
    .option("-o, --output <file>", "write the answer to a file instead of stdout")
    .addHelpText(
      "after",
      examples([
        [`lmi invoke --payload '{"test":"data"}'`, "an event as JSON"],
        ["lmi invoke --payload events/sample.json", "an event from a file"],
        ["lmi invoke --payload - < event.json | jq .body", "in a pipe"],
        ["lmi invoke --repeat 100 --concurrency 16", "many requests at once"],
      ]),
    )
    .action((name: string | undefined, flags: Flags, command: Command) =>
      run(
        {
          ...sharedOptions(command, deps.system),
          function: name,
          payload: flags.payload,
          qualifier: flags.qualifier,
          async: flags.async ?? false,
          repeat: flags.repeat,
          concurrency: flags.concurrency,
          logs: flags.logs ?? false,
          output: flags.output,
        },
        deps,
      ),
    );
}

export async function runInvoke(
  options: InvokeOptions,
  deps: Pick<Deps, "system" | "reporter" | "aws">,
): Promise<void> {
  refuseLatest(options.qualifier);
  const repeat = count(options.repeat, "--repeat", 100_000) ?? 1;
  const concurrency = concurrencyOf(options);
  const [project, payload] = await Promise.all([
    projectOf(options, deps.system),
    readPayload(options, deps.system),
  ]);
  const functionName = functionOf(options.function, project);
  const aws = await deps.aws(targetOptions(options, project));
  const invokeOnce = () =>
    aws.functions.invoke({
      functionName,
      payload,
      qualifier: options.qualifier,
      asynchronous: options.async,
      signal: deps.system.interrupt,
    });
  const once = () =>
    sayingLocal(options, "invoke", () =>
      tellingGone({ functionName, named: options.function, project }, aws, () =>
        repeat === 1 ? tellingFull(functionName, options.qualifier, aws, invokeOnce) : invokeOnce(),
      ),
    );
  if (repeat === 1) {
    const started = deps.system.now();
    const answer = await once();
    const failure = await deliver(answer, functionName, options, deps);
    // After the answer, which whoever waits for it gets at once and whatever becomes of the logs.
    if (options.logs && !options.async) await showLogs(answer, functionName, started, aws, deps);
    if (failure) throw failure;
    return;
  }
  const { invokeRepeatedly } = await import("./invoke/repeat.ts");
  return invokeRepeatedly({ functionName, repeat, concurrency, once }, deps);
}

/** On LMI `$LATEST` is not runnable (Lambda developer guide, lambda-managed-instances-version-publishing). */
function refuseLatest(qualifier: string | undefined): void {
  if (qualifier !== "$LATEST") return;
  throw new LmiError("LMI_QUALIFIER_INVALID", "$LATEST cannot be invoked.", {
    why: "On Lambda Managed Instances code runs only once it is published; requests go to $LATEST.PUBLISHED.",
    next: "Leave --qualifier away, or give a version number or an alias",
    exitCode: ExitCode.usage,
  });
}

function concurrencyOf({ repeat, concurrency, output }: InvokeOptions): number {
  if (repeat !== undefined && output !== undefined) {
    throw new LmiError("LMI_USAGE", "--output takes one answer, and --repeat gets many.", {
      why: "With --repeat the answers are counted, not kept.",
      next: "Leave one of them out",
      exitCode: ExitCode.usage,
    });
  }
  if (concurrency !== undefined && repeat === undefined) {
    throw new LmiError("LMI_USAGE", "--concurrency says nothing without --repeat.", {
      why: "It is how many of the requests that --repeat sends are under way at once.",
      next: `Say how many: lmi invoke --repeat 100 --concurrency ${concurrency}`,
      exitCode: ExitCode.usage,
    });
  }
  return count(concurrency, "--concurrency", maxSockets) ?? 1;
}

function count(text: string | undefined, flag: string, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new LmiError("LMI_USAGE", `${flag} ${text} is not a count.`, {
    why: `It must be a whole number from 1 to ${most}.`,
    exitCode: ExitCode.usage,
  });
}

async function showLogs(
  answer: InvokeResponse,
  functionName: string,
  started: Date,
  aws: Aws,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const { requestLogs } = await import("./invoke/request-logs.ts");
  try {
    await requestLogs({ requestId: answer.requestId, functionName, started }, aws, deps);
  } catch (error) {
    // Ctrl-C ends the wait for log lines; the answer is out already, and its failure is told all the same.
    if (deps.system.interrupt.aborted) return;
    if (!(error instanceof LmiError)) throw error;
    deps.reporter.warn(
      `The log lines of this request cannot be read: ${error.message}${error.why ? ` ${error.why}` : ""}`,
    );
  }
}

/** @returns the function's own error, which is told once all else is said */

async function deliver(
  answer: InvokeResponse,
  functionName: string,
  options: InvokeOptions,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<LmiError | undefined> {
  const facts = {
    statusCode: answer.statusCode,
    requestId: answer.requestId,
    executedVersion: answer.executedVersion ?? null,
    functionError: answer.functionError ?? null,
  };
  reporter.detail(`${answer.statusCode} · ${answer.requestId} · ${answer.executedVersion ?? ""}`);
  const error = answer.functionError ? functionFailed(functionName, answer, options) : undefined;
  if (options.output !== undefined) {
    const { writeAnswer } = await import("./invoke/output-file.ts");
    await writeAnswer(options.output, answer.payload, system);
  }
  if (options.json && !error)
    reporter.result({ ...facts, payload: parsed(answer.payload) }, () => "");
  else if (!options.json && options.output === undefined) reporter.raw(answer.payload);
  if (options.async) reporter.info(`Queued as request ${answer.requestId}`);
  return error;
}

/** The function answered with an error: its payload is on stdout all the same. */
function functionFailed(
  functionName: string,
  answer: InvokeResponse,
  options: InvokeOptions,
): LmiError {
  // Whoever had to name it, has to name it again.
  const name = options.function === undefined ? "" : ` ${options.function}`;
  const { words, place } = answeredError(answer.payload);
  const what = words ?? String(answer.functionError);
  return new LmiError("LMI_FUNCTION_ERROR", `${functionName} failed: ${what}`, {
    ...(place === undefined ? {} : { why: `at ${place}` }),
    next: `See its log: ${forSameStack("lmi logs", options)}${name}`,
    details: {
      statusCode: answer.statusCode,
      requestId: answer.requestId,
      executedVersion: answer.executedVersion,
      functionError: answer.functionError,
      ...(place === undefined ? {} : { place }),
      payload: parsed(answer.payload),
    },
  });
}

/** The payload as JSON where it is JSON, otherwise as text. */
function parsed(payload: Uint8Array): unknown {
  const text = new TextDecoder().decode(payload);
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
