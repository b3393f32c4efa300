import type { CapacityProvider, FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { InstanceTypeInfo } from "../ec2/managed-instances.ts";
import {
  instanceTypeTable,
  launchManagedInstance,
  managedInstances,
  terminateManagedInstance,
} from "../ec2/managed-instances.ts";
import type { TargetContext } from "../../service.ts";
import type { InitFailureCode } from "../../runtime/init-failure.ts";
import { InitFailure } from "../../runtime/init-failure.ts";
import { ServiceError } from "../../service-error.ts";
import type { CapacityProviderDocument } from "./documents.ts";
import { environmentVCpus } from "./validation.ts";
import type { ProviderLog } from "./provider-log.ts";
import type { LambdaStore } from "./store.ts";

/** Instances start in as many zones as the provider's subnets have, at most three (observed: one instance each). */
const maxZones = 3;
/** Of every instance 1 vCPU and 1 GiB are kept for the system (sample-aws-lambda-managed-instances, CALCULATOR_METHODOLOGY). */
const reserved = { vCpus: 1, memoryGiB: 1 };

/** Environments of one shape that fit on one instance. */
function environmentsPerInstance(type: InstanceTypeInfo, environment: Shape): number {
  return Math.floor(
    Math.min(
      (type.vCpus - reserved.vCpus) / environment.vCpus,
      (type.memoryGiB - reserved.memoryGiB) / environment.memoryGiB,
    ),
  );
}

interface Shape {
  readonly vCpus: number;
  readonly memoryGiB: number;
}

/** Instances of environments that are starting: not in the state yet, but taken. */
export interface Pending {
  readonly instances: readonly string[];
  readonly shape: Shape;
}

export interface PlacementRequest {
  readonly region: string;
  readonly provider: CapacityProviderDocument;
  readonly configuration: FunctionConfiguration;
  readonly environments: number;
}

/** Finds room for environments on the provider's instances, and launches what is missing. */
export class Placement {
  readonly #target: TargetContext;
  readonly #store: LambdaStore;
  readonly #log: ProviderLog;
  readonly #pending = new Set<Pending>();

  constructor(target: TargetContext, store: LambdaStore, log: ProviderLog) {
    this.#target = target;
    this.#store = store;
    this.#log = log;
  }

  /**
   * One instance id for each environment; they stay taken until `settle`. Fails with InitFailure when the provider's
   * limit does not allow it.
   */
  place(request: PlacementRequest): Pending {
    const { region, provider, configuration } = request;
    const shape = shapeOf(configuration);
    const subnets = (provider.provider.VpcConfig?.SubnetIds ?? []).slice(0, maxZones);
    const wanted = instanceType(provider.provider, shape, request.environments / subnets.length);
    const room = this.#room(region, provider.provider, shape);
    const placed: string[] = [];
    for (let index = 0; index < request.environments; index += 1) {
      const subnetId = subnets[index % subnets.length] ?? "";
      const free =
        room.find((instance) => instance.subnetId === subnetId && instance.free > 0) ??
        this.#launch(request, wanted, subnetId, shape, room);
      free.free -= 1;
      placed.push(free.instanceId);
    }
    const pending = { instances: placed, shape };
    this.#pending.add(pending);
    return pending;
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
  releaseAll(region: string, provider: CapacityProviderDocument): void {
    this.#terminate(region, provider, () => true);
  }

  #terminate(
    region: string,
    provider: CapacityProviderDocument,
    isDoomed: (instanceId: string) => boolean,
  ): void {
    const arn = provider.provider.CapacityProviderArn ?? "";
    for (const instance of managedInstances(this.#target, region, arn)) {
      if (!isDoomed(instance.InstanceId)) continue;
      this.#log.write(region, provider, "Terminating", instance);
      terminateManagedInstance(this.#target, region, instance.InstanceId);
      this.#log.write(region, provider, "Terminated", instance);
    }
  }

  #launch(
    request: PlacementRequest,
    type: InstanceTypeInfo,
    subnetId: string,
    shape: Shape,
    room: Room[],
  ): Room {
    const { region, provider } = request;
    const arn = provider.provider.CapacityProviderArn ?? "";
    const running = managedInstances(this.#target, region, arn);
    const vCpus = running.reduce((sum, { InstanceType }) => sum + vCpusOf(InstanceType), 0);
    const limit = provider.provider.CapacityProviderScalingConfig?.MaxVCpuCount ?? 400;
    if (vCpus + type.vCpus > limit) {
      throw new InitFailure(
        "CapacityProviderScalingLimitExceeded",
        `The capacity provider has ${vCpus} vCPUs and may have ${limit}: no room for another ${type.instanceType} (${type.vCpus} vCPUs).`,
      );
    }
    const { ExplicitTags = {} } = provider.provider.PropagateTags ?? {};
    const instance = withLaunchFailures(() =>
      launchManagedInstance(this.#target, {
        region,
        capacityProviderArn: arn,
        subnetId,
        securityGroupIds: provider.provider.VpcConfig?.SecurityGroupIds ?? [],
        instanceType: type.instanceType,
        tags: ExplicitTags,
      }),
    );
    this.#log.write(region, provider, "Launching", instance);
    this.#log.write(region, provider, "Launched", instance);
    const launched = {
      instanceId: instance.InstanceId,
      subnetId,
      free: environmentsPerInstance(type, shape),
    };
    room.push(launched);
    return launched;
  }

  /** Free places for this shape on the running instances. */
  #room(region: string, provider: CapacityProvider, shape: Shape): Room[] {
    const versions = this.#store.versions.list(region).map((version) => ({
      instances: version.instances ?? [],
      shape: shapeOf((version.serving ?? version).configuration),
    }));
    const inUse = [...versions, ...this.#pending];
    return managedInstances(this.#target, region, provider.CapacityProviderArn ?? "").map(
      (instance) => {
        const type = instanceTypeTable.get(instance.InstanceType ?? "");
        let vCpus = (type?.vCpus ?? 0) - reserved.vCpus;
        let memoryGiB = (type?.memoryGiB ?? 0) - reserved.memoryGiB;
        for (const { instances, shape: taken } of inUse) {
          const here = instances.filter((id) => id === instance.InstanceId).length;
          vCpus -= here * taken.vCpus;
          memoryGiB -= here * taken.memoryGiB;
        }
        return {
          instanceId: instance.InstanceId,
          subnetId: instance.SubnetId ?? "",
          free: Math.floor(Math.min(vCpus / shape.vCpus, memoryGiB / shape.memoryGiB)),
        };
      },
    );
  }
}

interface Room {
  readonly instanceId: string;
  readonly subnetId: string;
  free: number;
}

function shapeOf(configuration: FunctionConfiguration): Shape {
  return {
    vCpus: environmentVCpus(configuration),
    memoryGiB: (configuration.MemorySize ?? 0) / 1024,
  };
}

const vCpusOf = (type: string | undefined) => instanceTypeTable.get(type ?? "")?.vCpus ?? 0;

const launchFailures: Readonly<Record<string, InitFailureCode>> = {
  InsufficientFreeAddressesInSubnet: "SubnetOutOfIPAddresses",
  "InvalidSubnetID.NotFound": "InvalidSubnet",
  "InvalidGroup.NotFound": "InvalidSecurityGroup",
};

function withLaunchFailures<Result>(launch: () => Result): Result {
  try {
    return launch();
  } catch (error) {
    const code = error instanceof ServiceError ? launchFailures[error.code] : undefined;
    throw code && error instanceof Error ? new InitFailure(code, error.message) : error;
  }
}

/** Lambda prefers C for 2 GiB a vCPU, M for 4 and R for 8, and newer generations (Lambda developer guide, …-capacity-providers). */
const families: Readonly<Record<number, string>> = { 2: "c", 4: "m", 8: "r" };

/** The smallest type that the provider allows and that holds `environments`, or at least one, of this shape. */
function instanceType(
  provider: CapacityProvider,
  shape: Shape,
  environments: number,
): InstanceTypeInfo {
  const requirements = provider.InstanceRequirements ?? {};
  const architecture = requirements.Architectures?.[0] ?? "x86_64";
  const allowed = new Set(requirements.AllowedInstanceTypes ?? []);
  const excluded = new Set(requirements.ExcludedInstanceTypes ?? []);
  const fitting = [...instanceTypeTable.values()].filter(
    (type) =>
      type.architecture === architecture &&
      (allowed.size === 0 || allowed.has(type.instanceType)) &&
      !excluded.has(type.instanceType) &&
      environmentsPerInstance(type, shape) >= 1,
  );
  const family = families[Math.round(shape.memoryGiB / shape.vCpus)] ?? "m";
  const cost = (type: InstanceTypeInfo) =>
    type.vCpus * 10 + type.memoryGiB + (type.instanceType.startsWith(family) ? 0 : 15);
  const roomy = fitting.filter((type) => environmentsPerInstance(type, shape) >= environments);
  const chosen = (roomy.length > 0 ? roomy : fitting).toSorted(
    (one, other) =>
      cost(one) - cost(other) ||
      other.instanceType.localeCompare(one.instanceType, "en", { numeric: true }),
  )[0];
  if (!chosen) {
    throw new InitFailure(
      "InsufficientCapacity",
      `No instance type that the capacity provider allows holds an execution environment with ${shape.vCpus} vCPUs and ${shape.memoryGiB} GiB.`,
    );
  }
  return chosen;
}
