import { dirname, resolve } from "node:path";

import { LmiError } from "../../../errors.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { entryKind } from "../../../synth/entry-kind.ts";
import type { FunctionSettings } from "../../../synth/settings.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Deps } from "../../deps.ts";
import { type FolderWatch, sourceFolders, watchFolders } from "../../watch-folders.ts";
import { startLimits } from "../deploy/time-limit.ts";
import { type Pushed, renderPushed } from "./pushed.ts";

/** Milliseconds without another save before a push begins: editors write several files, and some of them twice. */
const quiet = 100;

export interface Watched {
  /** One push; tells what was loaded before it builds. */
  readonly push: (onLoaded: (loaded: LoadedSettings) => Promise<void>) => Promise<Pushed>;
  readonly projectDir: string;
}

/**
 * Pushes now and after each save, one push at a time: what is saved meanwhile is pushed next. A failure that a save may
 * mend is told, and does not end it. Ends with the reason of the interruption.
 */
export async function pushOnSave(
  { push, projectDir }: Watched,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<never> {
  const folders = watchFolders({ warn: (message) => deps.reporter.warn(message) });
  let before: ReadonlySet<string> = new Set();
  try {
    folders.set([projectDir]);
    for (;;) {
      folders.forget();
      const builds = await pushTelling(push, folders, deps);
      const during = folders.forget();
      // A build of the project's own writes the same files each time: those are no saves.
      const made = new Set(builds ? [...during].filter((file) => before.has(file)) : []);
      before = during;
      if (isWithin(during, made)) await nextSave(folders, made, deps);
      else await untilQuiet(folders, deps);
    }
  } finally {
    folders.close();
  }
}

/** @returns whether the project has builds of its own */
async function pushTelling(
  push: Watched["push"],
  folders: FolderWatch,
  { reporter }: Pick<Deps, "reporter">,
): Promise<boolean> {
  let builds = false;
  try {
    const pushed = await push(async (loaded) => {
      builds = Object.values(loaded.settings.functions).some(({ build }) => build !== undefined);
      folders.set(await foldersOf(loaded));
    });
    if (pushed.changed) reporter.result(pushed, renderPushed);
  } catch (error) {
    if (!(error instanceof LmiError) || ends.test(error.code)) throw error;
    reporter.failure(error);
  }
  return builds;
}

/** What no save mends: nobody to push for, nowhere to push to. */
const ends = /^LMI_(INTERRUPTED|STACK_NOT_FOUND|STACK_NOT_OURS|CREDENTIALS_\w+|USAGE)$/;

async function nextSave(
  folders: FolderWatch,
  made: ReadonlySet<string>,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const limits = startLimits(deps.system, waiting);
  try {
    deps.reporter.info("Watching for saves. Ctrl-C ends.");
    deps.reporter.event("watching", {});
    let saved: ReadonlySet<string>;
    do saved = await folders.next(limits.signal);
    while (isWithin(saved, made));
  } finally {
    limits.end();
  }
  await untilQuiet(folders, deps);
}

function isWithin(files: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...files].every((file) => others.has(file));
}

async function untilQuiet(folders: FolderWatch, { system }: Pick<Deps, "system">): Promise<void> {
  const limits = startLimits(system, waiting);
  try {
    do await untilAborted(system.sleep(quiet), limits.signal);
    while (folders.forget().size > 0);
  } finally {
    limits.end();
  }
}

const waiting = { awsGoesOn: "The last push is what answers.", comeBack: "lmi push --watch" };

/** The project's, and those of sources that lie elsewhere. */
async function foldersOf({ settings, projectDir, configFile }: LoadedSettings): Promise<string[]> {
  const own = Object.values(settings.functions);
  const [inside, ...elsewhere] = await Promise.all([
    sourceFolders(projectDir),
    ...own.map((each) => foldersElsewhere(each, projectDir)),
  ]);
  const config = configFile === undefined ? [] : [dirname(configFile)];
  return [...new Set([...inside, ...config, ...elsewhere.flat()])];
}

async function foldersElsewhere(own: FunctionSettings, projectDir: string): Promise<string[]> {
  const entry = resolve(projectDir, own.entry);
  if (entryKind(own.entry) === "zip") return [dirname(entry)];
  if (entryKind(own.entry) === "folder") return sourceFolders(entry);
  const { bundleInputs } = await import("../../../synth/bundle-source.ts");
  // What does not build is told by the push itself.
  const inputs = await bundleInputs(own, projectDir).catch(() => ({}));
  return Object.keys(inputs)
    .filter((file) => file.startsWith("../") && !file.includes("node_modules/"))
    .map((file) => dirname(resolve(projectDir, file)));
}
