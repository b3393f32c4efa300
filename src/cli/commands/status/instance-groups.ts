import type { ManagedInstance } from "../../../aws/ports.ts";
import type { InstanceGroup } from "./model.ts";

/** Instances by type, zone and state. */
export function groupsOf(instances: readonly ManagedInstance[]): InstanceGroup[] {
  const groups = Map.groupBy(
    instances,
    ({ instanceType, availabilityZone, state }) => `${instanceType} ${availabilityZone} ${state}`,
  );
  return [...groups.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const { instanceType, availabilityZone, state } = first;
    return [{ instanceType, availabilityZone, state, count: some.length }];
  });
}
