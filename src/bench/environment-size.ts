import { environmentVCpus } from "../synth/environments.ts";
import { concurrencyPerVCpu } from "../synth/runtimes.ts";
import type { FunctionSettings } from "../synth/settings.ts";
import { isLowerBound, type Knee } from "./knee.ts";
import type { EnvironmentUse } from "./step.ts";

/** Lambda's Auto scaling keeps room for a load half as large again (Lambda developer guide, …-scaling). */
export const headroom = 1.5;
/** Percent of an environment's vCPUs or memory that may be in use at the knee: beyond it times grow. */
const wellUsed = 75;
/** botocore service model lambda, PerExecutionEnvironmentMaxConcurrency, and 64 for each vCPU (…-scaling). */
const mostConcurrency = 1600;
const mostPerVCpu = 64;
/** MB (Lambda developer guide, …-execution-environment). */
const memoryBounds = { least: 2048, most: 32_768 } as const;
const ratios = [2, 4, 8] as const;

export interface Size {
  readonly settings: Pick<FunctionSettings, "memory" | "memoryPerVCpu">;
  readonly reason: string;
}

/** The smallest environments that hold what one used at the knee, one for each ratio of memory to vCPUs. */
export function sizesFor(
  own: FunctionSettings,
  use: EnvironmentUse | undefined,
  knee: Knee,
): readonly Size[] {
  const { memory, memoryPerVCpu } = own;
  const { cpu, memory: memoryUse } = use ?? {};
  if (cpu === undefined || memoryUse === undefined) {
    const reason = `memory ${memory} MB at ${memoryPerVCpu} GiB a vCPU: as it is, since CPU and memory were not measured`;
    return [{ settings: { memory, memoryPerVCpu }, reason }];
  }
  const vCpus = (environmentVCpus(own) * cpu) / wellUsed;
  const megabytes = (memory * memoryUse) / wellUsed;
  const where = isLowerBound(knee) ? "at the most that was tried" : "at the knee";
  const seen = `${where} ${rounded(cpu)} % of ${environmentVCpus(own)} vCPU and ${rounded(memoryUse)} % of ${memory} MB were in use`;
  return ratios.map((ratio) => {
    const step = ratio * 1024;
    const wanted = Math.max(megabytes, vCpus * step, memoryBounds.least);
    const chosen = Math.min(Math.ceil(wanted / step) * step, memoryBounds.most);
    const reason = `memory ${chosen} MB at ${ratio} GiB a vCPU, the cheapest that holds it: ${seen}`;
    return { settings: { memory: chosen, memoryPerVCpu: ratio }, reason };
  });
}

/**
 * Requests that an environment should take at once: what is under way in it at the knee by Little's law, and three
 * standard deviations of independent callers more, since what finds no room is refused. Unless the CPU is well used
 * there, nothing speaks for less than there is.
 * @param rps of one environment
 */
export function concurrencyFor(
  own: FunctionSettings,
  size: Size,
  {
    knee,
    use,
    durationMs,
  }: {
    readonly knee: Knee;
    readonly use: EnvironmentUse | undefined;
    readonly durationMs: number;
  },
  rps: number,
): { readonly value: number; readonly reason: string } {
  const most = Math.min(mostConcurrency, Math.floor(mostPerVCpu * environmentVCpus(size.settings)));
  const now = own.concurrency ?? concurrencyPerVCpu(own.runtime) * environmentVCpus(own);
  if (isLowerBound(knee)) {
    const value = Math.min(most, now);
    return { value, reason: `concurrency ${value}: as it is, since the knee was not reached` };
  }
  const underWay = (rps * durationMs) / 1000;
  const atOnce = underWay * roomIn(knee, use);
  const wanted = Math.ceil(atOnce + 3 * Math.sqrt(atOnce));
  const kept = reasonToKeep(use);
  const value = Math.max(1, Math.min(most, kept ? Math.max(wanted, Math.ceil(now)) : wanted));
  const reason =
    kept && wanted < value
      ? `concurrency ${value}: as it is, ${kept}`
      : concurrencyReason(value, underWay, { knee, use });
  return { value, reason };
}

/** Below what is well used, fewer requests at once would leave still more of it idle. */
function reasonToKeep(use: EnvironmentUse | undefined): string | undefined {
  if (use?.cpu === undefined) return "since CPU was not measured";
  return use.cpu < wellUsed / 2
    ? `since ${rounded(use.cpu)} % CPU at the knee is no reason for less`
    : undefined;
}

function concurrencyReason(
  value: number,
  underWay: number,
  { knee, use }: { readonly knee: Knee; readonly use: EnvironmentUse | undefined },
): string {
  const cpu = use?.cpu === undefined ? "" : `, at ${rounded(use.cpu)} % CPU`;
  return knee.limit === "throttles"
    ? `concurrency ${value}: ${rounded(underWay)} requests were under way in an environment when Lambda began to refuse${cpu}`
    : `concurrency ${value}: ${rounded(underWay)} requests are under way in an environment at the knee, the time in the network counted with them, and more come at once; beyond that they would wait in it, where Lambda could send them elsewhere`;
}

/** Where requests are refused while the CPU is idle, more of them fit: as many as its use allows, at most four times. */
function roomIn({ limit }: Knee, use: EnvironmentUse | undefined): number {
  if (limit !== "throttles" || use?.cpu === undefined) return 1;
  return Math.min(4, Math.max(1, wellUsed / Math.max(1, use.cpu)));
}

/** To three figures. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
