import { InitFailure } from "../../runtime/init-failure.ts";
import type { TargetContext } from "../../service.ts";
import type { InstanceDocument, InstanceTypeInfo } from "../ec2/managed-instances.ts";
import { instanceTypeTable, managedInstances } from "../ec2/managed-instances.ts";
import { openEc2Store } from "../ec2/store.ts";
import type { CapacityProviderDocument } from "./documents.ts";
import type { Shape } from "./instance-choice.ts";
import { instanceTypes } from "./instance-choice.ts";
import type { LaunchInstance } from "./instance-launch.ts";
import { LaunchFailure, UnhealthyInstance } from "./instance-launch.ts";
import { defaultMaxVCpus } from "./limits.ts";
import type { ProviderLog } from "./provider-log.ts";
import { aboutInstance } from "./provider-log.ts";

/** Launches tried for one instance, each with another type, before the request fails. */
const maxAttempts = 3;

export interface LaunchRequest {
  readonly region: string;
  readonly provider: CapacityProviderDocument;
}

/** What is to run on the instance. */
interface Wanted {
  readonly shape: Shape;
  readonly environments: number;
}

/** Launches a provider's instances, and tells its log of them. */
export class Launcher {
  readonly #target: TargetContext;
  readonly #log: ProviderLog;
  readonly #launchInstance: LaunchInstance;
  readonly #isLimited: boolean;

  constructor(
    target: TargetContext,
    parts: {
      readonly log: ProviderLog;
      readonly launch: LaunchInstance;
      /** False: nobody is held to MaxVCpuCount. Nothing: true. */
      readonly vCpuLimit?: boolean | undefined;
    },
  ) {
    this.#target = target;
    this.#log = parts.log;
    this.#launchInstance = parts.launch;
    this.#isLimited = parts.vCpuLimit ?? true;
  }

  /**
   * Launches one more instance; after a failure that may pass, of the next best types. Fails with InitFailure where the
   * provider's limit does not allow it or EC2 does not give an instance.
   */
  launch(request: LaunchRequest, wanted: Wanted, subnetId: string): InstanceDocument {
    const { provider } = request.provider;
    const types = instanceTypes(provider, wanted.shape, wanted.environments);
    let failure: InitFailure | undefined;
    for (const type of types.slice(0, maxAttempts)) {
      try {
        this.#checkLimit(request, type, subnetId);
        return this.#launchOne(request, type, subnetId);
      } catch (error) {
        // Said first is what the version is told: the next type may only be too large for the limit.
        if (error instanceof InitFailure) failure ??= error;
        if (!(error instanceof LaunchFailure && error.retryable)) throw failure ?? error;
      }
    }
    throw failure ?? new InitFailure("InsufficientCapacity", "No instance could be launched.");
  }

  #launchOne(request: LaunchRequest, type: InstanceTypeInfo, subnetId: string): InstanceDocument {
    const { region, provider } = request;
    const { PropagateTags, VpcConfig, CapacityProviderArn = "" } = provider.provider;
    const zone = openEc2Store(this.#target).subnets.get(region, subnetId)?.AvailabilityZone;
    const planned = { availabilityZone: zone, instanceType: type.instanceType };
    try {
      const instance = this.#launchInstance({
        region,
        capacityProviderArn: CapacityProviderArn,
        subnetId,
        securityGroupIds: VpcConfig?.SecurityGroupIds ?? [],
        instanceType: type.instanceType,
        tags: PropagateTags?.ExplicitTags ?? {},
      });
      this.#log.write(region, provider, "Launching", aboutInstance(instance));
      return instance;
    } catch (error) {
      if (error instanceof UnhealthyInstance) {
        this.#tellUnhealthy(request, error);
      } else if (error instanceof LaunchFailure) {
        this.#log.write(region, provider, "Launching", planned);
        const why = `${error.message}${error.retryable ? " - the system will retry" : ""}`;
        this.#log.write(region, provider, "LaunchFailed", planned, why);
      }
      throw error;
    }
  }

  #tellUnhealthy({ region, provider }: LaunchRequest, { instance, message }: UnhealthyInstance) {
    const about = aboutInstance(instance);
    for (const event of ["Launching", "Launched"] as const)
      this.#log.write(region, provider, event, about);
    this.#log.write(region, provider, "HealthCheckFailed", about, message);
    for (const event of ["Terminating", "Terminated"] as const)
      this.#log.write(region, provider, event, about);
  }

  #checkLimit({ region, provider }: LaunchRequest, type: InstanceTypeInfo, subnetId: string): void {
    const { CapacityProviderArn = "", CapacityProviderScalingConfig } = provider.provider;
    const running = managedInstances(this.#target, region, CapacityProviderArn);
    const vCpus = running.reduce((sum, { InstanceType }) => sum + vCpusOf(InstanceType), 0);
    const limit = CapacityProviderScalingConfig?.MaxVCpuCount ?? defaultMaxVCpus;
    if (!this.#isLimited || vCpus + type.vCpus <= limit) return;
    const zone = openEc2Store(this.#target).subnets.get(region, subnetId)?.AvailabilityZone;
    const planned = { availabilityZone: zone, instanceType: type.instanceType };
    const why = `would exceed MaxVCpuCount (${vCpus} of ${limit} vCPUs in use)`;
    this.#log.write(region, provider, "LaunchFailed", planned, why);
    throw new InitFailure(
      "CapacityProviderScalingLimitExceeded",
      `The capacity provider has ${vCpus} vCPUs and may have ${limit}: no room for another ${type.instanceType} (${type.vCpus} vCPUs).`,
    );
  }
}

const vCpusOf = (type: string | undefined) => instanceTypeTable.get(type ?? "")?.vCpus ?? 0;
