import { newHistogram, type Percentiles, percentilesOf } from "./load/latency.ts";
import type { LoadResult } from "./load/measurement.ts";

/** What was put on the function in one step, by all threads together. */
export type StepLoad =
  | { readonly kind: "rate"; readonly rps: number }
  | { readonly kind: "concurrency"; readonly callers: number };

/** Of the execution environments while a step ran, as far as CloudWatch tells. */
export interface EnvironmentUse {
  /** Execution environments, on average. */
  readonly environments: number | undefined;
  /** Percent of an environment's vCPUs and memory, on average over environments and time. */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
}

/** One load and what came of it. Rates are requests a second, times milliseconds. */
export interface Step {
  readonly load: StepLoad;
  readonly startedAt: Date;
  /** Milliseconds from then until measuring began. */
  readonly settledMs?: number;
  readonly seconds: number;
  /** Requests that were due. */
  readonly requests: number;
  readonly offered: number;
  /** Requests that came to an end in the same time, failed ones too. */
  readonly resolved: number;
  /** Mean latency of its second half in parts of that of its first: above 1 where a queue grows. */
  readonly rise: number | undefined;
  /** Requests that nobody answered: connections broken, time up, given up with the step. */
  readonly lost: number;
  /** Answers that came, function errors and refusals not counted. */
  readonly throughput: number;
  /** Of answers, from when the request was due; undefined where there was none. */
  readonly latency: Percentiles | undefined;
  /** Refused with 429, by the reason that Lambda gives. */
  readonly throttled: Readonly<Record<string, number>>;
  /** Everything else that was no answer, by name. */
  readonly errors: Readonly<Record<string, number>>;
  /** Requests that had no answer when the step was given up. */
  readonly unanswered: number;
  readonly sent: number;
  readonly inFlight: number;
  /** Given up early, since ever more requests were under way. */
  readonly overrun: boolean;
  /** Given up early, since too many failed or nothing more may be spent. */
  readonly stopped?: LoadResult["stopped"];
  readonly interrupted: boolean;
  readonly generator: GeneratorState;
  readonly use: EnvironmentUse | undefined;
}

export interface GeneratorState {
  /** This machine, not the function, was the limit. */
  readonly limited: boolean;
  /** More requests would have to be under way than are let: the function may do more. */
  readonly capped?: boolean;
  /** How late requests started: the 99th percentile. */
  readonly lateP99: number;
  /** Busiest thread, 0–1. */
  readonly utilisation: number;
  /** Requests that this machine could not send, by Node's code: no file handle, no port, no such name. */
  readonly notSent?: Readonly<Record<string, number>>;
}

/** One step of what all threads measured. */
export function stepOf(
  load: StepLoad,
  startedAt: Date,
  results: readonly LoadResult[],
  use: EnvironmentUse | undefined,
): Step {
  const latency = newHistogram();
  const late = newHistogram();
  for (const result of results) {
    latency.add(result.latency);
    late.add(result.late);
  }
  const sum = (of: (result: LoadResult) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const seconds = Math.max(...results.map(({ measuredMs }) => measuredMs)) / 1000;
  const percentiles = percentilesOf(latency);
  const failures = summed(results);
  const named = (kinds: readonly string[]) =>
    Object.fromEntries(
      failures.flatMap(([kind, name, n]) => (kinds.includes(kind) ? [[name, n]] : [])),
    );
  const counted = (kinds: readonly string[]) =>
    failures.reduce((all, [kind, , n]) => all + (kinds.includes(kind) ? n : 0), 0);
  return {
    load,
    startedAt,
    seconds,
    requests: sum(({ offered }) => offered),
    resolved: sum(({ resolved }) => resolved),
    rise: riseIn(results),
    lost: counted(["unreachable", "cut-off"]),
    offered: perSecond(
      sum(({ offered }) => offered),
      seconds,
    ),
    throughput: perSecond(
      sum(({ completed }) => completed),
      seconds,
    ),
    latency: percentiles,
    throttled: named(["throttled"]),
    errors: named(["function-error", "refused", "unreachable"]),
    unanswered: counted(["cut-off"]),
    sent: sum(({ sent }) => sent),
    inFlight: sum(({ inFlight }) => inFlight),
    overrun: results.some(({ overrun }) => overrun),
    stopped: results.find(({ stopped }) => stopped !== undefined)?.stopped,
    interrupted: results.some(({ interrupted }) => interrupted),
    generator: withNotSent(generatorState(load, results, late, percentiles), named(["not-sent"])),
    use,
  };
}

/** undefined where a half has no answer. */
function riseIn(results: readonly LoadResult[]): number | undefined {
  const meanOf = (half: 0 | 1) => {
    const count = results.reduce((total, { halves }) => total + halves[half].count, 0);
    return results.reduce((total, { halves }) => total + halves[half].sum, 0) / count;
  };
  const rise = meanOf(1) / meanOf(0);
  return Number.isFinite(rise) ? rise : undefined;
}

const perSecond = (count: number, seconds: number) => (seconds > 0 ? count / seconds : 0);

function summed(results: readonly LoadResult[]): [kind: string, name: string, count: number][] {
  const all = new Map<string, number>();
  for (const { failures } of results)
    for (const [key, count] of failures) all.set(key, (all.get(key) ?? 0) + count);
  return [...all].map(([key, count]) => {
    const slash = key.indexOf("/");
    return [key.slice(0, slash), key.slice(slash + 1), count];
  });
}

/** Later than this is not the timers' own unevenness any more. */
const lateMs = 5;
/** So much of what is measured may be the generator's own delay. */
const lateShare = 0.1;
const busy = 0.95;

/** Open loop: late starts tell; it turns the event loop itself, so that use does not. Closed loop: a busy thread tells. */
function generatorState(
  load: StepLoad,
  results: readonly LoadResult[],
  late: ReturnType<typeof newHistogram>,
  latency: Percentiles | undefined,
): GeneratorState {
  const lateP99 = percentilesOf(late)?.p99 ?? 0;
  const utilisation = Math.max(...results.map((result) => result.utilisation));
  const limited =
    load.kind === "rate"
      ? lateP99 > Math.max(lateMs, lateShare * (latency?.p99 ?? 0))
      : utilisation > busy;
  return { limited, lateP99, utilisation };
}

function withNotSent(state: GeneratorState, notSent: NonNullable<GeneratorState["notSent"]>) {
  return countOf(notSent) === 0 ? state : { ...state, limited: true, notSent };
}

export function countOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
