/** vCPUs of one execution environment; whole when the memory is a multiple of the ratio. */
export function environmentVCpus(own: {
  readonly memory: number;
  readonly memoryPerVCpu: number;
}): number {
  return own.memory / 1024 / own.memoryPerVCpu;
}

/** Execution environments that Lambda keeps when nothing is set (Lambda developer guide, …-execution-environment). */
export const DEFAULT_MIN_ENVIRONMENTS = 3;
