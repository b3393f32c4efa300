/** vCPUs of one execution environment; whole when the memory is a multiple of the ratio. */
export function environmentVCpus(own: {
  readonly memory: number;
  readonly memoryPerVCpu: number;
}): number {
  return own.memory / 1024 / own.memoryPerVCpu;
}

/** Execution environments that Lambda keeps when nothing is set (Lambda developer guide, …-execution-environment). */
export const DEFAULT_MIN_ENVIRONMENTS = 3;

/** The most that FunctionScalingConfig takes (botocore service model lambda). */
export const MAX_ENVIRONMENTS = 15_000;

/** Published versions that run: `$LATEST.PUBLISHED`, and a numbered one where an alias is at a version. */
export function versionsOf({
  aliases,
}: {
  readonly aliases: Readonly<Record<string, string>>;
}): 1 | 2 {
  return Object.values(aliases).includes("version") ? 2 : 1;
}

/** Execution environments of one version that run when nothing is asked of it. */
export function minimumOf({
  minEnvironments,
}: {
  readonly minEnvironments: number | undefined;
}): number {
  return minEnvironments ?? DEFAULT_MIN_ENVIRONMENTS;
}
