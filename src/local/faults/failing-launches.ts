import type { TargetContext } from "../service.ts";
import { markedReason } from "./fault.ts";
import { openEc2Store } from "../services/ec2/store.ts";
import { LaunchFailure, type LaunchInstance } from "../services/lambda/instance-launch.ts";

/** Launches that fail where the rules say so. Lambda then tries other types, and takes the last reason. */
export function withFaults(target: TargetContext, launch: LaunchInstance): LaunchInstance {
  return (request) => {
    const { region, instanceType, subnetId } = request;
    const [rule] = target.faults.strike({ at: "launch", region });
    if (rule === undefined) return launch(request);
    if (rule.fault === "failed-launch") {
      const text = rule.reason ?? `An instance of type ${instanceType} failed to launch.`;
      throw new LaunchFailure("InternalError", markedReason(text, rule));
    }
    const zone = openEc2Store(target).subnets.get(region, subnetId)?.AvailabilityZone ?? "";
    // EC2 API reference, "Error codes", InsufficientInstanceCapacity, as RunInstances words it.
    const text = `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.`;
    throw new LaunchFailure("InsufficientCapacity", markedReason(rule.reason ?? text, rule));
  };
}
