import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Processes of the watched groups on Linux, so that a look at their memory reads theirs alone and not all of /proc. */
export class GroupMembers {
  readonly #proc: string;
  readonly #watched = new Set<number>();
  /** Groups of processes, by pid. */
  readonly #members = new Map<number, number>();

  constructor(proc = "/proc") {
    this.#proc = proc;
  }

  /** The leader of the group is a member from the start. */
  watch(group: number): void {
    this.#watched.add(group);
    this.#members.set(group, group);
  }

  unwatch(group: number): void {
    this.#watched.delete(group);
    for (const [pid, member] of this.#members) if (member === group) this.#members.delete(pid);
  }

  /** Looks for processes that the members have started. Many files: they are read one by one, while others work. */
  async find(): Promise<void> {
    for (const name of await readdir(this.#proc)) {
      if (!/^\d+$/.test(name) || this.#members.has(Number(name))) continue;
      const group = groupOf(await readFile(join(this.#proc, name, "stat"), "utf8").catch(ended));
      if (this.#watched.has(group)) this.#members.set(Number(name), group);
    }
  }

  /** Bytes of each group that nobody could drop; pages of files count for nobody's end. */
  memory(): Map<number, number> {
    const groups = new Map<number, number>();
    for (const [pid, group] of this.#members) {
      // A process that has ended may have left its number to another.
      if (groupOf(this.#read(pid, "stat")) !== group) {
        this.#members.delete(pid);
        continue;
      }
      const status = this.#read(pid, "status");
      const kilobytes = kilobytesOf(status, "RssAnon") + kilobytesOf(status, "RssShmem");
      groups.set(group, (groups.get(group) ?? 0) + kilobytes * 1024);
    }
    return groups;
  }

  #read(pid: number, file: string): string {
    try {
      return readFileSync(join(this.#proc, String(pid), file), "utf8");
    } catch {
      return ended();
    }
  }
}

const ended = () => "";

/** The name of the command, in parentheses, may have anything in it (proc(5), /proc/pid/stat). */
const groupOf = (stat: string) => Number(stat.replace(/^.*\) /s, "").split(" ")[2]);

const kilobytesOf = (status: string, field: string) =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
