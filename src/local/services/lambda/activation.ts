import type { FunctionConfiguration, FunctionScalingConfig } from "@aws-sdk/client-lambda";
import type { Fleet } from "../../runtime/fleet.ts";
import { InitFailure } from "../../runtime/init-failure.ts";
import type { TargetContext } from "../../service.ts";
import type { CapacityProviderDocument, Snapshot, VersionDocument } from "./documents.ts";
import { latest } from "./documents.ts";
import type { Pending, Placement } from "./placement.ts";
import { providerNameOf } from "./provider-use.ts";
import type { LambdaStore } from "./store.ts";
import { forgetFunction, qualifiedId, versionsOf } from "./store.ts";
import { environmentsOf, withState } from "./version-state.ts";
import type { VersionRuntime } from "./version-runtime.ts";

/** How long a change of state takes: moments, or as long as seen on AWS (several minutes until Active). */
const delays = {
  fast: { function: 1, activate: 1, deactivate: 1, delete: 1 },
  realistic: { function: 3000, activate: 150_000, deactivate: 60_000, delete: 120_000 },
} as const;
/** Requests in flight may end when a version gives way to its successor. */
const drainMs = 900_000;

export interface VersionKey {
  readonly region: string;
  readonly functionName: string;
  readonly qualifier: string;
}

/** The states of function versions: what becomes Active, Failed, Deactivated or gone, and the processes behind it. */
export class Activation {
  readonly #target: TargetContext;
  readonly #store: LambdaStore;
  readonly #runtime: VersionRuntime;
  readonly #placement: Placement;
  readonly #fleets = new Map<string, Promise<Fleet>>();
  /** Work in the background, so that close can wait for it. */
  readonly #work = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(
    target: TargetContext,
    parts: {
      readonly store: LambdaStore;
      readonly runtime: VersionRuntime;
      readonly placement: Placement;
    },
  ) {
    this.#target = target;
    this.#store = parts.store;
    this.#runtime = parts.runtime;
    this.#placement = parts.placement;
  }

  /** `$LATEST` of a function that was created: on managed instances it never runs. */
  settleLatest(key: VersionKey): void {
    this.#inBackground(async () => {
      await this.#pause("function");
      this.#change(key, (version) => {
        if (version.configuration.State !== "Pending") return version;
        const managed = version.configuration.CapacityProviderConfig !== undefined;
        return withState(version, {
          State: managed ? "ActiveNonInvocable" : "Active",
          LastUpdateStatus: "Successful",
        });
      });
    });
  }

  /** Brings a published version, or a newer one of `$LATEST.PUBLISHED`, into service. */
  activate(key: VersionKey): void {
    this.#inBackground(() => this.#activate(key));
  }

  /** The processes of a version, started again when the target was restarted since. */
  fleet(key: VersionKey): Promise<Fleet> | undefined {
    const id = fleetId(key);
    const known = this.#fleets.get(id);
    if (known) return known;
    const version = this.#store.versions.get(
      key.region,
      qualifiedId(key.functionName, key.qualifier),
    );
    if (!version?.serving || version.configuration.State !== "Active") return undefined;
    return this.#restart(key, version, version.serving);
  }

  /** Scaling of a version: 0/0 ends its environments, anything else brings them back or changes their number. */
  scale(key: VersionKey, scaling: FunctionScalingConfig): void {
    if (scaling.MaxExecutionEnvironments === 0) {
      this.#change(key, (version) => withState(version, { State: "Deactivating" }));
      this.#inBackground(() => this.#deactivate(key));
      return;
    }
    this.#change(key, (version) =>
      version.configuration.State === "Deactivated" || version.configuration.State === "Failed"
        ? withState(version, { State: "Pending", StateReasonCode: "Creating" })
        : withState(version, { LastUpdateStatus: "InProgress" }),
    );
    this.#inBackground(() => this.#activate(key));
  }

  /** Deletes versions that are marked Deleting, and then the function when nothing of it is left. */
  delete(region: string, functionName: string): void {
    this.#inBackground(() => this.#delete(region, functionName));
  }

  /** After a restart: goes on with what was under way, and starts the environments of active versions. */
  resume(): void {
    const deleting = new Set<string>();
    for (const { region, document } of this.#store.versions.entries()) {
      const { functionName, qualifier, configuration } = document;
      const key = { region, functionName, qualifier };
      const { State, LastUpdateStatus } = configuration;
      if (State === "Deleting") deleting.add(`${region}/${functionName}`);
      else if (qualifier === latest) this.settleLatest(key);
      else if (State === "Deactivating") this.#inBackground(() => this.#deactivate(key));
      else if (State === "Pending" || LastUpdateStatus === "InProgress") this.activate(key);
      else if (State === "Active") this.#inBackground(() => this.#warmUp(key));
    }
    for (const name of deleting) {
      const [region = "", functionName = ""] = name.split("/");
      this.delete(region, functionName);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#fleets.values()].map(closeFleet));
    await Promise.all(this.#work);
    // Work that was under way may have made another one.
    await Promise.all([...this.#fleets.values()].map(closeFleet));
  }

  async #activate(key: VersionKey): Promise<void> {
    await this.#pause("activate");
    const version = this.#version(key);
    if (!version || version.configuration.State === "Deleting" || this.#closing.signal.aborted)
      return;
    // Scaled to 0/0 before, or while, it was published: it is published without environments.
    if (version.requestedScaling?.MaxExecutionEnvironments === 0) {
      this.#change(key, (current) => withState(current, { State: "Deactivating" }));
      return this.#deactivate(key);
    }
    const snapshot = { configuration: version.configuration, code: version.code };
    let placed: Pending | undefined;
    try {
      const environments = environmentsOf(version);
      placed = this.#place(key, version, environments);
      const fleet = await this.#runtime.prepare(key.region, snapshot, environments);
      await fleet.open();
      this.#serve(key, snapshot, fleet, placed.instances);
    } catch (error) {
      if (!this.#closing.signal.aborted && this.#wants(key, snapshot.configuration))
        this.#failed(key, error);
    }
    if (placed) this.#placement.settle(placed);
    this.#releaseInstances(key.region, version);
  }

  /** The new environments take over; the ones before end when their requests have. */
  #serve(key: VersionKey, serving: Snapshot, fleet: Fleet, instances: readonly string[]): void {
    const before = this.#fleets.get(fleetId(key));
    if (!this.#wants(key, serving.configuration) || this.#closing.signal.aborted) {
      this.#inBackground(() => fleet.close());
      return;
    }
    this.#fleets.set(fleetId(key), Promise.resolve(fleet));
    this.#change(key, (current) => ({
      ...withState(current, { State: "Active", LastUpdateStatus: "Successful" }),
      serving,
      instances,
      ...(current.requestedScaling ? { appliedScaling: current.requestedScaling } : {}),
    }));
    if (before) {
      this.#inBackground(async () => {
        const old = await before.catch(() => undefined);
        await Promise.race([old?.drain(drainMs), this.#closed()]);
        await old?.close();
      });
    }
  }

  /** Whether a version is still the one that was started: not deleted, and not made anew under the same name. */
  #wants(key: VersionKey, { RevisionId }: FunctionConfiguration): boolean {
    const configuration = this.#version(key)?.configuration;
    return configuration?.State !== "Deleting" && configuration?.RevisionId === RevisionId;
  }

  #failed(key: VersionKey, error: unknown): void {
    const code = error instanceof InitFailure ? error.reasonCode : "InternalError";
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof InitFailure))
      this.#target.log(`Activating ${fleetId(key)} failed: ${String(error)}`);
    this.#change(key, (version) =>
      version.serving
        ? withState(version, {
            State: "Active",
            LastUpdateStatus: "Failed",
            LastUpdateStatusReason: reason,
            LastUpdateStatusReasonCode: code,
          })
        : withState(version, {
            State: "Failed",
            StateReason: reason,
            StateReasonCode: code,
            LastUpdateStatus: "Failed",
            LastUpdateStatusReason: reason,
            LastUpdateStatusReasonCode: code,
          }),
    );
  }

  #place(key: VersionKey, version: VersionDocument, environments: number): Pending {
    const provider = this.#provider(key.region, version.configuration);
    // Nothing may be launched for a provider that goes: nobody would end it.
    if (!provider || provider.provider.State === "Deleting")
      throw new InitFailure("InvalidConfiguration", "The capacity provider does not exist.");
    const { configuration } = version;
    // A new generation needs room beside the one that still serves.
    return this.#placement.place({ region: key.region, provider, configuration, environments });
  }

  #restart(key: VersionKey, version: VersionDocument, serving: Snapshot): Promise<Fleet> {
    const started = this.#runtime
      .prepare(key.region, serving, environmentsOf(version))
      .then((fleet) => fleet.open());
    this.#fleets.set(fleetId(key), started);
    started.catch(() => {
      if (this.#fleets.get(fleetId(key)) === started) this.#fleets.delete(fleetId(key));
    });
    return started;
  }

  async #warmUp(key: VersionKey): Promise<void> {
    try {
      await this.fleet(key);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const { reasonCode, message } =
        error instanceof InitFailure
          ? error
          : { reasonCode: "InternalError" as const, message: String(error) };
      this.#change(key, (version) =>
        withState(version, { State: "Failed", StateReason: message, StateReasonCode: reasonCode }),
      );
    }
  }

  async #deactivate(key: VersionKey): Promise<void> {
    await this.#pause("deactivate");
    await this.#endFleet(key);
    const before = this.#version(key);
    this.#change(key, ({ instances: _released, ...version }) =>
      version.configuration.State === "Deactivating"
        ? {
            ...withState(version, { State: "Deactivated", LastUpdateStatus: "Successful" }),
            ...(version.requestedScaling ? { appliedScaling: version.requestedScaling } : {}),
          }
        : version,
    );
    if (before) this.#releaseInstances(key.region, before);
  }

  async #delete(region: string, functionName: string): Promise<void> {
    await this.#pause("delete");
    if (this.#closing.signal.aborted) return;
    const versions = versionsOf(this.#store, region, functionName).filter(
      (version) => version.configuration.State === "Deleting",
    );
    await Promise.all(
      versions.map(({ qualifier }) => this.#endFleet({ region, functionName, qualifier })),
    );
    // All at once: who sees that the function is gone may delete its capacity provider.
    this.#store.transaction(() => {
      for (const { qualifier } of versions)
        this.#store.versions.delete(region, qualifiedId(functionName, qualifier));
      if (versionsOf(this.#store, region, functionName).length === 0)
        forgetFunction(this.#store, region, functionName);
    });
    for (const version of versions) this.#releaseInstances(region, version);
  }

  async #endFleet(key: VersionKey): Promise<void> {
    const fleet = this.#fleets.get(fleetId(key));
    this.#fleets.delete(fleetId(key));
    if (fleet) await closeFleet(fleet);
  }

  #releaseInstances(region: string, { configuration, serving }: VersionDocument): void {
    for (const each of [configuration, serving?.configuration]) {
      const provider = each && this.#provider(region, each);
      if (provider) this.#placement.release(region, provider);
    }
  }

  #provider(
    region: string,
    configuration: FunctionConfiguration,
  ): CapacityProviderDocument | undefined {
    const name = providerNameOf(configuration);
    return name === undefined ? undefined : this.#store.providers.get(region, name);
  }

  #version({ region, functionName, qualifier }: VersionKey): VersionDocument | undefined {
    return this.#store.versions.get(region, qualifiedId(functionName, qualifier));
  }

  #change(key: VersionKey, change: (version: VersionDocument) => VersionDocument): void {
    this.#store.transaction(() => {
      const version = this.#version(key);
      if (!version) return;
      const id = qualifiedId(key.functionName, key.qualifier);
      this.#store.versions.put(key.region, id, change(version));
    });
  }

  #pause(step: keyof (typeof delays)["fast"]): Promise<void> {
    const milliseconds = delays[this.#target.timing][step];
    return this.#target.clock.sleep(milliseconds, this.#closing.signal);
  }

  #closed(): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  #inBackground(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) =>
        this.#target.log(`Lambda failed in the background: ${String(error)}`),
      )
      .finally(() => this.#work.delete(running));
    this.#work.add(running);
  }
}

const fleetId = ({ region, functionName, qualifier }: VersionKey) =>
  `${region}/${functionName}:${qualifier}`;

async function closeFleet(fleet: Promise<Fleet>): Promise<void> {
  await (await fleet.catch(() => undefined))?.close();
}
