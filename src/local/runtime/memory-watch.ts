import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { promisify } from "node:util";

/** One look at the processes of all environments; they differ in their process groups. */
const lookEveryMs = 250;

interface Watched {
  readonly limitBytes: number;
  readonly onExceeded: () => void;
}

const watched = new Map<number, Watched>();
let timer: NodeJS.Timeout | undefined;
let looking = false;

/**
 * Calls back once when the processes of a group together hold more memory than the limit, as the kernel would kill what
 * outgrows its cgroup on AWS. Memory that grows faster than every 250 ms is noticed late. Returns what ends the watch.
 */
export function watchMemory(group: number, limitBytes: number, onExceeded: () => void): () => void {
  watched.set(group, { limitBytes, onExceeded });
  timer ??= setInterval(() => void look(), lookEveryMs).unref();
  return () => {
    watched.delete(group);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

async function look(): Promise<void> {
  if (looking) return;
  looking = true;
  try {
    for (const [group, bytes] of await groupMemory()) {
      const found = watched.get(group);
      if (!found || bytes <= found.limitBytes) continue;
      watched.delete(group);
      found.onExceeded();
    }
  } finally {
    looking = false;
  }
}

/** Resident bytes of the watched groups. Windows has no groups: nothing is enforced there. */
async function groupMemory(): Promise<Map<number, number>> {
  if (process.platform === "linux") return linuxMemory();
  if (process.platform === "darwin") return darwinMemory();
  return new Map();
}

function linuxMemory(): Map<number, number> {
  const groups = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // The name of the command, in parentheses, may have anything in it.
    const fields = read(`/proc/${name}/stat`)
      .replace(/^.*\) /s, "")
      .split(" ");
    const group = Number(fields[2]);
    if (!watched.has(group)) continue;
    // Pages of files can be dropped and count for nobody's end.
    const status = read(`/proc/${name}/status`);
    const kilobytes = kilobytesOf(status, "RssAnon") + kilobytesOf(status, "RssShmem");
    groups.set(group, (groups.get(group) ?? 0) + kilobytes * 1024);
  }
  return groups;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The process ended since the folder was listed.
    return "";
  }
}

const kilobytesOf = (status: string, field: string) =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);

async function darwinMemory(): Promise<Map<number, number>> {
  const groups = new Map<number, number>();
  const { stdout } = await promisify(execFile)("/bin/ps", ["-axo", "pgid=,rss="]);
  for (const line of stdout.split("\n")) {
    const [group = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
    if (watched.has(group)) groups.set(group, (groups.get(group) ?? 0) + kilobytes * 1024);
  }
  return groups;
}
