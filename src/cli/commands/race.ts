import { Command } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import type { RaceFinding, RaceOptions, RaceResult } from "../../race/race.ts";
import { loadSettings } from "../config/load-settings.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import { namedRegion } from "../connect-target.ts";
import type { Deps } from "../deps.ts";
import { cacheFolder } from "../local/state-folder.ts";
import { runBuilds } from "../run-builds.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import { examples } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { untilClean } from "../until-clean.ts";
import { awsEndpoint } from "./race/aws-endpoint.ts";
import { refuseMissingEntry } from "./race/missing-entry.ts";
import { judgeOtherRuntimes } from "./race/other-runtimes.ts";
import { countOf, raceEvents } from "./race/race-events.ts";
import { raceShape, type RaceShape, seedOf } from "./race/race-shape.ts";
import { givenSamples } from "./race/given-samples.ts";
import { type GivenRun, headline, renderFindings, repeatCommand } from "./race/render-findings.ts";
import { failedLine, mostLines, untested } from "./race/untested.ts";
import { writeReport } from "./race/write-report.ts";

export interface RaceCommandOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  readonly function: string | undefined;
  readonly events: string | undefined;
  readonly schema: string | undefined;
  readonly count: string | undefined;
  readonly repeat: string | undefined;
  readonly seed: string | undefined;
  readonly only: string | undefined;
  readonly ignore: readonly string[];
  readonly network: boolean;
}

type Flags = Partial<Omit<RaceCommandOptions, keyof SharedOptions | "function" | "settings">>;

export interface Raced {
  readonly seed: number;
  /** The page with the timelines, relative to the project; nothing where there is nothing to show. */
  readonly report: string | undefined;
  readonly requests: number;
  readonly findings: readonly RaceFinding[];
  readonly failedAlone: RaceResult["failedAlone"];
  readonly copies?: RaceResult["copies"];
  /** Requests that it takes to look for leaks; nothing where it was done. */
  readonly leaksNeed?: number | undefined;
}

export function raceCommand(deps: Deps, run: typeof runRace = runRace): Command {
  const command = new Command("race")
    .description("Find state that leaks between concurrent requests")
    .argument("[function]", "function name (default: the one of the settings)")
    .option("--events <file>", "JSON array of events (default: all of events/*.json)")
    .option("--schema <file>", "JSON Schema to make events from")
    .option("--count <number>", "how many are made (default: 5)")
    .option("--repeat <count>", "how often each event comes (default: 1000 requests in all)")
    .option("--seed <number>", "repeats the schedule of an earlier run")
    .option("--only <numbers>", "these requests alone, e.g. 39,41, each where it was")
    .option(
      "--ignore <pointer>",
      "JSON pointer in answers that may differ, * for any part; may be repeated",
      (value: string, given: readonly string[] | undefined) => [...(given ?? []), value],
    )
    .option("--network", "let outgoing calls leave this machine (default: answered with {})")
    .addHelpText(
      "after",
      examples([
        ["lmi race", "the events of the project, 1,000 requests at once and alone"],
        ["lmi race --entry handler.ts --events events.json", "without a project"],
        ["lmi race --schema order.schema.json", "events made from a JSON Schema"],
        ["lmi race --seed 7311 --only 39,41", "two requests of an earlier run again"],
        ["lmi race --ignore /body/generatedAt --json", "in CI: exit code 1 on findings"],
      ]),
    );
  return addSettingOptions(command).action(
    (name: string | undefined, flags: Flags, self: Command) =>
      run(
        {
          ...projectOptions(self, deps.system),
          function: name,
          events: flags.events,
          schema: flags.schema,
          count: flags.count,
          repeat: flags.repeat,
          seed: flags.seed,
          only: flags.only,
          ignore: flags.ignore ?? [],
          network: flags.network ?? false,
        },
        deps,
      ),
  );
}

export async function runRace(
  options: RaceCommandOptions,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const { system, reporter } = deps;
  const loaded = await loadSettings(settingsRequest(options, system));
  const { settings, projectDir } = loaded;
  const { columns } = system;
  await judgeOtherRuntimes(settings, options.function, { projectDir, columns });
  const seed = seedOf(options.seed, system.now());
  const given = await givenSamples(options, { projectDir, cwd: system.cwd, seed });
  const events = await raceEvents(given, options);
  const shape = raceShape(options, { settings, samples: countOf(events), seed });
  await untilClean(system, "lmi race", (signal) => runBuilds(loaded, deps, signal));
  await refuseMissingEntry(shape.settings, projectDir);
  reporter.info(headline(shape, events));
  const where = {
    network: options.network,
    awsEndpoint: options.network ? await awsEndpoint(projectDir, deps) : undefined,
    region: namedRegion({ region: options.region, projectRegion: settings.region }, system),
  };
  reporter.event("plan", {
    ...planOf(shape),
    events: given.map(({ name }) => name),
    copies: events.copies,
  });
  const result = await untilClean(system, "lmi race", (signal) =>
    runInSteps(shape, { ...events, projectDir, ...where, signal }, deps),
  );
  const untold = untested(result, shape, events);
  for (const { text, warns } of untold) {
    if (warns) reporter.warn(text);
    else reporter.info(text);
  }
  for (const { timeline: _timeline, ...finding } of result.findings)
    reporter.event("finding", finding);
  const report = await writeReport(
    result,
    { shape, given: options, events, untold: untold.map(({ text }) => text) },
    projectDir,
  );
  const raced: Raced = { seed: shape.seed, report, ...result };
  const unsafe = result.findings.filter(({ verdict }) => verdict === "unsafe");
  if (unsafe.length > 0) throw found(raced, options, unsafe.length, system.columns);
  if (result.failedAlone.length === given.length) throw allFailed(raced);
  const { findings: hints, ...rest } = raced;
  const plain = { ...rest, findings: hints.map(({ timeline: _timeline, ...hint }) => hint) };
  reporter.result(plain, ({ findings, requests }) =>
    [
      ...renderFindings(findings, system.columns),
      `No findings in ${requests} requests.`,
      blindSpots,
    ].join("\n"),
  );
}

/** Nothing was found, and nothing could be. */
function allFailed({ failedAlone, ...raced }: Raced): LmiError {
  return new LmiError("LMI_RACE_NOT_POSSIBLE", "Every event fails when it runs alone.", {
    why: failedAlone.slice(0, mostLines).map(failedLine).join("\n"),
    next: "Give events as the function gets them. Calls to other hosts are answered with {}:\n--network lets them out.",
    exitCode: ExitCode.usage,
    details: { seed: raced.seed, requests: raced.requests, failedAlone },
  });
}

const blindSpots = 'What a run cannot see: docs/concurrency.md, "What it cannot see".';

function planOf({ settings: _settings, ...plan }: RaceShape): Readonly<Record<string, unknown>> {
  return plan;
}

async function runInSteps(
  shape: RaceShape,
  input: Pick<
    RaceOptions,
    "samples" | "copies" | "projectDir" | "network" | "awsEndpoint" | "region" | "signal"
  >,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<RaceResult> {
  const { race } = await import("../../race/race.ts");
  return reporter.step("requests", (step) =>
    race({
      ...input,
      ...shape,
      cacheFolder: cacheFolder(system),
      log: (message) => reporter.info(message),
      onProgress: (progress) =>
        step.progress(
          progress.phase === "alone"
            ? "each event alone, in a fresh environment"
            : `${progress.answered} of ${progress.of} answered`,
        ),
    }),
  );
}

function found(raced: Raced, given: GivenRun, unsafe: number, columns: number): LmiError {
  return new LmiError("LMI_RACE_FOUND", unsafe === 1 ? "1 finding" : `${unsafe} findings`, {
    why: renderFindings(raced.findings, columns).join("\n"),
    next: [
      `Repeat exactly: ${repeatCommand(given, raced.seed, raced.findings)}`,
      ...(raced.report === undefined ? [] : [`Report: ${raced.report}`]),
    ].join("\n"),
    exitCode: ExitCode.failure,
    details: {
      seed: raced.seed,
      requests: raced.requests,
      count: unsafe,
      failedAlone: raced.failedAlone,
      ...(raced.copies === undefined ? {} : { copies: raced.copies }),
      ...(raced.leaksNeed === undefined ? {} : { leaksNeed: raced.leaksNeed }),
      ...(raced.report === undefined ? {} : { report: raced.report }),
    },
  });
}
