import type { ManagedInstance } from "../../../aws/ports.ts";
import type { InstanceGroup } from "./model.ts";

/** Instances by type, zone and state, in that order: EC2 tells them in any. */
export function groupsOf(instances: readonly ManagedInstance[]): InstanceGroup[] {
  const groups = Map.groupBy(
    instances,
    ({ instanceType, availabilityZone, state }) => `${instanceType} ${availabilityZone} ${state}`,
  );
  const ordered = [...groups].toSorted(([one], [other]) => one.localeCompare(other, "en"));
  return ordered.flatMap(([, some]) => {
    const [first] = some;
    if (first === undefined) return [];
    const { instanceType, availabilityZone, state } = first;
    return [{ instanceType, availabilityZone, state, count: some.length }];
  });
}
