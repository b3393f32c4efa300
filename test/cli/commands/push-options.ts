import { type PushOptions, runPush } from "../../../src/cli/commands/push.ts";
import type { Pushed } from "../../../src/cli/commands/push/pushed.ts";
import type { LocalProject } from "../../deploy/local-project.ts";
import { type RecordedDeps, sharedDefaults } from "../../deploy/recording-deps.ts";

const pushOptions = (change: Partial<PushOptions> = {}): PushOptions => ({
  ...sharedDefaults({ local: true }),
  settings: {},
  functions: [],
  probe: true,
  maxWait: "5",
  watch: false,
  ...change,
});

/** Pushes, and gives the result with what was told. */
export async function push(
  project: LocalProject,
  change: Partial<PushOptions> = {},
  deps: RecordedDeps = project.deps(),
): Promise<Pushed & { readonly deps: RecordedDeps }> {
  await runPush(pushOptions(change), deps);
  return { ...(deps.results[0] as Pushed), deps };
}
