import { type FSWatcher, statSync, watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";

/** Tells of saves in folders. */
export interface FolderWatch {
  /** Watches these folders, each without what is below it, and no others from now on. */
  readonly set: (folders: readonly string[]) => void;
  /** Absolute paths that changed since the last call; waits for the first one. Rejects when the signal aborts. */
  readonly next: (signal: AbortSignal) => Promise<ReadonlySet<string>>;
  /** What has changed so far is taken for seen. */
  readonly forget: () => ReadonlySet<string>;
  readonly close: () => void;
}

/** Names that hold no source: packages, version control, and what tools of the languages build. */
const noSource = /^(node_modules|target|build|dist|out|bin|obj|cdk\.out|venv|__pycache__|\..*)$/;
/** Swap files, backups, and what vim writes to see whether it may. */
const noFile = /^(\.|4913$)|(~|\.swp|\.swx|\.tmp)$/;
/** More folders than that are no project. */
const mostFolders = 2000;

interface Watcher {
  readonly watcher: FSWatcher;
  /** What stood at the path by then: one made anew has the name, and not the watch. */
  readonly identity: string | undefined;
}

export interface FolderWatchOptions {
  /** Told once for each cause for which folders cannot be watched. */
  readonly warn: (message: string) => void;
  readonly open?: typeof watch;
  /** A file that is written by lmi itself, absolute: that is no save. */
  readonly ignore?: string | undefined;
}

export function watchFolders(options: FolderWatchOptions): FolderWatch {
  let changed = new Set<string>();
  let wake: (() => void) | undefined;
  const watchers = keepWatchers(options, (folder, name) => {
    if (name !== null && noFile.test(basename(name))) return;
    const path = name === null ? folder : join(folder, name);
    if (path === options.ignore) return;
    changed.add(path);
    wake?.();
  });
  const forget = () => {
    const seen = changed;
    changed = new Set();
    return seen;
  };
  return {
    ...watchers,
    next: async (signal) => {
      while (changed.size === 0) await untilWoken((call) => (wake = call), signal);
      return forget();
    },
    forget,
  };
}

/** One watcher for each folder that is wanted. */
function keepWatchers(
  { warn, open: openWatch = watch }: FolderWatchOptions,
  see: (folder: string, name: string | null) => void,
): Pick<FolderWatch, "set" | "close"> {
  const watchers = new Map<string, Watcher>();
  const told = new Set<string>();
  // An inode is used again at once, so that it alone does not tell one folder from the next.
  const renamed = new Set<string>();
  const drop = (folder: string) => {
    watchers.get(folder)?.watcher.close();
    watchers.delete(folder);
  };
  const tell = (folder: string, error: unknown) => {
    const warning = blindness(folder, error);
    const code = codeOf(error);
    if (warning === undefined || told.has(code)) return;
    told.add(code);
    warn(warning);
  };
  const open = (folder: string) => {
    try {
      const identity = identityOf(folder);
      const watcher = openWatch(folder, { persistent: true }, (event, name) => {
        // So the system says that the folder itself went; a child of that name costs one watch more.
        if (event === "rename" && name === basename(folder)) renamed.add(folder);
        see(folder, name);
      });
      watcher.on("error", (error) => {
        tell(folder, error);
        drop(folder);
      });
      watchers.set(folder, { watcher, identity });
    } catch (error) {
      tell(folder, error);
    }
  };
  return {
    set: (folders) => {
      const wanted = new Set(folders);
      for (const [folder, { identity }] of watchers) {
        const isSame = !renamed.has(folder) && identityOf(folder) === identity;
        if (!wanted.has(folder) || !isSame) drop(folder);
      }
      renamed.clear();
      for (const folder of wanted) if (!watchers.has(folder)) open(folder);
    },
    close: () => {
      for (const folder of watchers.keys()) drop(folder);
    },
  };
}

function identityOf(folder: string): string | undefined {
  const found = statSync(folder, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}:${found.birthtimeNs}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Gone, which the folder above tells, or not ours to read. */
const noLoss = new Set(["ENOENT", "ENOTDIR", "EPERM", "EACCES"]);

/** What to say of a folder that is not watched; undefined where nothing is lost by that. */
function blindness(folder: string, error: unknown): string | undefined {
  const code = codeOf(error);
  if (noLoss.has(code)) return undefined;
  const mends: Readonly<Record<string, string>> = {
    ENOSPC: " The system gives no more watches: sudo sysctl fs.inotify.max_user_watches=524288",
    EMFILE: " The system gives no more watches: end other watchers, or raise ulimit -n",
  };
  return `Saves in ${folder} are not seen (${code || String(error)}), nor may those in others be.${mends[code] ?? ""}`;
}

function untilWoken(onWake: (wake: () => void) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    onWake(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
  });
}

/** A folder and the folders below it that may hold source. */
export async function sourceFolders(top: string): Promise<string[]> {
  const found = [top];
  for (let index = 0; index < found.length && found.length < mostFolders; index += 1) {
    const folder = found[index] ?? top;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries)
      if (entry.isDirectory() && !noSource.test(entry.name)) found.push(join(folder, entry.name));
  }
  return found;
}
