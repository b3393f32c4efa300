import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { InitFailure } from "../local/runtime/init-failure.ts";
import { nodeForRuntime } from "../local/runtime/node-runtimes.ts";
import type { FunctionSettings } from "../synth/settings.ts";
import type { Finding } from "./finding.ts";
import { wrongAnswers } from "./judge/answers.ts";
import { judgeRun } from "./judge/judge.ts";
import type { RunFacts } from "./judge/run-facts.ts";
import { reasonOf } from "./judge/reasons.ts";
import { runAlone } from "./run/alone.ts";
import { markersOf } from "./run/markers.ts";
import type { EnvironmentInput } from "./run/race-environment.ts";
import type { Sample } from "./run/sample.ts";
import { prepareTask } from "./run/task.ts";
import { startStandIn } from "./run/stand-in.ts";
import { planRun, runTogether } from "./run/together.ts";

export type { Sample } from "./run/sample.ts";

export interface RaceOptions {
  readonly projectDir: string;
  readonly functionName: string;
  readonly settings: FunctionSettings;
  readonly variables: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
  readonly repeat: number;
  readonly concurrency: number;
  readonly workers: number;
  readonly seed: number;
  readonly only?: readonly number[] | undefined;
  readonly ignore: readonly string[];
  /** Whether outgoing calls leave this machine; otherwise a stand-in answers them. */
  readonly network: boolean;
  /** Folder for Node.js binaries of other majors. */
  readonly cacheFolder?: string | undefined;
  readonly log: (message: string) => void;
  readonly onProgress: (progress: RaceProgress) => void;
}

export type RaceProgress =
  | { readonly phase: "alone" }
  | { readonly phase: "together"; readonly answered: number; readonly of: number };

export interface RaceResult {
  readonly findings: readonly Finding[];
  /** Requests that ran together. */
  readonly requests: number;
}

/** Runs a function's samples alone and then together, and tells what differs. */
export async function race(options: RaceOptions): Promise<RaceResult> {
  const work = await mkdtemp(join(tmpdir(), "lmi-race-"));
  const standIn = options.network ? undefined : await startStandIn();
  try {
    return await raceIn(work, standIn?.url, options);
  } catch (error) {
    if (!(error instanceof InitFailure) || !/CallbackHandlerDeprecated/.test(error.body))
      throw error;
    return { findings: [refused(options.settings, error)], requests: 0 };
  } finally {
    await standIn?.close();
    await rm(work, { recursive: true, force: true });
  }
}

async function raceIn(
  work: string,
  standIn: string | undefined,
  options: RaceOptions,
): Promise<RaceResult> {
  const { samples, seed, workers, concurrency } = options;
  const [task, node] = await Promise.all([
    prepareTask(options.settings, options.projectDir, join(work, "task")),
    nodeForRuntime(options.settings.runtime, {
      cacheFolder: options.cacheFolder,
      log: options.log,
    }),
  ]);
  const place = { node, taskRoot: task.root, tmpFolder: work, standIn };
  const environment = environmentOf(options, place);
  const plan = { seed, taskRoot: task.root, standIn };
  options.onProgress({ phase: "alone" });
  const references = await runAlone({
    environment,
    plan,
    samples,
    parallel: availableParallelism(),
  });
  const requests = planRun({ ...options, samples: samples.length });
  const { answers, records } = await runTogether({
    environment,
    plan,
    samples,
    requests,
    workers,
    concurrency,
    onProgress: (answered) =>
      options.onProgress({ phase: "together", answered, of: requests.length }),
  });
  const facts: RunFacts = {
    seed,
    samples,
    references,
    markers: markersOf(
      samples,
      references.map(({ text }) => text),
    ),
    answers,
    records,
    places: task.places,
    ignore: options.ignore,
  };
  return { findings: judgeRun(facts, wrongAnswers(facts)), requests: requests.length };
}

function environmentOf(
  { functionName, settings, variables }: RaceOptions,
  place: {
    readonly node: string;
    readonly taskRoot: string;
    readonly tmpFolder: string;
    readonly standIn: string | undefined;
  },
): EnvironmentInput {
  const region = "us-east-1";
  const accountId = "000000000000";
  return {
    node: place.node,
    tmpFolder: place.tmpFolder,
    spec: {
      region,
      accountId,
      functionName,
      functionVersion: "$LATEST.PUBLISHED",
      functionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}:$LATEST.PUBLISHED`,
      runtime: settings.runtime,
      handler: settings.handler,
      memoryMb: settings.memory,
      timeoutMs: settings.timeout * 1000,
      taskRoot: place.taskRoot,
      variables,
      logGroup: `/aws/lambda/${functionName}`,
      applicationLogLevel: "TRACE",
      systemLogLevel: "WARN",
      // Where calls go out, those to AWS have no account to go to: they are for the local target, if for anybody.
      endpoint: place.standIn ?? "http://127.0.0.1:4566",
    },
  };
}

function refused({ entry }: FunctionSettings, { message }: InitFailure): Finding {
  return {
    kind: "refused-handler",
    by: "run",
    verdict: "unsafe",
    what: "The runtime refuses the handler: it takes a callback",
    ...reasonOf("refused-handler"),
    place: { file: entry, line: 1, column: 1 },
    evidence: [message],
  };
}
