import { ExitCode, LmiError } from "../../../errors.ts";
import { environmentVCpus } from "../../../synth/environments.ts";
import { templateVariables } from "../../../synth/environment-variables.ts";
import { entryKind } from "../../../synth/entry-kind.ts";
import { concurrencyPerVCpu } from "../../../synth/runtimes.ts";
import type { FunctionSettings, Settings } from "../../../synth/settings.ts";
import { workerCount } from "../../../local/runtime/environment-variables.ts";
import { noSuchFunction } from "../function-of.ts";

/** What is run, how often and how much at once. */
export interface RaceShape {
  readonly functionName: string;
  readonly settings: FunctionSettings;
  readonly variables: Readonly<Record<string, string>>;
  readonly repeat: number;
  readonly concurrency: number;
  readonly workers: number;
  readonly seed: number;
  readonly only: readonly number[] | undefined;
  readonly ignore: readonly string[];
}

interface Given {
  readonly function: string | undefined;
  readonly repeat: string | undefined;
  readonly only: string | undefined;
  readonly ignore: readonly string[];
}

/** Requests of a run, unless --repeat says otherwise. */
const usualRequests = 1000;
const mostRepeats = 100_000;
/** Workers of one vCPU, unless the function's environment says otherwise (AWS's runtime client for Node.js). */
const workersPerVCpu = 8;
/**
 * Requests of one worker at once: 64 for each vCPU, which has 8 workers. Fewer requests may still meet in one worker,
 * since whichever asks first gets the next one; here they do.
 */
const requestsPerWorker = 8;
/** The most workers that run here; they share this machine's processors. */
const mostWorkers = 8;
/** Requests at once where the settings do not say: what one vCPU takes. */
const usualConcurrency = 64;

/** Fails with LMI_USAGE, LMI_FUNCTION_NOT_FOUND, LMI_FUNCTION_AMBIGUOUS or LMI_RACE_NOT_POSSIBLE, all exit code 2. */
export function raceShape(
  given: Given,
  input: { readonly settings: Settings; readonly samples: number; readonly seed: number },
): RaceShape {
  const [functionName, settings] = functionIn(input.settings, given.function);
  refuseReadyMade(functionName, settings);
  const vCpus = environmentVCpus(settings);
  const most = settings.concurrency ?? Math.floor(concurrencyPerVCpu(settings.runtime) * vCpus);
  const variables = templateVariables(settings.environment);
  const wanted = settings.concurrency ?? Math.min(most, usualConcurrency);
  const onAws = workerCount(variables, workersPerVCpu * vCpus);
  // With fewer workers than on AWS, each takes as many as there, not more.
  const each = Math.max(requestsPerWorker, Math.ceil(wanted / onAws));
  const workers = Math.min(mostWorkers, Math.ceil(wanted / each));
  const repeat =
    count(given.repeat, "--repeat", mostRepeats) ?? Math.ceil(usualRequests / input.samples);
  return {
    functionName,
    settings,
    variables,
    repeat,
    concurrency: Math.min(wanted, workers * each),
    workers,
    seed: input.seed,
    only: given.only
      ?.split(",")
      .map((number) => count(number, "--only", repeat * input.samples) ?? 0),
    ignore: given.ignore.map(pointer),
  };
}

/** The function that is meant, with its name. Fails with LMI_FUNCTION_NOT_FOUND or LMI_FUNCTION_AMBIGUOUS, exit code 2. */
export function functionIn(
  { functions }: Settings,
  named: string | undefined,
): [string, FunctionSettings] {
  const all = Object.entries(functions);
  const names = all.map(([name]) => name);
  const chosen = named === undefined && all.length === 1 ? all[0] : undefined;
  const found = chosen ?? all.find(([name]) => name === named);
  if (found) return found;
  if (named !== undefined) throw noSuchFunction(named, names);
  throw new LmiError("LMI_FUNCTION_AMBIGUOUS", "This project has several functions.", {
    why: `They are ${names.join(", ")}.`,
    next: `lmi race ${names[0] ?? ""}`,
    exitCode: ExitCode.usage,
  });
}

function refuseReadyMade(name: string, { entry }: FunctionSettings): void {
  if (entryKind(entry) === "source") return;
  const why = `Its entry is ${entry}; race reads TypeScript and JavaScript source, which it bundles itself.`;
  throw new LmiError("LMI_RACE_NOT_POSSIBLE", `${name} cannot be raced.`, {
    why,
    next: "Name the source: lmi race --entry src/handler.ts",
    exitCode: ExitCode.usage,
  });
}

function pointer(text: string): string {
  if (text.startsWith("/")) return text;
  throw new LmiError("LMI_USAGE", `--ignore ${text} is not a JSON pointer.`, {
    why: "It begins with a slash, and has one before each part: /body/items/*/id.",
    next: `--ignore /${text.replaceAll(".", "/")}`,
    exitCode: ExitCode.usage,
  });
}

/** The given one, or one that is easy to type. Fails with LMI_USAGE. */
export function seedOf(given: string | undefined, now: Date): number {
  return count(given, "--seed", 0xffff_ffff) ?? 1 + (now.getTime() % 99_991);
}

/** A whole number from 1 on; nothing where none is given. Fails with LMI_USAGE. */
export function count(text: string | undefined, flag: string, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new LmiError("LMI_USAGE", `${flag} ${text} is not a number that it can be.`, {
    why: `It must be a whole number from 1 to ${most}.`,
    next: "Examples: lmi race --help",
    exitCode: ExitCode.usage,
  });
}
