import type { FleetReading } from "../../runtime/fleet.ts";
import type { ProcessUsage } from "../../runtime/process-usage.ts";
import type { TargetContext } from "../../service.ts";
import { BackgroundWork } from "./background-work.ts";
import type { VersionDocument } from "./documents.ts";
import type { EnvironmentCount, Resizable } from "./environment-count.ts";
import { shapeOf } from "./instance-choice.ts";
import { providerNameOf } from "./provider-use.ts";
import type { LoadSample, ScalingBounds, ScalingPace } from "./scaling-policy.ts";
import { autoTarget, scalingPaces, ScalingPolicy } from "./scaling-policy.ts";
import type { LambdaStore, VersionKey } from "./store.ts";
import { qualifiedId } from "./store.ts";
import { scalingRange } from "./version-state.ts";

/** A fleet as the autoscaler sees it. */
export interface ScaledFleet extends Resizable {
  onSaturated: () => void;
  read(): FleetReading;
}

/** One look at a version's environments. */
export interface EnvironmentSample {
  readonly key: VersionKey;
  readonly version: VersionDocument;
  readonly reading: FleetReading;
  /** Share of the vCPUs of all environments, 0 to 1; undefined where the system does not tell. */
  readonly cpu: number | undefined;
  /** Resident bytes of all environments' processes; undefined where the system does not tell. */
  readonly memoryBytes: number | undefined;
}

export interface AutoscalerParts {
  readonly store: LambdaStore;
  readonly count: EnvironmentCount;
  /** False: it watches nothing. */
  readonly active?: boolean | undefined;
  readonly usage: (pid: number) => Promise<ProcessUsage | undefined>;
  /** Called with every round of samples. */
  readonly onRound?: (samples: readonly EnvironmentSample[]) => Promise<void>;
}

/** After a refused request the load is looked at this soon: what else comes with it is seen, too. */
const settleMs = 100;

interface Watched {
  readonly key: VersionKey;
  readonly fleet: ScaledFleet;
  readonly policy: ScalingPolicy;
  /** CPU seconds of each process when it was last looked at. */
  cpuSeconds: ReadonlyMap<number, number>;
  lookedAt: number;
  changing: boolean;
  told: string;
}

/**
 * Looks at the load of all versions that serve, at an interval, and gives each as many environments as it calls for:
 * asynchronously, as managed instances scale (Lambda developer guide, lambda-managed-instances-scaling).
 */
export class Autoscaler {
  readonly #target: TargetContext;
  readonly #parts: AutoscalerParts;
  readonly #pace: ScalingPace;
  readonly #watched = new Map<object, Watched>();
  readonly #work: BackgroundWork;
  #nudge = new AbortController();
  #running = false;

  constructor(target: TargetContext, parts: AutoscalerParts) {
    this.#target = target;
    this.#parts = parts;
    this.#pace = scalingPaces[target.timing];
    this.#work = new BackgroundWork((failure) => target.log(`Scaling failed: ${failure}`));
  }

  watch(key: VersionKey, fleet: ScaledFleet): void {
    if (this.#parts.active === false) return;
    this.#watched.set(fleet, {
      key,
      fleet,
      policy: new ScalingPolicy(this.#pace),
      cpuSeconds: new Map(),
      lookedAt: performance.now(),
      changing: false,
      told: "",
    });
    // On AWS the scaler hears of it with its next look; with fast timing that look is now.
    if (this.#target.timing === "fast") fleet.onSaturated = () => this.#nudge.abort();
    if (this.#running || this.#work.signal.aborted) return;
    this.#running = true;
    this.#work.run(() => this.#run());
  }

  unwatch(fleet: ScaledFleet): void {
    this.#watched.delete(fleet);
  }

  async close(): Promise<void> {
    this.#work.stop();
    await this.#work.ended();
  }

  async #run(): Promise<void> {
    const { clock } = this.#target;
    const closing = this.#work.signal;
    while (!closing.aborted) {
      await clock.sleep(this.#pace.intervalMs, AbortSignal.any([closing, this.#nudge.signal]));
      if (this.#nudge.signal.aborted) {
        await clock.sleep(settleMs, closing);
        this.#nudge = new AbortController();
      }
      if (!closing.aborted) await this.#round();
    }
  }

  async #round(): Promise<void> {
    const samples: EnvironmentSample[] = [];
    for (const watched of this.#watched.values()) {
      const sample = await this.#look(watched);
      if (!sample) continue;
      samples.push(sample);
      this.#scale(watched, sample);
    }
    await this.#parts.onRound?.(samples);
  }

  async #look(watched: Watched): Promise<EnvironmentSample | undefined> {
    const { key, fleet } = watched;
    const version = this.#version(key);
    if (!version?.serving) return undefined;
    const reading = fleet.read();
    const usages = await Promise.all(
      reading.pids.map(async (pid) => ({ pid, usage: await this.#parts.usage(pid) })),
    );
    const known = usages.flatMap(({ pid, usage }) => (usage ? [{ pid, ...usage }] : []));
    const seconds = (performance.now() - watched.lookedAt) / 1000;
    // A process that was not there before counts from now on: its start is no load.
    const used = known.reduce(
      (sum, { pid, cpuSeconds }) => sum + cpuSeconds - (watched.cpuSeconds.get(pid) ?? cpuSeconds),
      0,
    );
    watched.cpuSeconds = new Map(known.map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
    watched.lookedAt = performance.now();
    const readable = known.length > 0 || reading.pids.length === 0;
    const { vCpus } = shapeOf(version.serving.configuration);
    return {
      key,
      version,
      reading,
      cpu: readable ? Math.min(1, used / (seconds * vCpus * reading.environments)) : undefined,
      memoryBytes: readable
        ? known.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
        : undefined,
    };
  }

  #scale(watched: Watched, sample: EnvironmentSample): void {
    const { fleet, key, policy } = watched;
    // The look took a while: another change may have begun, or another generation may serve.
    const version = this.#version(key);
    if (!version?.serving || !this.#watched.has(fleet)) return;
    const next = policy.next(loadOf(sample, this.#target.clock.now()), this.#bounds(key, version));
    const { environments } = fleet;
    // Another change of the version is under way, which says itself how many it will have.
    const busy = watched.changing || version.configuration.LastUpdateStatus === "InProgress";
    if (next === environments || busy || version.configuration.State !== "Active") return;
    watched.changing = true;
    this.#work.run(async () => {
      try {
        if (next < environments) await this.#parts.count.shrink(key, fleet, next);
        else await this.#grow(watched, next);
      } finally {
        watched.changing = false;
      }
    });
  }

  async #grow(watched: Watched, to: number): Promise<void> {
    const { key, fleet } = watched;
    const { signal } = this.#work;
    const shortfall = await this.#parts.count.grow(key, fleet, to, { partly: true, signal });
    const message = shortfall?.message ?? "";
    if (message !== "" && message !== watched.told)
      this.#target.log(`${key.functionName} cannot have more environments: ${message}`);
    watched.told = message;
  }

  #bounds({ region }: VersionKey, version: VersionDocument): ScalingBounds {
    const name = providerNameOf((version.serving ?? version).configuration) ?? "";
    const { ScalingMode, ScalingPolicies = [] } =
      this.#parts.store.providers.get(region, name)?.provider.CapacityProviderScalingConfig ?? {};
    const target = ScalingPolicies.find(
      ({ PredefinedMetricType }) =>
        PredefinedMetricType === "LambdaCapacityProviderAverageCPUUtilization",
    )?.TargetValue;
    const manual = ScalingMode === "Manual" && target !== undefined && target > 0;
    return { ...scalingRange(version), cpuTarget: manual ? target / 100 : autoTarget };
  }

  #version({ region, functionName, qualifier }: VersionKey): VersionDocument | undefined {
    return this.#parts.store.versions.get(region, qualifiedId(functionName, qualifier));
  }
}

function loadOf({ reading, cpu }: EnvironmentSample, now: Date): LoadSample {
  const { environments, maxConcurrency, concurrency, refused } = reading;
  const share = concurrency / Math.max(1, environments * maxConcurrency);
  return { at: now.getTime(), environments, concurrency: share, cpu, refused };
}
