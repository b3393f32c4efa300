import type { EnvironmentUse, Step } from "./step.ts";

interface Statistics {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

/** What CloudWatch tells of one period, of all environments of a function together; undefined: nothing of that. */
export interface PeriodUse {
  /** By AWS's clock. */
  readonly from: Date;
  readonly environments: Statistics | undefined;
  /** Percent of an environment's vCPUs and memory. */
  readonly cpu: Statistics | undefined;
  readonly memory: Statistics | undefined;
}

/** Metrics of managed instances have this period (Lambda developer guide, lambda-managed-instances-monitoring). */
export const periodMs = 300_000;

/** Milliseconds since 1970, by AWS's clock. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** Where each period begins in which a step was measured, the first one first. */
export function periodsOf(steps: readonly Step[], clockOffsetMs: number): readonly number[] {
  const starts = new Set<number>();
  for (const { from, to } of steps.map((step) => windowOf(step, clockOffsetMs)))
    for (let start = from - (from % periodMs); start < to; start += periodMs) starts.add(start);
  return [...starts].toSorted((one, other) => one - other);
}

/**
 * The steps with what periods tell of each. CPU and memory: the mean of those periods that a step fills from end to end; in
 * all others something else is counted with it. Environments: as many as there were in every period of the run, if that
 * never changed.
 * @param clockOffsetMs that AWS's clock is ahead of the steps' own
 */
export function withPeriods(
  steps: readonly Step[],
  periods: readonly PeriodUse[],
  clockOffsetMs: number,
): readonly Step[] {
  const always = unchanging(periodsOf(steps, clockOffsetMs), periods);
  return steps.map((step) => {
    const { from, to } = windowOf(step, clockOffsetMs);
    const own = periods.filter(
      ({ from: start }) => start.getTime() >= from && start.getTime() + periodMs <= to,
    );
    const use: EnvironmentUse = {
      environments: always ?? meanOf(own.map(({ environments }) => environments)),
      cpu: meanOf(own.map(({ cpu }) => cpu)),
      memory: meanOf(own.map(({ memory }) => memory)),
    };
    return Object.values(use).every((value) => value === undefined) ? step : { ...step, use };
  });
}

function windowOf({ startedAt, settledMs = 0, seconds }: Step, clockOffsetMs: number): Window {
  const from = startedAt.getTime() + settledMs + clockOffsetMs;
  return { from, to: from + seconds * 1000 };
}

/** undefined where one of the periods is not known, or where the number changed. */
function unchanging(starts: readonly number[], periods: readonly PeriodUse[]): number | undefined {
  const counts = starts.flatMap((start) => {
    const known = periods.find(({ from }) => from.getTime() === start)?.environments;
    return [known?.least, known?.most];
  });
  return counts.every((count) => count === counts[0]) ? counts[0] : undefined;
}

function meanOf(all: readonly (Statistics | undefined)[]): number | undefined {
  const known = all.filter((each) => each !== undefined);
  if (known.length === 0) return undefined;
  return known.reduce((sum, { mean }) => sum + mean, 0) / known.length;
}
