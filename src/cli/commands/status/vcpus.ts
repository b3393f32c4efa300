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
