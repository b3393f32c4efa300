/** The load of one version over the time since the sample before. */
export interface LoadSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly environments: number;
  /** Requests in flight as a share of what all environments take, 0 to 1. */
  readonly concurrency: number;
  /** CPU time as a share of the vCPUs of all environments, 0 to 1. Unknown where it cannot be read. */
  readonly cpu: number | undefined;
  /** Requests refused because no environment had room. */
  readonly refused: number;
}

export interface ScalingBounds {
  readonly min: number;
  readonly max: number;
  /** CPU utilization to keep, 0 to 1. */
  readonly cpuTarget: number;
}

/** How fast a policy acts. All times in milliseconds. */
export interface ScalingPace {
  /** Time between two samples. */
  readonly intervalMs: number;
  /** CPU load is averaged over this time, so that one busy moment is no load. */
  readonly cpuWindowMs: number;
  /** Environments at most double within this time; 0: with every sample. */
  readonly doublingMs: number;
  /** Environments are given back only when nothing called for them during this time. */
  readonly shrinkAfterMs: number;
  /** Share of the environments given back at once, at least one. */
  readonly shrinkBy: number;
}

/**
 * In `Auto` mode AWS keeps headroom: traffic may grow by about half at once (…-scaling), so that at most two thirds of
 * what is there are used. A `Manual` target replaces it for the CPU.
 */
export const autoTarget = 2 / 3;

/**
 * `realistic`: "if your traffic more than doubles within 5 minutes, you may see throttles" and scale-in is gradual
 * (Lambda developer guide, lambda-managed-instances-scaling); three environments became 16 to 18 in about 15 minutes
 * (sample-aws-lambda-managed-instances, README). AWS publishes no rule: windows and steps are ours.
 */
export const scalingPaces: Readonly<Record<"fast" | "realistic", ScalingPace>> = {
  fast: {
    intervalMs: 1000,
    cpuWindowMs: 10_000,
    doublingMs: 0,
    shrinkAfterMs: 30_000,
    shrinkBy: 1,
  },
  realistic: {
    intervalMs: 30_000,
    cpuWindowMs: 120_000,
    doublingMs: 300_000,
    shrinkAfterMs: 900_000,
    shrinkBy: 0.1,
  },
};

interface Demand {
  readonly at: number;
  /** Environments that the load called for. */
  readonly wanted: number;
}

/** How many environments a version should have, from its load. It knows time only from the samples. */
export class ScalingPolicy {
  readonly #pace: ScalingPace;
  #samples: LoadSample[] = [];
  #demands: Demand[] = [];
  #startedAt: number | undefined;

  constructor(pace: ScalingPace) {
    this.#pace = pace;
  }

  /** The number of environments to have from now on. */
  next(sample: LoadSample, bounds: ScalingBounds): number {
    const { doublingMs, cpuWindowMs, shrinkAfterMs } = this.#pace;
    this.#startedAt ??= sample.at;
    const kept = sample.at - Math.max(doublingMs, cpuWindowMs);
    this.#samples = [...this.#samples.filter(({ at }) => at > kept), sample];
    const wanted = Math.ceil(this.#wanted(sample, bounds) - 1e-9);
    this.#demands = [
      ...this.#demands.filter(({ at }) => at > sample.at - shrinkAfterMs),
      { at: sample.at, wanted },
    ];
    const { environments } = sample;
    const next = wanted > environments ? this.#grown(sample, wanted) : this.#shrunk(sample);
    return Math.min(bounds.max, Math.max(bounds.min, next));
  }

  #wanted(sample: LoadSample, { cpuTarget }: ScalingBounds): number {
    const { environments, concurrency, refused } = sample;
    // How much was refused says little about how much there will be: clients retry.
    if (refused > 0) return environments * 2;
    const bySlots = (environments * concurrency) / autoTarget;
    return Math.max(bySlots, this.#busyEnvironments(sample.at) / cpuTarget);
  }

  /** Environments' worth of CPU in use, averaged over the window. */
  #busyEnvironments(now: number): number {
    const recent = this.#samples.filter(({ at }) => at > now - this.#pace.cpuWindowMs);
    const used = recent.reduce((sum, { cpu = 0, environments }) => sum + cpu * environments, 0);
    // A window that is not full yet counts as idle before: a start is no load.
    const due = Math.max(recent.length, Math.round(this.#pace.cpuWindowMs / this.#pace.intervalMs));
    return used / due;
  }

  #grown({ at, environments }: LoadSample, wanted: number): number {
    const recent = this.#samples.filter((sample) => sample.at > at - this.#pace.doublingMs);
    const least = Math.min(environments, ...recent.map((sample) => sample.environments));
    return Math.max(environments, Math.min(wanted, least * 2));
  }

  #shrunk({ at, environments }: LoadSample): number {
    const { shrinkAfterMs, shrinkBy } = this.#pace;
    if (at - (this.#startedAt ?? at) < shrinkAfterMs) return environments;
    const most = Math.max(...this.#demands.map(({ wanted }) => wanted));
    const step = Math.max(1, Math.floor(environments * shrinkBy));
    return Math.min(environments, Math.max(most, environments - step));
  }
}
