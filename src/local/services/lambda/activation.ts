import type { FunctionConfiguration, FunctionScalingConfig } from "@aws-sdk/client-lambda";
import type { Fleet } from "../../runtime/fleet.ts";
import { drainingOf, strikeVersion } from "../../faults/failing-versions.ts";
import { InitFailure } from "../../runtime/init-failure.ts";
import type { TargetContext } from "../../service.ts";
import { type ActivationStep, activationDelays } from "./activation-delays.ts";
import { BackgroundWork } from "./background-work.ts";
import type { CapacityProviderDocument, Snapshot, VersionDocument } from "./documents.ts";
import { latest } from "./documents.ts";
import type { EnvironmentCount } from "./environment-count.ts";
import type { Pending, Placement } from "./placement.ts";
import { providerNameOf } from "./provider-use.ts";
import type { RunningFleets } from "./running-fleets.ts";
import { fleetId } from "./running-fleets.ts";
import type { FunctionRuntime } from "./lambda-context.ts";
import type { LambdaStore, VersionKey } from "./store.ts";
import { forgetFunction, qualifiedId, versionsOf } from "./store.ts";
import { failed, scaled, scalingRange, withState } from "./version-state.ts";

/** Requests in flight may end when a version gives way to its successor. */
const drainMs = 900_000;

/** The states of function versions: what becomes Active, Failed, Deactivated or gone, and the processes behind it. */
export class Activation {
  readonly #target: TargetContext;
  readonly #store: LambdaStore;
  readonly #runtime: FunctionRuntime;
  readonly #placement: Placement;
  readonly #count: EnvironmentCount;
  readonly #fleets: RunningFleets;
  readonly #work: BackgroundWork;

  constructor(
    target: TargetContext,
    parts: {
      readonly store: LambdaStore;
      readonly runtime: FunctionRuntime;
      readonly placement: Placement;
      readonly count: EnvironmentCount;
      readonly fleets: RunningFleets;
    },
  ) {
    this.#target = target;
    this.#store = parts.store;
    this.#runtime = parts.runtime;
    this.#placement = parts.placement;
    this.#count = parts.count;
    this.#fleets = parts.fleets;
    this.#work = new BackgroundWork((failure) =>
      target.log(`Lambda failed in the background: ${failure}`),
    );
  }

  /** `$LATEST` of a function that was created: on managed instances it never runs. */
  settleLatest(key: VersionKey): void {
    this.#work.run(async () => {
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
    this.#work.run(() => this.#activate(key));
  }

  /** The processes of a version, started again when the target was restarted since. */
  fleet(key: VersionKey): Promise<Fleet> | undefined {
    return this.#fleets.of(key);
  }

  /** Scaling of a version: 0/0 ends its environments, anything else brings them back or changes their number. */
  scale(key: VersionKey, scaling: FunctionScalingConfig): void {
    if (scaling.MaxExecutionEnvironments === 0) {
      this.#change(key, (version) => withState(version, { State: "Deactivating" }));
      this.#work.run(() => this.#deactivate(key));
      return;
    }
    const { State, LastUpdateStatus } = this.#version(key)?.configuration ?? {};
    const serves = State === "Active" && LastUpdateStatus !== "Failed";
    this.#change(key, (version) =>
      version.configuration.State === "Active"
        ? withState(version, { LastUpdateStatus: "InProgress" })
        : withState(version, { State: "Pending", StateReasonCode: "Creating" }),
    );
    this.#work.run(() => (serves ? this.#resize(key) : this.#activate(key)));
  }

  /** Deletes versions that are marked Deleting, and then the function when nothing of it is left. */
  delete(region: string, functionName: string): void {
    this.#work.run(() => this.#delete(region, functionName));
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
      else if (State === "Deactivating") this.#work.run(() => this.#deactivate(key));
      else if (State === "Pending" || LastUpdateStatus === "InProgress") this.activate(key);
      else if (State === "Active") this.#work.run(() => this.#warmUp(key));
    }
    for (const name of deleting) {
      const [region = "", functionName = ""] = name.split("/");
      this.delete(region, functionName);
    }
  }

  async close(): Promise<void> {
    this.#work.stop();
    await this.#fleets.closeAll();
    await this.#work.ended();
    // Work that was under way may have made another one.
    await this.#fleets.closeAll();
  }

  async #activate(key: VersionKey): Promise<void> {
    await this.#pause("activate");
    const version = this.#version(key);
    if (!version || version.configuration.State === "Deleting" || this.#work.signal.aborted) return;
    // Scaled to 0/0 before, or while, it was published: it is published without environments.
    if (version.requestedScaling?.MaxExecutionEnvironments === 0) {
      this.#change(key, (current) => withState(current, { State: "Deactivating" }));
      return this.#deactivate(key);
    }
    const snapshot = { configuration: version.configuration, code: version.code };
    let placed: Pending | undefined;
    try {
      const environments = scalingRange(version).min;
      strikeVersion(this.#target, key);
      placed = this.#place(key, version, environments);
      await this.#comeUp(key, version, placed);
      if (this.#work.signal.aborted) return;
      const fleet = await this.#runtime.prepare(key.region, snapshot, environments);
      await fleet.open();
      this.#serve(key, snapshot, fleet, placed.instances);
    } catch (error) {
      if (!this.#work.signal.aborted && this.#wants(key, snapshot.configuration))
        this.#failed(key, error);
    }
    if (placed) this.#placement.settle(placed);
    this.#releaseInstances(key.region, version);
  }

  /** The new environments take over; the ones before end when their requests have. */
  #serve(key: VersionKey, serving: Snapshot, fleet: Fleet, instances: readonly string[]): void {
    if (!this.#wants(key, serving.configuration) || this.#work.signal.aborted) {
      this.#work.run(() => fleet.close());
      return;
    }
    const before = this.#fleets.replace(key, fleet);
    this.#change(key, (current) => ({
      ...scaled(current, { State: "Active", LastUpdateStatus: "Successful" }),
      serving,
      instances,
    }));
    if (before) {
      this.#work.run(async () => {
        const old = await before.catch(() => undefined);
        await Promise.race([old?.drain(drainMs), this.#work.stopped()]);
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
    this.#change(key, (version) => failed(version, reason, code));
  }

  /** Brings the number of environments of a version that serves between its new minimum and maximum. */
  async #resize(key: VersionKey): Promise<void> {
    await this.#pause("scale");
    const before = this.#version(key);
    if (!before || this.#work.signal.aborted) return;
    try {
      const fleet = await this.fleet(key);
      const { min, max } = scalingRange(before);
      const { signal } = this.#work;
      if (fleet && fleet.environments < min)
        await this.#count.grow(key, fleet, min, { partly: false, signal });
      else if (fleet && fleet.environments > max) await this.#count.shrink(key, fleet, max);
    } catch (error) {
      if (!this.#work.signal.aborted && this.#wants(key, before.configuration))
        this.#failed(key, error);
      return;
    }
    if (this.#work.signal.aborted) return;
    this.#change(key, (version) =>
      version.configuration.State === "Active"
        ? scaled(version, { LastUpdateStatus: "Successful" })
        : version,
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

  /** Instances first, then the environments on them. */
  async #comeUp({ region }: VersionKey, { configuration }: VersionDocument, placed: Pending) {
    const provider = this.#provider(region, configuration);
    const launching = () => this.#pause("launch");
    if (provider) await this.#placement.arrive({ region, provider, placed, launching });
    await this.#pause("start");
  }

  async #warmUp(key: VersionKey): Promise<void> {
    try {
      await this.fleet(key);
    } catch (error) {
      if (this.#work.signal.aborted) return;
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
    await this.#drained(key);
    await this.#fleets.end(key);
    const before = this.#version(key);
    this.#change(key, ({ instances: _released, ...version }) =>
      version.configuration.State === "Deactivating"
        ? scaled(version, { State: "Deactivated", LastUpdateStatus: "Successful" })
        : version,
    );
    if (before) this.#releaseInstances(key.region, before);
  }

  async #delete(region: string, functionName: string): Promise<void> {
    await this.#pause("delete");
    if (this.#work.signal.aborted) return;
    const versions = versionsOf(this.#store, region, functionName).filter(
      (version) => version.configuration.State === "Deleting",
    );
    for (const { qualifier } of versions) await this.#drained({ region, functionName, qualifier });
    await Promise.all(
      versions.map(({ qualifier }) => this.#fleets.end({ region, functionName, qualifier })),
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

  /** Durable executions end before their version does (State code DrainingDurableExecutions, botocore service model). */
  async #drained(key: VersionKey): Promise<void> {
    const draining = key.qualifier === latest ? undefined : drainingOf(this.#target, key);
    if (!draining) return;
    this.#change(key, (version) => {
      const { State } = version.configuration;
      const told = { StateReasonCode: "DrainingDurableExecutions", StateReason: draining.reason };
      return withState(version, { ...(State && { State }), ...told } as FunctionConfiguration);
    });
    await this.#target.clock.sleep(draining.milliseconds, this.#work.signal);
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

  #pause(step: ActivationStep): Promise<void> {
    const milliseconds = activationDelays[this.#target.timing][step];
    return this.#target.clock.sleep(milliseconds, this.#work.signal);
  }
}
