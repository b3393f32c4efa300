import type { CapacityProvider, FunctionConfiguration } from "@aws-sdk/client-lambda";
import { InitFailure } from "../../runtime/init-failure.ts";
import { markedReason } from "../../faults/fault.ts";
import type { TargetContext } from "../../service.ts";
import type { InstanceDocument } from "../ec2/managed-instances.ts";
import {
  managedInstances,
  runManagedInstance,
  shutDownManagedInstance,
  terminateManagedInstance,
} from "../ec2/managed-instances.ts";
import { openEc2Store } from "../ec2/store.ts";
import type { CapacityProviderDocument } from "./documents.ts";
import type { Shape } from "./instance-choice.ts";
import { allocatable, fitsInto, shapeOf } from "./instance-choice.ts";
import type { LaunchInstance } from "./instance-launch.ts";
import { Launcher, type LaunchRequest } from "./launcher.ts";
import type { ProviderLog } from "./provider-log.ts";
import { aboutInstance } from "./provider-log.ts";
import type { LambdaStore } from "./store.ts";

/** Instances start in as many zones as the provider's subnets have, at most three (observed: one instance each). */
const maxZones = 3;

/** Instances of environments that are starting: not in the state yet, but taken. */
export interface Pending {
  readonly instances: readonly string[];
  readonly shape: Shape;
  /** Why fewer were placed than asked for. */
  readonly shortfall?: InitFailure;
}

export interface PlacementRequest extends LaunchRequest {
  readonly configuration: FunctionConfiguration;
  readonly environments: number;
  /** Instances of the environments that the version has already; new ones go where fewest are. */
  readonly beside?: readonly string[];
  /** Places as many as fit instead of failing. */
  readonly partly?: boolean;
}

export interface Arrival {
  readonly region: string;
  readonly provider: CapacityProviderDocument;
  readonly placed: Pending;
  /** Resolves when instances that are being launched run. */
  readonly launching: () => Promise<void>;
}

/** Finds room for environments on the provider's instances, and launches what is missing. */
export class Placement {
  readonly #target: TargetContext;
  readonly #store: LambdaStore;
  readonly #log: ProviderLog;
  readonly #launcher: Launcher;
  readonly #pending = new Set<Pending>();

  constructor(
    target: TargetContext,
    parts: {
      readonly store: LambdaStore;
      readonly log: ProviderLog;
      readonly launch: LaunchInstance;
      /** False: nobody is held to MaxVCpuCount. Nothing: true. */
      readonly vCpuLimit?: boolean | undefined;
    },
  ) {
    this.#target = target;
    this.#store = parts.store;
    this.#log = parts.log;
    this.#launcher = new Launcher(target, parts);
  }

  /**
   * One instance id for each environment; they stay taken until `settle`. Fails with InitFailure where the provider's
   * limit does not allow it or EC2 does not give an instance.
   */
  place(request: PlacementRequest): Pending {
    const { region, provider, configuration } = request;
    const shape = shapeOf(configuration);
    const subnets = (provider.provider.VpcConfig?.SubnetIds ?? []).slice(0, maxZones);
    const room = this.#room(region, provider.provider, shape);
    const load = this.#environmentsBySubnet(region, request.beside ?? []);
    const placed: string[] = [];
    let shortfall: InitFailure | undefined;
    while (placed.length < request.environments && !shortfall) {
      const subnetId = leastLoaded(subnets, load);
      try {
        const plan = { shape, subnetId, room, subnets };
        placed.push(this.#placeOne(request, plan));
        load.set(subnetId, (load.get(subnetId) ?? 0) + 1);
      } catch (error) {
        if (!request.partly || !(error instanceof InitFailure)) throw error;
        shortfall = error;
      }
    }
    const pending = { instances: placed, shape, ...(shortfall ? { shortfall } : {}) };
    this.#pending.add(pending);
    return pending;
  }

  /**
   * On an instance of the zone, on a new one there, or, where there may be none, on an instance of another zone, new
   * where EC2 had none in the first.
   */
  #placeOne(request: PlacementRequest, plan: LaunchPlan): string {
    let chosen = plan.room.find((each) => each.subnetId === plan.subnetId && hasRoom(each));
    try {
      chosen ??= this.#launch(request, plan);
    } catch (error) {
      if (!(error instanceof InitFailure)) throw error;
      chosen = plan.room.find(hasRoom) ?? this.#launchElsewhere(request, plan, error);
    }
    chosen.free -= 1;
    return chosen.instanceId;
  }

  #launchElsewhere(request: PlacementRequest, plan: LaunchPlan, failure: InitFailure): Room {
    const others = plan.subnets.filter((subnetId) => subnetId !== plan.subnetId);
    for (const subnetId of failure.reasonCode === "InsufficientCapacity" ? others : []) {
      try {
        return this.#launch(request, { ...plan, subnetId });
      } catch (error) {
        if (!(error instanceof InitFailure)) throw error;
      }
    }
    throw failure;
  }

  /** Those of the instances that were only just launched run after a while. */
  async arrive({ region, provider, placed, launching }: Arrival): Promise<void> {
    const ids = new Set(placed.instances);
    const isComing = ({ InstanceId, State }: InstanceDocument) =>
      ids.has(InstanceId) && State?.Name === "pending";
    const coming = () =>
      managedInstances(this.#target, region, provider.provider.CapacityProviderArn ?? "").filter(
        isComing,
      );
    if (coming().length > 0) await launching();
    for (const instance of coming()) {
      runManagedInstance(this.#target, region, instance);
      this.#log.write(region, provider, "Launched", aboutInstance(instance));
    }
  }

  /** The environments are in the state now, or did not come up. */
  settle(pending: Pending): void {
    this.#pending.delete(pending);
  }

  /** Terminates the provider's instances that no environment uses any more. */
  release(region: string, provider: CapacityProviderDocument): void {
    const used = new Set([
      ...this.#store.versions.list(region).flatMap((version) => version.instances ?? []),
      ...[...this.#pending].flatMap(({ instances }) => instances),
    ]);
    this.#terminate(region, provider, (id) => !used.has(id));
  }

  /** Terminates all of a provider that goes away, also what a version that starts or has just gone still claims. */
  releaseAll(region: string, provider: CapacityProviderDocument): InstanceDocument[] {
    this.#terminate(region, provider, () => true);
    return managedInstances(this.#target, region, provider.provider.CapacityProviderArn ?? "");
  }

  /** What environments take of each running instance. */
  allocations(region: string, provider: CapacityProvider): Allocation[] {
    const versions = this.#store.versions.list(region).map((version) => ({
      instances: version.instances ?? [],
      shape: shapeOf((version.serving ?? version).configuration),
    }));
    const inUse = [...versions, ...this.#pending];
    return managedInstances(this.#target, region, provider.CapacityProviderArn ?? "").map(
      (instance) => {
        const taken = { vCpus: 0, memoryGiB: 0 };
        for (const { instances, shape } of inUse) {
          const here = instances.filter((id) => id === instance.InstanceId).length;
          taken.vCpus += here * shape.vCpus;
          taken.memoryGiB += here * shape.memoryGiB;
        }
        return { instance, taken };
      },
    );
  }

  #terminate(
    region: string,
    provider: CapacityProviderDocument,
    isDoomed: (instanceId: string) => boolean,
  ): void {
    const arn = provider.provider.CapacityProviderArn ?? "";
    for (const instance of managedInstances(this.#target, region, arn)) {
      if (!isDoomed(instance.InstanceId)) continue;
      this.#log.write(region, provider, "Terminating", aboutInstance(instance));
      const [rule] = this.#target.faults.strike({ at: "termination", region });
      if (rule?.when === "after") shutDownManagedInstance(this.#target, region, instance);
      else if (rule) {
        const why = markedReason(rule.reason ?? "EC2 did not end the instance.", rule);
        this.#log.write(region, provider, "TerminateFailed", aboutInstance(instance), why);
      } else {
        terminateManagedInstance(this.#target, region, instance.InstanceId);
        this.#log.write(region, provider, "Terminated", aboutInstance(instance));
      }
    }
  }

  /** Launches one more instance, which has room from then on. */
  #launch(request: PlacementRequest, { shape, subnetId, room, subnets }: LaunchPlan): Room {
    const { InstanceId, InstanceType } = this.#launcher.launch(
      request,
      { shape, environments: request.environments / subnets.length },
      subnetId,
    );
    const free = fitsInto(allocatable(InstanceType), shape);
    const launched = { instanceId: InstanceId, subnetId, free };
    room.push(launched);
    return launched;
  }

  /** Free places for this shape on the running instances. */
  #room(region: string, provider: CapacityProvider, shape: Shape): Room[] {
    return this.allocations(region, provider).map(({ instance, taken }) => {
      const all = allocatable(instance.InstanceType);
      const free = {
        vCpus: all.vCpus - taken.vCpus,
        memoryGiB: all.memoryGiB - taken.memoryGiB,
      };
      return {
        instanceId: instance.InstanceId,
        subnetId: instance.SubnetId ?? "",
        free: fitsInto(free, shape),
      };
    });
  }

  #environmentsBySubnet(region: string, instanceIds: readonly string[]): Map<string, number> {
    const load = new Map<string, number>();
    const { instances } = openEc2Store(this.#target);
    for (const id of instanceIds) {
      const subnetId = instances.get(region, id)?.SubnetId ?? "";
      load.set(subnetId, (load.get(subnetId) ?? 0) + 1);
    }
    return load;
  }
}

export interface Allocation {
  readonly instance: InstanceDocument;
  readonly taken: Shape;
}

interface Room {
  readonly instanceId: string;
  readonly subnetId: string;
  free: number;
}

const hasRoom = ({ free }: Room) => free > 0;

interface LaunchPlan {
  readonly shape: Shape;
  readonly subnetId: string;
  readonly room: Room[];
  /** One in each zone. */
  readonly subnets: readonly string[];
}

function leastLoaded(subnets: readonly string[], load: ReadonlyMap<string, number>): string {
  const count = (subnetId: string) => load.get(subnetId) ?? 0;
  const [first = ""] = subnets;
  return subnets.reduce((best, each) => (count(each) < count(best) ? each : best), first);
}
