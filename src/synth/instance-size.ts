export interface Size {
  readonly vCpus: number;
  readonly memoryGiB: number;
}

/** Of every instance 1 vCPU and 1 GiB are Lambda's (sample-aws-lambda-managed-instances, methodology). */
export const reserved: Size = { vCpus: 1, memoryGiB: 1 };

/** GiB for each vCPU (Amazon EC2 instance types). */
export const memoryPerVCpu: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

/** By the names that EC2 gives: large has 2 vCPUs, xlarge 4, 3xlarge 12. undefined of bare metal and other families. */
export function sizeOf(type: string): Size | undefined {
  const [, letter = "", times, size] = /^([cmr])\d.*\.(\d*)(large|xlarge)$/.exec(type) ?? [];
  const ratio = memoryPerVCpu[letter];
  if (ratio === undefined || size === undefined) return undefined;
  const vCpus = size === "large" ? 2 : 4 * Number(times || 1);
  return { vCpus, memoryGiB: vCpus * ratio };
}
