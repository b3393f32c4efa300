import type { Aws, MetricPoint } from "../../../aws/ports.ts";
import { periodMs, periodsOf, type PeriodUse } from "../../../bench/period-use.ts";
import type { Step } from "../../../bench/step.ts";
import { LmiError } from "../../../errors.ts";
import { duration } from "../../output/duration.ts";
import type { BenchDeps } from "../bench.ts";
import { environmentMetrics } from "./environment-use.ts";
import type { Subject } from "./subject.ts";

/** What CloudWatch told of the time of a run. */
export interface LateMetrics {
  /** `late`: not all of it came while it was waited for. `skipped`: it was not waited for. */
  readonly state: "complete" | "late" | "interrupted" | "failed" | "skipped";
  /** Those that came, the first one first. */
  readonly periods: readonly PeriodUse[];
  /** Why they could not be read. */
  readonly failure?: string;
}

export interface Awaited {
  readonly aws: Pick<Aws, "metrics">;
  readonly subject: Pick<Subject, "functionName" | "providerName">;
  readonly steps: readonly Step[];
  /** At most, milliseconds. */
  readonly waitMs: number;
  /** Milliseconds that AWS's clock is ahead of this machine's. */
  readonly clockOffsetMs: number;
}

/** Milliseconds from one look to the next: each costs a few of CloudWatch's requests, $0.01 for 1,000. */
const lookEveryMs = 15_000;
/** Milliseconds without a change after which nothing more is expected: environments write one after the other. */
const settledMs = 30_000;
const tickMs = 1000;

/**
 * Waits for CloudWatch's metrics of the time in which the steps were measured: AWS writes them when a period of five
 * minutes is over, and minutes later.
 */
export async function lateMetrics(
  awaited: Awaited,
  { system, reporter }: Pick<BenchDeps, "system" | "reporter">,
): Promise<LateMetrics> {
  const starts = periodsOf(awaited.steps, awaited.clockOffsetMs);
  if (awaited.waitMs === 0 || system.interrupt.aborted || starts.length === 0)
    return { state: "skipped", periods: [] };
  const metrics = await reporter.step("Waiting for CloudWatch's metrics", async (step) => {
    const tell = (text: string) => step.progress(text);
    const waited = await untilComplete(awaited, starts, { system, tell });
    tell(waited.state === "late" ? "not all came" : "");
    return waited;
  });
  reporter.event("metrics", { ...metrics });
  return metrics;
}

async function untilComplete(
  awaited: Awaited,
  starts: readonly number[],
  { system, tell }: { readonly system: BenchDeps["system"]; readonly tell: (text: string) => void },
): Promise<LateMetrics> {
  const { waitMs, clockOffsetMs } = awaited;
  const deadline = system.now().getTime() + waitMs;
  let periods: readonly PeriodUse[] | undefined;
  let changedAt = 0;
  for (;;) {
    const seen = await look(awaited, starts);
    const now = system.now().getTime();
    if (!(seen instanceof LmiError)) {
      if (JSON.stringify(seen) !== JSON.stringify(periods)) changedAt = now;
      periods = seen;
    } else if (periods === undefined) {
      // Where they cannot be read at all, waiting does not help; where they could, this is of a moment.
      return { state: "failed", periods: [], failure: seen.message };
    }
    // What was seen before the period was over is not all of it.
    const isThere = seen === periods && isAll(starts, seen, now + clockOffsetMs);
    const isTimeUp = now >= deadline;
    if (isThere && (isTimeUp || now - changedAt >= settledMs))
      return { state: "complete", periods };
    if (isTimeUp) return { state: "late", periods };
    await countDown(deadline, system, tell);
    if (system.interrupt.aborted) return { state: "interrupted", periods };
  }
}

/** Of all periods, and the last one is over. */
function isAll(starts: readonly number[], periods: readonly PeriodUse[], now: number): boolean {
  const known = periods.filter(({ cpu, memory }) => cpu !== undefined && memory !== undefined);
  return known.length === starts.length && now >= (starts.at(-1) ?? 0) + periodMs;
}

/** Until the next look. */
async function countDown(
  deadline: number,
  { now, sleep, interrupt }: BenchDeps["system"],
  tell: (text: string) => void,
): Promise<void> {
  const next = Math.min(deadline, now().getTime() + lookEveryMs);
  while (now().getTime() < next && !interrupt.aborted) {
    tell(`at most ${duration(deadline - now().getTime())} more, Ctrl-C skips it`);
    await sleep(Math.min(tickMs, next - now().getTime()), interrupt);
  }
}

const statistics = ["Minimum", "Average", "Maximum"] as const;

/** Those of the periods of which anything is known, or why nothing can be read. */
async function look(
  { aws, subject }: Awaited,
  starts: readonly number[],
): Promise<readonly PeriodUse[] | LmiError> {
  const dimensions = {
    CapacityProviderName: subject.providerName,
    FunctionName: subject.functionName,
  };
  const names = Object.values(environmentMetrics);
  const queries = names.flatMap((name) =>
    statistics.map((statistic) => ({ name, dimensions, statistic, period: periodMs / 1000 })),
  );
  const window = {
    from: new Date(starts[0] ?? 0),
    to: new Date((starts.at(-1) ?? 0) + periodMs),
  };
  try {
    const series = await aws.metrics.read(queries, window);
    return starts
      .map((start) => periodOf(start, series))
      .filter(({ environments, cpu, memory }) => (environments ?? cpu ?? memory) !== undefined);
  } catch (error) {
    if (error instanceof LmiError) return error;
    throw error;
  }
}

function periodOf(start: number, series: readonly (readonly MetricPoint[])[]): PeriodUse {
  const at = (index: number) => series[index]?.find(({ time }) => time.getTime() === start)?.value;
  const of = (name: keyof typeof environmentMetrics) => {
    const first = Object.keys(environmentMetrics).indexOf(name) * statistics.length;
    const [least, mean, most] = [at(first), at(first + 1), at(first + 2)];
    return least === undefined || mean === undefined || most === undefined
      ? undefined
      : { least, mean, most };
  };
  return {
    from: new Date(start),
    environments: of("environments"),
    cpu: of("cpu"),
    memory: of("memory"),
  };
}
