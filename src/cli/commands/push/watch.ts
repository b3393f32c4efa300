import { LmiError } from "../../../errors.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { Deps } from "../../deps.ts";
import { eachSave } from "../../each-save.ts";
import { projectFolders } from "../../project-folders.ts";
import type { FolderWatch } from "../../watch-folders.ts";
import { type Pushed, renderPushed } from "./pushed.ts";

export interface Watched {
  /** One push; tells what was loaded before it builds. */
  readonly push: (onLoaded: (loaded: LoadedSettings) => Promise<void>) => Promise<Pushed>;
  readonly projectDir: string;
}

/**
 * Pushes now and after each save. A failure that a save may mend is told, and does not end it. Ends with the reason of
 * the interruption.
 */
export async function pushOnSave(
  { push, projectDir }: Watched,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<never> {
  const { reporter } = deps;
  return eachSave(
    {
      projectDir,
      quiet: 100,
      waiting: {
        awsGoesOn: "The last push that started is what answers.",
        comeBack: "lmi push --watch",
      },
      onWaiting: () => {
        reporter.info("Watching for saves. Ctrl-C ends.");
        reporter.event("watching", {});
      },
      work: (folders) => pushTelling(push, folders, deps),
    },
    deps,
  );
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
      folders.set(await projectFolders(loaded));
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
