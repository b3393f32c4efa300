import type { Fleet } from "../../runtime/fleet.ts";
import type { Autoscaler } from "./autoscaler.ts";
import type { Snapshot, VersionDocument } from "./documents.ts";
import type { FunctionRuntime } from "./lambda-context.ts";
import type { LambdaStore, VersionKey } from "./store.ts";
import { qualifiedId } from "./store.ts";
import { scalingRange } from "./version-state.ts";

/** The fleets that serve versions, each watched by the autoscaler as long as it serves. */
export class RunningFleets {
  readonly #store: LambdaStore;
  readonly #runtime: FunctionRuntime;
  readonly #autoscaler: Autoscaler;
  readonly #fleets = new Map<string, Promise<Fleet>>();

  constructor(parts: {
    readonly store: LambdaStore;
    readonly runtime: FunctionRuntime;
    readonly autoscaler: Autoscaler;
  }) {
    this.#store = parts.store;
    this.#runtime = parts.runtime;
    this.#autoscaler = parts.autoscaler;
  }

  /** The fleet of an active version, started again when the target was restarted since. */
  of(key: VersionKey): Promise<Fleet> | undefined {
    const known = this.#fleets.get(fleetId(key));
    if (known) return known;
    const { region, functionName, qualifier } = key;
    const version = this.#store.versions.get(region, qualifiedId(functionName, qualifier));
    if (!version?.serving || version.configuration.State !== "Active") return undefined;
    return this.#restart(key, version, version.serving);
  }

  /** A fleet that takes over; the one before it goes on until its owner ends it. */
  replace(key: VersionKey, fleet: Fleet): Promise<Fleet> | undefined {
    const before = this.#fleets.get(fleetId(key));
    this.#fleets.set(fleetId(key), Promise.resolve(fleet));
    this.#autoscaler.watch(key, fleet);
    return before?.then((old) => {
      this.#autoscaler.unwatch(old);
      return old;
    });
  }

  async end(key: VersionKey): Promise<void> {
    const started = this.#fleets.get(fleetId(key));
    this.#fleets.delete(fleetId(key));
    const fleet = await started?.catch(() => undefined);
    if (!fleet) return;
    this.#autoscaler.unwatch(fleet);
    await fleet.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all(
      [...this.#fleets.values()].map(async (started) =>
        (await started.catch(() => undefined))?.close(),
      ),
    );
  }

  #restart(key: VersionKey, version: VersionDocument, serving: Snapshot): Promise<Fleet> {
    // As many as there were: the load that called for them may be there still.
    const environments = version.instances?.length ?? scalingRange(version).min;
    const started = this.#runtime
      .prepare(key.region, serving, environments)
      .then((fleet) => fleet.open());
    this.#fleets.set(fleetId(key), started);
    started.then(
      (fleet) => this.#autoscaler.watch(key, fleet),
      () => {
        if (this.#fleets.get(fleetId(key)) === started) this.#fleets.delete(fleetId(key));
      },
    );
    return started;
  }
}

export const fleetId = ({ region, functionName, qualifier }: VersionKey) =>
  `${region}/${functionName}:${qualifier}`;
