import { untilAborted } from "../deploy/until-aborted.ts";
import { type Phase, startLimits } from "./commands/deploy/time-limit.ts";
import type { Deps } from "./deps.ts";
import { type FolderWatch, sourceFolders, watchFolders } from "./watch-folders.ts";

export interface EachSave {
  /** Watched, with the folders below it, until `work` says which. */
  readonly projectDir: string;
  /** A file that lmi itself writes, absolute. */
  readonly ignore?: string | undefined;
  /** Milliseconds without another save before work begins: editors write several files, and some of them twice. */
  readonly quiet: number;
  /** What an interruption says. */
  readonly waiting: Phase;
  /** Told each time that it begins to wait. */
  readonly onWaiting: () => void;
  /**
   * Once at first, with nothing saved, then after each save. What it throws ends everything.
   * @returns whether the project has builds of its own, which write the same files each time: those are no saves
   */
  readonly work: (folders: FolderWatch, saved: ReadonlySet<string>) => Promise<boolean>;
}

/** Works now and after each save, one piece of work at a time: what is saved meanwhile comes next. */
export async function eachSave(
  { projectDir, ignore, work, ...how }: EachSave,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<never> {
  const folders = watchFolders({ warn: (message) => deps.reporter.warn(message), ignore });
  let before: ReadonlySet<string> = new Set();
  let saved: ReadonlySet<string> = new Set();
  try {
    folders.set(await sourceFolders(projectDir));
    for (;;) {
      folders.forget();
      const builds = await work(folders, saved);
      const during = folders.forget();
      const made = new Set(builds ? [...during].filter((file) => before.has(file)) : []);
      before = during;
      const first = isWithin(during, made) ? await nextSave(folders, made, how, deps) : during;
      saved = new Set([...first, ...(await untilQuiet(folders, how, deps))]);
    }
  } finally {
    folders.close();
  }
}

type How = Pick<EachSave, "quiet" | "waiting" | "onWaiting">;

async function nextSave(
  folders: FolderWatch,
  made: ReadonlySet<string>,
  { waiting, onWaiting }: How,
  { system }: Pick<Deps, "system">,
): Promise<ReadonlySet<string>> {
  const limits = startLimits(system, waiting);
  try {
    onWaiting();
    let saved: ReadonlySet<string>;
    do saved = await folders.next(limits.signal);
    while (isWithin(saved, made));
    return saved;
  } finally {
    limits.end();
  }
}

function isWithin(files: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...files].every((file) => others.has(file));
}

/** @returns what else was saved until then */
async function untilQuiet(
  folders: FolderWatch,
  { quiet, waiting }: How,
  { system }: Pick<Deps, "system">,
): Promise<ReadonlySet<string>> {
  const limits = startLimits(system, waiting);
  const saved = new Set<string>();
  try {
    for (;;) {
      await untilAborted(system.sleep(quiet), limits.signal);
      const more = folders.forget();
      if (more.size === 0) return saved;
      for (const file of more) saved.add(file);
    }
  } finally {
    limits.end();
  }
}
