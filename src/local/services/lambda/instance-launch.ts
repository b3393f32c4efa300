import type { InitFailureCode } from "../../runtime/init-failure.ts";
import { InitFailure } from "../../runtime/init-failure.ts";
import type { TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { InstanceDocument, ManagedInstanceRequest } from "../ec2/managed-instances.ts";
import { launchManagedInstance } from "../ec2/managed-instances.ts";

/**
 * Where the instances of capacity providers come from. It answers a running instance, or throws a LaunchFailure where
 * EC2 would not have given one. What breaks launches on purpose wraps this.
 */
export type LaunchInstance = (request: ManagedInstanceRequest) => InstanceDocument;

/** What may keep EC2 from giving an instance, as Lambda's reason codes name it (botocore service model). */
export const launchFailureCodes = [
  "EC2RequestLimitExceeded",
  "InsufficientCapacity",
  "InternalError",
  "InvalidSecurityGroup",
  "InvalidSubnet",
  "SubnetOutOfIPAddresses",
  "VcpuLimitExceeded",
] as const satisfies readonly InitFailureCode[];
export type LaunchFailureCode = (typeof launchFailureCodes)[number];

/** One instance was not launched. Another type, or another attempt, may succeed where `retryable`. */
export class LaunchFailure extends InitFailure {
  readonly retryable: boolean;

  constructor(reasonCode: LaunchFailureCode, message: string) {
    super(reasonCode, message);
    this.name = "LaunchFailure";
    this.retryable = reasonCode === "InsufficientCapacity" || reasonCode === "InternalError";
  }
}

/** An instance that was launched, did not become healthy and was ended. */
export class UnhealthyInstance extends LaunchFailure {
  readonly instance: InstanceDocument;

  constructor(instance: InstanceDocument, message: string) {
    super("InternalError", message);
    this.name = "UnhealthyInstance";
    this.instance = instance;
  }
}

const codes: Readonly<Record<string, LaunchFailureCode>> = {
  InsufficientFreeAddressesInSubnet: "SubnetOutOfIPAddresses",
  InsufficientInstanceCapacity: "InsufficientCapacity",
  "InvalidSubnetID.NotFound": "InvalidSubnet",
  "InvalidGroup.NotFound": "InvalidSecurityGroup",
  RequestLimitExceeded: "EC2RequestLimitExceeded",
  VcpuLimitExceeded: "VcpuLimitExceeded",
};

/** Instances as this target's EC2 keeps them. */
export function launchFromEc2(target: TargetContext): LaunchInstance {
  return (request) => {
    try {
      return launchManagedInstance(target, request);
    } catch (error) {
      const code = error instanceof ServiceError ? codes[error.code] : undefined;
      throw code && error instanceof Error ? new LaunchFailure(code, error.message) : error;
    }
  };
}
