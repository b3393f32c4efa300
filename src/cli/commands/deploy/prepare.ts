import { join } from "node:path";
import type { BuiltFunction } from "../../../synth/built-function.ts";
import type { Settings } from "../../../synth/settings.ts";
import type { Synthesized } from "../../../synth/synthesize.ts";
import { BundleCache } from "../../../synth/bundle-cache.ts";
import { bundleFolder } from "../../bundle-folder.ts";
import type { LoadedSettings } from "../../config/load-settings.ts";
import type { System } from "../../system.ts";
import { withTemporaryFolder } from "../../temporary-folder.ts";
import { projectTag } from "../../../deploy/stack-condition.ts";

/** What is about to be deployed, complete and on disk. */
export interface Prepared {
  readonly settings: Settings;
  readonly stackName: string;
  readonly template: Synthesized["template"];
  readonly assemblyDirectory: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly functions: readonly BuiltFunction[];
}

/** Builds and synthesises into a temporary folder, hands the result to `work`, and removes the folder. */
export async function withPrepared<T>(
  loaded: LoadedSettings,
  system: System,
  work: (prepared: Promise<Prepared>) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder(system, async (folder) => {
    const prepared = prepare(loaded, folder, system);
    // It runs beside the first questions to AWS; its failure is seen when it is awaited.
    const settled = prepared.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await work(prepared);
    } finally {
      // An interruption does not stop it, and what it writes into a removed folder would stay.
      await settled;
    }
  });
}

async function prepare(
  { settings, projectDir }: LoadedSettings,
  folder: string,
  system: System,
): Promise<Prepared> {
  const { buildFunction } = await import("../../../synth/build-function.ts");
  const cache = new BundleCache(bundleFolder(system, projectDir));
  const building = Promise.all(
    Object.entries(settings.functions).map(([name, each]) =>
      buildFunction(name, each, projectDir, join(folder, "functions"), { cache }),
    ),
  );
  // esbuild works in a process of its own while this one loads the CDK: a quarter of a deploy without changes.
  const [functions, { synthesize }] = await Promise.all([
    building,
    import("../../../synth/synthesize.ts"),
  ]);
  const { stackName, template, assemblyDirectory } = await synthesize({
    settings,
    outdir: join(folder, "assembly"),
    assets: functions,
  });
  const tags = { ...settings.tags, [projectTag]: settings.name };
  return { settings, stackName, template, assemblyDirectory, tags, functions };
}
