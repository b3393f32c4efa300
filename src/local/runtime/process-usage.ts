import { readFile } from "node:fs/promises";
import { platform } from "node:os";

/** What a process has used since its start. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  /** Resident memory now. */
  readonly memoryBytes: number;
}

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick is (proc(5), sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;
const pageBytes = 4096;

/** CPU time and memory of a process with all its threads; undefined where it is gone, or the system is not Linux. */
export async function processUsage(pid: number): Promise<ProcessUsage | undefined> {
  if (platform() !== "linux") return undefined;
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // It ended since it was listed.
    return undefined;
  }
}

/** The fields behind the name, which is in parentheses and may hold anything (proc(5), /proc/pid/stat). */
function parseStat(text: string): ProcessUsage | undefined {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const number = (field: number) => Number(fields[field - 3]);
  const cpuSeconds = (number(14) + number(15)) / ticksPerSecond;
  const memoryBytes = number(24) * pageBytes;
  return Number.isFinite(cpuSeconds + memoryBytes) ? { cpuSeconds, memoryBytes } : undefined;
}
