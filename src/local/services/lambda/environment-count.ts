import type { InitFailure } from "../../runtime/init-failure.ts";
import type { TargetContext } from "../../service.ts";
import type { CapacityProviderDocument, VersionDocument } from "./documents.ts";
import type { Placement } from "./placement.ts";
import { providerNameOf } from "./provider-use.ts";
import type { LambdaStore, VersionKey } from "./store.ts";
import { qualifiedId } from "./store.ts";
import { scalingRange } from "./version-state.ts";

/** How long environments take on an instance that runs (`start`), and an instance to come up (observed: 1 to 2 min). */
const delays = {
  fast: { start: 1, launch: 1 },
  realistic: { start: 10_000, launch: 90_000 },
} as const;

/** What the number of environments is told to. */
export interface Resizable {
  readonly environments: number;
  resize(environments: number): Promise<void>;
}

/** Changes how many environments a version that serves has: their places on instances, then the fleet. */
export class EnvironmentCount {
  readonly #target: TargetContext;
  readonly #store: LambdaStore;
  readonly #placement: Placement;

  constructor(
    target: TargetContext,
    parts: { readonly store: LambdaStore; readonly placement: Placement },
  ) {
    this.#target = target;
    this.#store = parts.store;
    this.#placement = parts.placement;
  }

  /**
   * Adds environments up to `to`, as many as fit where `partly`; resolves with the reason where they are fewer. Otherwise
   * it fails with InitFailure. Nothing changes where another generation has taken over meanwhile.
   */
  async grow(
    key: VersionKey,
    fleet: Resizable,
    to: number,
    options: { readonly partly: boolean; readonly signal: AbortSignal },
  ): Promise<InitFailure | undefined> {
    const version = this.#version(key);
    const provider = version && this.#provider(key, version);
    if (!version?.serving || provider?.provider.State !== "Active") return undefined;
    const placed = this.#placement.place({
      region: key.region,
      provider,
      configuration: version.serving.configuration,
      environments: to - fleet.environments,
      beside: version.instances ?? [],
      partly: options.partly,
    });
    try {
      const pause = (step: "launch" | "start") =>
        this.#target.clock.sleep(delays[this.#target.timing][step], options.signal);
      const launching = () => pause("launch");
      await this.#placement.arrive({ region: key.region, provider, placed, launching });
      await pause("start");
      if (!options.signal.aborted && placed.instances.length > 0)
        await this.#adopt(key, fleet, version, placed.instances);
    } finally {
      this.#placement.settle(placed);
      this.#placement.release(key.region, provider);
    }
    return placed.shortfall;
  }

  /** Takes the environments away that came last, and the instances that are empty then. */
  async shrink(key: VersionKey, fleet: Resizable, to: number): Promise<void> {
    const version = this.#version(key);
    if (!version?.instances) return;
    const count = Math.min(to, scalingRange(version).max);
    this.#put(key, { ...version, instances: version.instances.slice(0, count) });
    await fleet.resize(count);
    const provider = this.#provider(key, version);
    if (provider) this.#placement.release(key.region, provider);
  }

  async #adopt(
    key: VersionKey,
    fleet: Resizable,
    { serving }: VersionDocument,
    placed: readonly string[],
  ): Promise<void> {
    const now = this.#version(key);
    const sameGeneration =
      now?.configuration.State === "Active" &&
      now.serving?.configuration.RevisionId === serving?.configuration.RevisionId;
    if (!sameGeneration) return;
    // The maximum may have become less while they started.
    const instances = [...(now.instances ?? []), ...placed].slice(0, scalingRange(now).max);
    this.#put(key, { ...now, instances });
    await fleet.resize(instances.length);
  }

  #provider(
    { region }: VersionKey,
    { serving, configuration }: VersionDocument,
  ): CapacityProviderDocument | undefined {
    const name = providerNameOf((serving ?? { configuration }).configuration);
    return name === undefined ? undefined : this.#store.providers.get(region, name);
  }

  #version({ region, functionName, qualifier }: VersionKey): VersionDocument | undefined {
    return this.#store.versions.get(region, qualifiedId(functionName, qualifier));
  }

  #put({ region, functionName, qualifier }: VersionKey, version: VersionDocument): void {
    this.#store.versions.put(region, qualifiedId(functionName, qualifier), version);
  }
}
