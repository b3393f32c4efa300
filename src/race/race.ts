import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { ExitCode, LmiError } from "../errors.ts";
import { InitFailure } from "../local/runtime/init-failure.ts";
import { nodeForRuntime } from "../local/runtime/node-runtimes.ts";
import type { FunctionSettings } from "../synth/settings.ts";
import { type Copies, chooseCopies } from "./copies/choose-copies.ts";
import type { Finding } from "./finding.ts";
import { wrongAnswers } from "./judge/answers.ts";
import { type Lane, timelineOf } from "./report/timeline.ts";
import { merged } from "./judge/merge.ts";
import { looksForLeaks, minWaves } from "./judge/growth.ts";
import { judgeRun } from "./judge/judge.ts";
import type { RunFacts } from "./judge/run-facts.ts";
import { reasonOf } from "./judge/reasons.ts";
import { type FailedAlone, type Reference, runAlone, widened } from "./run/alone.ts";
import { markersOf } from "./run/markers.ts";
import { type EnvironmentInput, timedOut } from "./run/race-environment.ts";
import type { Sample } from "./run/sample.ts";
import { prepareTask, type Task } from "./run/task.ts";
import { startStandIn } from "./run/stand-in.ts";
import { planRun, runTogether } from "./run/together.ts";

import { bundledPackages } from "./source/bundled-packages.ts";

export { reportHtml } from "./report/report-html.ts";
export type { Sample } from "./run/sample.ts";

export interface RaceOptions {
  readonly projectDir: string;
  readonly functionName: string;
  readonly settings: FunctionSettings;
  readonly variables: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
  /** How many altered copies of the one sample there are to be besides; nothing where there are several. */
  readonly copies?: number | undefined;
  readonly repeat: number;
  readonly concurrency: number;
  readonly workers: number;
  readonly seed: number;
  readonly only?: readonly number[] | undefined;
  readonly ignore: readonly string[];
  /** Whether outgoing calls leave this machine; otherwise a stand-in answers them. */
  readonly network: boolean;
  /** Where calls to AWS go then. Nothing: where nobody listens, since there is no account for them. */
  readonly awsEndpoint?: string | undefined;
  /** Nothing: us-east-1. */
  readonly region?: string | undefined;
  /** Folder for Node.js binaries of other majors. */
  readonly cacheFolder?: string | undefined;
  /** Ends the run and all that it started. */
  readonly signal?: AbortSignal | undefined;
  readonly log: (message: string) => void;
  readonly onProgress: (progress: RaceProgress) => void;
}

export type RaceProgress =
  | { readonly phase: "alone" }
  | { readonly phase: "together"; readonly answered: number; readonly of: number };

/** A finding with the requests that ran at the same time, where requests show it. */
export type RaceFinding = Finding & { readonly timeline: readonly Lane[] };

export interface RaceResult {
  readonly findings: readonly RaceFinding[];
  /** Requests that ran together. */
  readonly requests: number;
  /** Events that fail alone already, so that little is known of the code behind that. */
  readonly failedAlone: readonly FailedAlone[];
  /** What the copies are, where copies were made. */
  readonly copies?: Omit<Copies, "samples"> | undefined;
  /** Requests that it takes to look for leaks; nothing where it was done. */
  readonly leaksNeed?: number | undefined;
}

/**
 * Reads a function's source, runs its samples alone and then together, and tells what leaks. Fails with
 * LMI_RACE_INIT_FAILED when the function cannot be initialised, as a deploy would where it cannot be bundled, and with
 * the signal's reason once it is aborted.
 */
export async function race(options: RaceOptions): Promise<RaceResult> {
  const work = await mkdtemp(join(tmpdir(), "lmi-race-"));
  const standIn = options.network ? undefined : await startStandIn();
  try {
    const task = await prepareTask(options.settings, options.projectDir, join(work, "task"));
    const source = await readFindings(task, options);
    const run = await runTask({ task, work, standIn: standIn?.url, source }, options);
    const findings = merged(run.findings, source).map((finding) => ({
      ...finding,
      timeline: run.facts ? timelineOf(run.facts, finding) : [],
    }));
    const { facts } = run;
    return {
      findings,
      requests: facts?.answers.length ?? 0,
      failedAlone: facts ? failedAlone(facts, options) : [],
      copies: run.copies && { altered: run.copies.altered, otherwise: run.copies.otherwise },
      leaksNeed: facts && !looksForLeaks(facts) ? minWaves * options.concurrency : undefined,
    };
  } finally {
    await standIn?.close();
    await rm(work, { recursive: true, force: true });
  }
}

async function readFindings({ bundle }: Task, options: RaceOptions): Promise<Finding[]> {
  const { settings, concurrency, workers } = options;
  const { handler } = settings;
  const [{ readSource }, packages] = await Promise.all([
    import("./source/read-source.ts"),
    bundledPackages(bundle.map, options.projectDir),
  ]);
  return readSource({
    ...bundle,
    handler: handler.slice(handler.indexOf(".") + 1),
    packages,
    atOnce: Math.ceil(concurrency / workers),
  });
}

/** Of copies of an event, only the event itself counts. */
function failedAlone({ references }: RunFacts, { samples }: RaceOptions): FailedAlone[] {
  return references
    .slice(0, samples.length)
    .flatMap(({ error }, index) =>
      error === undefined ? [] : [{ name: samples[index]?.name ?? "", error }],
    );
}

interface Place {
  readonly task: Task;
  /** Folder of all that the run makes. */
  readonly work: string;
  readonly standIn: string | undefined;
  /** What was found in the source. */
  readonly source: readonly Finding[];
}

interface Run {
  readonly findings: readonly Finding[];
  /** Nothing: it did not come to a run. */
  readonly facts?: RunFacts;
  readonly copies?: Copies | undefined;
}

/** The runs themselves. A handler that the runtime refuses for its form is a finding. */
async function runTask(place: Place, options: RaceOptions): Promise<Run> {
  try {
    return await runAll(place, options);
  } catch (error) {
    if (!(error instanceof InitFailure)) throw error;
    if (/CallbackHandlerDeprecated/.test(error.body))
      return { findings: [refused(options.settings, error)] };
    throw new LmiError("LMI_RACE_INIT_FAILED", `${options.functionName} does not start.`, {
      why: error.message,
      next: "Mend it, or give it what it needs: --function-env NAME=value",
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}

async function runAll({ task, work, standIn, source }: Place, options: RaceOptions): Promise<Run> {
  const { seed, workers, concurrency, cacheFolder, log } = options;
  const node = await nodeForRuntime(options.settings.runtime, { cacheFolder, log });
  const place = { node, taskRoot: task.root, tmpFolder: work, standIn };
  const environment = environmentOf(options, place);
  const plan = { seed, taskRoot: task.root, standIn };
  options.onProgress({ phase: "alone" });
  const [one] = options.samples;
  const copies =
    one && options.copies
      ? await chooseCopies({ environment, plan }, one, options.copies)
      : undefined;
  const samples = [...options.samples, ...(copies?.samples ?? [])];
  const alone = { environment, plan, samples, parallel: availableParallelism() };
  const references = await runAlone(alone);
  const noneEnds = references.every(({ result }) => timedOut(result));
  const requests = noneEnds ? [] : planRun({ ...options, samples: samples.length });
  const onProgress = (answered: number) =>
    options.onProgress({ phase: "together", answered, of: requests.length });
  const { answers, records } = await runTogether({
    environment,
    plan,
    samples,
    requests,
    workers,
    concurrency,
    onProgress,
  });
  const markers = markersOf(
    samples,
    references.map(({ text }) => text),
  );
  const { places } = task;
  const { ignore } = options;
  const poolSizes = source.flatMap(({ connections }) => connections ?? []);
  const seen = { seed, samples, references, markers, answers, records, places };
  const facts = { ...seen, poolSizes, ignore };
  const run = await judged(facts, (doubtful) => widened(alone, references, doubtful));
  return { ...run, copies };
}

/** A clean run is judged at once; where answers differ for no reason that is known, time and chance are looked for first. */
async function judged(
  facts: RunFacts,
  again: (doubtful: readonly number[]) => Promise<readonly Reference[]>,
): Promise<Run> {
  const wrong = wrongAnswers(facts);
  const doubtful = wrong.filter(({ foreign }) => foreign.length === 0);
  if (doubtful.length === 0) return { findings: judgeRun(facts, wrong), facts };
  const samples = new Set(doubtful.map(({ answer }) => answer.sample));
  const surer = { ...facts, references: await again([...samples]) };
  return { findings: judgeRun(surer, wrongAnswers(surer)), facts: surer };
}

function environmentOf(
  { functionName, settings, variables, region = "us-east-1", awsEndpoint, signal }: RaceOptions,
  place: {
    readonly node: string;
    readonly taskRoot: string;
    readonly tmpFolder: string;
    readonly standIn: string | undefined;
  },
): EnvironmentInput {
  const accountId = "000000000000";
  return {
    node: place.node,
    tmpFolder: place.tmpFolder,
    signal,
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
      endpoint: place.standIn ?? awsEndpoint ?? nobody,
    },
  };
}

/** TCP's discard port, which answers nothing on any machine of today. */
const nobody = "http://127.0.0.1:9";

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
