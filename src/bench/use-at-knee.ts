import type { Knee } from "./knee.ts";
import type { EnvironmentUse, Step } from "./step.ts";

/**
 * CPU, memory and number of environments where the knee is: of the step that answered most nearly as much, its CPU in
 * proportion to what the knee answers. The highest rate that held may be far below it, and use far less.
 * undefined: no step was measured so.
 */
export function useAtKnee(steps: readonly Step[], { rps }: Knee): EnvironmentUse | undefined {
  const far = ({ throughput }: Step) => Math.abs(Math.log(throughput / rps));
  const near = steps
    .filter((step) => step.use !== undefined && step.throughput > 0 && !step.interrupted)
    .toSorted((one, other) => far(one) - far(other))[0];
  if (near?.use === undefined || rps <= 0) return undefined;
  const { cpu, ...rest } = near.use;
  return {
    ...rest,
    cpu: cpu === undefined ? undefined : Math.min(100, (cpu * rps) / near.throughput),
  };
}
