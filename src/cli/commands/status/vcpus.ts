import type { InstanceTypeLoad } from "./load.ts";

/** What the name of a size says, in every family that Managed Instances use (EC2 instance types: C, M and R). */
const smallSizes: Readonly<Record<string, number>> = { medium: 1, large: 2, xlarge: 4 };

/** vCPUs of an instance type, by its name; undefined for sizes that do not say (`metal`). */
export function vCpusOf(instanceType: string): number | undefined {
  const size = instanceType.slice(instanceType.indexOf(".") + 1);
  const multiple = /^(?:metal-)?(\d+)xl(?:arge)?$/.exec(size)?.[1];
  return multiple === undefined ? smallSizes[size] : Number(multiple) * 4;
}

/** Of all of them; undefined where one is not known. */
export function vCpusOfAll(instanceTypes: readonly string[]): number | undefined {
  let sum = 0;
  for (const type of instanceTypes) {
    const own = vCpusOf(type);
    if (own === undefined) return undefined;
    sum += own;
  }
  return sum;
}

interface Use {
  readonly allocated: number | undefined;
  readonly available: number | undefined;
}

/**
 * What environments take of the instances that run, and what is free. Types that are gone still have metrics, and what
 * was measured before an instance went adds up to more than runs: undefined where the figures are not of what runs now.
 * @param running types of the instances that run
 * @param loads of all types that there are metrics of
 */
export function vCpusInUse(
  running: readonly string[] | undefined,
  loads: readonly InstanceTypeLoad[] | undefined,
): Use {
  const unknown = { allocated: undefined, available: undefined };
  if (running === undefined || loads === undefined) return unknown;
  const own = [...new Set(running)].map((type) => loads.find((load) => load.instanceType === type));
  const sum = { allocated: 0, available: 0 };
  for (const load of own) {
    if (!load?.vCpusAllocated || !load.vCpusAvailable) return unknown;
    sum.allocated += load.vCpusAllocated.value;
    sum.available += load.vCpusAvailable.value;
  }
  const all = vCpusOfAll(running);
  const fits = all !== undefined && own.length > 0 && sum.allocated + sum.available <= all + 0.01;
  return fits ? sum : unknown;
}
