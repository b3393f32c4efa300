import { availableParallelism } from "node:os";

import type { Arrivals } from "../../../bench/load/load-spec.ts";
import type { StepLoad } from "../../../bench/step.ts";
import { ExitCode, LmiError } from "../../../errors.ts";
import type { BenchOptions } from "../bench.ts";

/** What a run is to do. Times are milliseconds. */
export interface Plan {
  /** undefined: the rates are searched. */
  readonly loads: readonly StepLoad[] | undefined;
  readonly targetRps: number | undefined;
  readonly p99: number | undefined;
  readonly durationMs: number;
  readonly warmUpMs: number;
  readonly arrivals: Arrivals;
  readonly seed: number;
  readonly workers: number;
  /** Part of the requests of a step, 0–1. */
  readonly maxErrors: number;
  readonly maxUsd: number;
  /** That CloudWatch's metrics are waited for after the load. */
  readonly waitMetricsMs: number;
}

type Asked = Omit<
  BenchOptions,
  "function" | "payload" | "payloads" | "qualifier" | "report" | "config" | "env"
>;

const mostRps = 1_000_000;
const mostCallers = 10_000;
const mostSteps = 100;

/** Checks every flag before anything is asked or sent. */
export function readPlan(options: Pick<Asked, keyof PlanFlags>): Plan {
  const { rps, concurrency } = options;
  if (rps !== undefined && concurrency !== undefined) {
    throw usage("--rps and --concurrency exclude each other.", {
      why: "Either requests come at a rate, whoever waits, or so many callers wait for their answers.",
      next: "Leave one of them out",
    });
  }
  const rates = rps === undefined ? undefined : listOf("--rps", rps, mostRps);
  const p99 = options.p99 === undefined ? undefined : timeOf("--p99", options.p99, 1, 5_400_000);
  const named =
    options.targetRps === undefined
      ? undefined
      : numberOf("--target-rps", options.targetRps, 0.01, mostRps);
  // With a time that it has to be answered in, one rate is what is wanted, not all that is to be tried.
  const isTarget = rates?.length === 1 && p99 !== undefined;
  return {
    loads: isTarget ? undefined : loadsOf(rates, concurrency),
    targetRps: named ?? (p99 === undefined ? undefined : rates?.at(-1)),
    p99,
    durationMs: timeOf("--duration", options.duration, 200, 3_600_000),
    warmUpMs: timeOf("--warm-up", options.warmUp, 0, 600_000),
    arrivals: options.arrivals,
    seed: wholeOf("--seed", options.seed, 0, 2 ** 32 - 1),
    workers: workersOf(options.workers),
    maxErrors: numberOf("--max-errors", options.maxErrors, 0, 100) / 100,
    maxUsd: numberOf("--max-usd", options.maxUsd, 0, 100_000),
    waitMetricsMs: timeOf("--wait-metrics", options.waitMetrics, 0, 1_800_000),
  };
}

type PlanFlags = Pick<
  BenchOptions,
  | "rps"
  | "concurrency"
  | "targetRps"
  | "p99"
  | "duration"
  | "warmUp"
  | "arrivals"
  | "seed"
  | "workers"
  | "maxErrors"
  | "maxUsd"
  | "waitMetrics"
>;

function loadsOf(
  rates: readonly number[] | undefined,
  concurrency: string | undefined,
): readonly StepLoad[] | undefined {
  if (rates !== undefined) return rates.map((rps) => ({ kind: "rate", rps }));
  if (concurrency === undefined) return undefined;
  const counts = listOf("--concurrency", concurrency, mostCallers);
  const odd = counts.find((count) => !Number.isInteger(count));
  if (odd !== undefined)
    throw usage(`--concurrency ${odd} is not a count.`, { why: "Callers are whole." });
  return counts.map((callers) => ({ kind: "concurrency", callers }));
}

/** `50,100,200`, `50..400:50`, or both mixed; rising, each once. */
function listOf(flag: string, text: string, most: number): readonly number[] {
  const values = text.split(",").flatMap((part) => {
    const [, from, to, by] = /^\s*([\d.]+)\.\.([\d.]+):([\d.]+)\s*$/.exec(part) ?? [];
    if (from === undefined) return [numberOf(flag, part, 0.01, most)];
    const [low, high, step] = [from, to, by].map((each) => numberOf(flag, each ?? "", 0.01, most));
    return rangeOf(flag, low ?? 1, high ?? 1, step ?? 1);
  });
  if (values.length > mostSteps) {
    throw usage(`${flag} ${text} are ${values.length} steps.`, {
      why: `There may be ${mostSteps}.`,
    });
  }
  return [...new Set(values)].toSorted((one, other) => one - other);
}

function rangeOf(flag: string, low: number, high: number, step: number): number[] {
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  if (count >= 1 && count <= mostSteps)
    return Array.from({ length: count }, (_, index) => Number((low + index * step).toFixed(6)));
  throw usage(`${flag} ${low}..${high}:${step} is no range of up to ${mostSteps} steps.`, {
    why: "It goes from the lower to the higher number, by the third.",
  });
}

function numberOf(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  throw usage(`${flag} ${text} is not a number that it can be.`, {
    why: `It must be from ${least} to ${most.toLocaleString("en-US")}.`,
  });
}

function wholeOf(flag: string, text: string, least: number, most: number): number {
  const value = numberOf(flag, text, least, most);
  if (Number.isInteger(value)) return value;
  throw usage(`${flag} ${text} is not a whole number.`, {
    why: `It must be from ${least} to ${most.toLocaleString("en-US")}.`,
  });
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

function timeOf(flag: string, text: string, least: number, most: number): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m)$/.exec(text) ?? [];
  const value = Number(amount) * (units[unit] ?? Number.NaN);
  if (value >= least && value <= most) return value;
  throw usage(`${flag} ${text} is not a time that it can be.`, {
    why: `It must be from ${shown(least)} to ${shown(most)}, e.g. 200ms, 10s or 1m.`,
  });
}

const shown = (ms: number) => (ms % 60_000 === 0 && ms > 0 ? `${ms / 60_000}m` : `${ms}ms`);

function workersOf(workers: BenchOptions["workers"]): number {
  if (workers === undefined) return 1;
  if (workers === true) return availableParallelism();
  return wholeOf("--workers", workers, 1, 256);
}

const examples = "Examples: lmi bench --help";

function usage(message: string, more: { readonly why: string; readonly next?: string }): LmiError {
  return new LmiError("LMI_USAGE", message, { next: examples, ...more, exitCode: ExitCode.usage });
}
