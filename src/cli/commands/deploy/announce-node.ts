import type { Settings } from "../../../synth/settings.ts";
import type { Deps } from "../../deps.ts";
import { cacheFolder } from "../../local/state-folder.ts";

/** Says beforehand that the local target will fetch a Node.js: functions run under their runtime's own major version. */
export async function announceNode(
  { functions }: Pick<Settings, "functions">,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const { nodeToFetch } = await import("../../../local/runtime/node-runtimes.ts");
  const runtimes = new Set(Object.values(functions).map(({ runtime }) => runtime));
  for (const runtime of runtimes) {
    // One or two of them
    const specification = await nodeToFetch(runtime, cacheFolder(system));
    if (specification === undefined) continue;
    reporter.info(
      `${runtime} needs another Node.js than this one: ${specification} is fetched once.`,
    );
  }
}
