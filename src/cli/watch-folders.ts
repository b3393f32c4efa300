import { type FSWatcher, watch } from "node:fs";
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

export function watchFolders(): FolderWatch {
  const watchers = new Map<string, FSWatcher>();
  let changed = new Set<string>();
  let wake: (() => void) | undefined;
  const see = (folder: string, name: string | null) => {
    if (name !== null && noFile.test(basename(name))) return;
    changed.add(name === null ? folder : join(folder, name));
    wake?.();
  };
  const open = (folder: string): FSWatcher | undefined => {
    try {
      const watcher = watch(folder, { persistent: true }, (_event, name) => see(folder, name));
      // A folder that is removed is told by the one above it.
      return watcher.on("error", () => watcher.close());
    } catch {
      return undefined; // Gone already, or not ours to read.
    }
  };
  const forget = () => {
    const seen = changed;
    changed = new Set();
    return seen;
  };
  return {
    set: (folders) => {
      const wanted = new Set(folders);
      for (const [folder, watcher] of watchers) {
        if (wanted.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of wanted) {
        const watcher = watchers.has(folder) ? undefined : open(folder);
        if (watcher) watchers.set(folder, watcher);
      }
    },
    next: async (signal) => {
      while (changed.size === 0) await untilWoken((call) => (wake = call), signal);
      return forget();
    },
    forget,
    close: () => {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
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
