import type { TargetContext } from "../service.ts";
import { markedReason, type StruckRule } from "./fault.ts";
import { terminateManagedInstance } from "../services/ec2/managed-instances.ts";
import { openEc2Store } from "../services/ec2/store.ts";
import {
  LaunchFailure,
  type LaunchFailureCode,
  launchFailureCodes,
  type LaunchInstance,
  UnhealthyInstance,
} from "../services/lambda/instance-launch.ts";

/** Launches that fail where the rules say so. Lambda then tries other types, and takes the last reason. */
export function withFaults(target: TargetContext, launch: LaunchInstance): LaunchInstance {
  return (request) => {
    const { region, instanceType, subnetId } = request;
    const [rule] = target.faults.strike({ at: "launch", region });
    if (rule === undefined) return launch(request);
    if (rule.fault === "unhealthy-instance") {
      const instance = launch(request);
      terminateManagedInstance(target, region, instance.InstanceId);
      const text = rule.reason ?? "The instance did not pass its health check.";
      throw new UnhealthyInstance(instance, markedReason(text, rule));
    }
    const zone = openEc2Store(target).subnets.get(region, subnetId)?.AvailabilityZone ?? "";
    const code = codeOf(rule);
    const text = rule.reason ?? usual[code]({ instanceType, subnetId, zone });
    throw new LaunchFailure(code, markedReason(text, rule));
  };
}

function codeOf({ fault, code }: StruckRule): LaunchFailureCode {
  if (fault === "insufficient-capacity") return "InsufficientCapacity";
  return launchFailureCodes.find((known) => known === code) ?? "InternalError";
}

interface Launch {
  readonly instanceType: string;
  readonly subnetId: string;
  readonly zone: string;
}

/** EC2's messages (EC2 API reference, "Error codes"), as RunInstances words them. */
const usual: Readonly<Record<LaunchFailureCode, (launch: Launch) => string>> = {
  EC2RequestLimitExceeded: () => "Request limit exceeded.",
  InsufficientCapacity: ({ instanceType, zone }) =>
    `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.`,
  InternalError: ({ instanceType }) => `An instance of type ${instanceType} failed to launch.`,
  InvalidSecurityGroup: () => "The security group of the capacity provider does not exist",
  InvalidSubnet: ({ subnetId }) => `The subnet ID '${subnetId}' does not exist`,
  SubnetOutOfIPAddresses: ({ subnetId }) =>
    `There are not enough free addresses in subnet '${subnetId}' to satisfy the requested number of instances.`,
  VcpuLimitExceeded: () =>
    "You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
};
