import { execFile } from "node:child_process";
import process from "node:process";
import { promisify } from "node:util";
import { GroupMembers } from "./group-members.ts";

/** One look at the processes of all environments; they differ in their process groups. */
const lookEveryMs = 250;
/** Looks between two searches for processes that the known ones have started: one second. */
const looksForEachSearch = 4;

interface Watched {
  readonly limitBytes: number;
  readonly onExceeded: () => void;
}

const watched = new Map<number, Watched>();
let timer: NodeJS.Timeout | undefined;
let looking = false;
let searching = false;
let looks = 0;
const members = new GroupMembers();

/**
 * Calls back once when the processes of a group together hold more memory than the limit, as the kernel would kill what
 * outgrows its cgroup on AWS. Memory that grows faster than every 250 ms is noticed late, and so is, on Linux, a process
 * that is less than a second old. Returns what ends the watch.
 */
export function watchMemory(group: number, limitBytes: number, onExceeded: () => void): () => void {
  watched.set(group, { limitBytes, onExceeded });
  members.watch(group);
  timer ??= setInterval(() => void look(), lookEveryMs).unref();
  return () => {
    watched.delete(group);
    members.unwatch(group);
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
      members.unwatch(group);
      found.onExceeded();
    }
  } finally {
    looking = false;
  }
}

/** Resident bytes of the watched groups. Windows has no groups: nothing is enforced there. */
async function groupMemory(): Promise<Map<number, number>> {
  if (process.platform === "linux") {
    if (looks++ % looksForEachSearch === 0) void search();
    return members.memory();
  }
  if (process.platform === "darwin") return darwinMemory();
  return new Map();
}

async function search(): Promise<void> {
  if (searching) return;
  searching = true;
  try {
    await members.find();
  } catch {
    // This process has too many files open: the next search is a second away.
  } finally {
    searching = false;
  }
}

async function darwinMemory(): Promise<Map<number, number>> {
  const groups = new Map<number, number>();
  const { stdout } = await promisify(execFile)("/bin/ps", ["-axo", "pgid=,rss="]);
  for (const line of stdout.split("\n")) {
    const [group = 0, kilobytes = 0] = line.trim().split(/\s+/).map(Number);
    if (watched.has(group)) groups.set(group, (groups.get(group) ?? 0) + kilobytes * 1024);
  }
  return groups;
}
