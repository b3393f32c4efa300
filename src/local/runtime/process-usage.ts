import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { join } from "node:path";

/** What a process has used since its start. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  /** Resident memory now. */
  readonly memoryBytes: number;
}

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick is (proc(5), sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;

/** CPU time and memory of a process with all its threads; undefined where it is gone, or the system is not Linux. */
export async function processUsage(pid: number, proc = "/proc"): Promise<ProcessUsage | undefined> {
  if (platform() !== "linux") return undefined;
  const read = (file: string) => readFile(join(proc, String(pid), file), "utf8");
  try {
    return parse(await read("stat"), await read("status"));
  } catch {
    // It ended since it was listed.
    return undefined;
  }
}

/**
 * The fields of `stat` behind the name, which is in parentheses and may hold anything (proc(5)). Memory is in pages
 * there, of a size that differs between machines; `status` tells it in kilobytes, and nothing once the process ended.
 */
function parse(stat: string, status: string): ProcessUsage | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const number = (field: number) => Number(fields[field - 3]);
  const cpuSeconds = (number(14) + number(15)) / ticksPerSecond;
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  return Number.isFinite(cpuSeconds) ? { cpuSeconds, memoryBytes: kilobytes * 1024 } : undefined;
}
