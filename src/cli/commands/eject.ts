import path from "node:path";
import { Command, Option } from "commander";

import { type LoadedSettings, loadSettings } from "../config/load-settings.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { rememberedNetwork } from "../lookups/look-up-network.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import { examples } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import { runBuilds } from "../run-builds.ts";
import { untilClean } from "../until-clean.ts";
import type { Prepared } from "./deploy/prepare.ts";
import type { EjectedProject } from "./eject/ejected-project.ts";

export interface EjectOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  readonly format: "cdk" | "cloudformation";
  /** Folder of the new project; undefined: named by the format, in the project's. */
  readonly output: string | undefined;
  readonly force: boolean;
}

interface Ejected {
  readonly stackName: string;
  readonly directory: string;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

type Flags = Pick<EjectOptions, "format"> & Partial<Pick<EjectOptions, "force" | "output">>;

export function ejectCommand(deps: Deps, run: typeof runEject = runEject): Command {
  const command = new Command("eject")
    .description("Write the stack as a CDK project that needs no lmi")
    .addOption(
      new Option("--format <format>", "what to write")
        .choices(["cdk", "cloudformation"])
        .default("cdk"),
    )
    .option("-o, --output <dir>", "folder to write to (default: cdk or cloudformation)")
    .option("--force", "write over files that are there")
    .addHelpText(
      "after",
      examples([
        ["lmi eject", "a CDK project in TypeScript, in the folder cdk"],
        ["lmi eject --env prod --output ../prod", "the stack of an environment, elsewhere"],
        ["lmi eject --format cloudformation", "template, code and the commands to deploy them"],
      ]),
    );
  return addSettingOptions(command).action((flags: Flags, self: Command) =>
    run(
      {
        ...projectOptions(self, deps.system),
        format: flags.format,
        output: flags.output,
        force: flags.force ?? false,
      },
      deps,
    ),
  );
}

export async function runEject(
  options: EjectOptions,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const given = await loadSettings(settingsRequest(options, system));
  for (const warning of given.warnings) reporter.warn(warning);
  const loaded = await rememberedNetwork(given);
  const directory =
    options.output === undefined
      ? path.join(loaded.projectDir, options.format)
      : path.resolve(system.cwd, options.output);
  const [{ withPrepared }, { writeFileSet }, { assertOwnAssets }] = await Promise.all([
    import("./deploy/prepare.ts"),
    import("./eject/files.ts"),
    import("./eject/assert-own-assets.ts"),
  ]);
  await untilClean(system, "lmi eject", (signal) =>
    runBuilds(loaded, { system, reporter }, signal),
  );
  const { ejected, project } = await withPrepared(loaded, system, async (preparing) => {
    const prepared = await preparing;
    await assertOwnAssets(prepared);
    const made = await projectOf(options.format, loaded, prepared, directory);
    const files = await writeFileSet(directory, made, options.force);
    const { stackName } = prepared;
    return { project: made, ejected: { stackName, directory, files, notes: made.notes } };
  });
  reporter.result<Ejected>(ejected, () => directory);
  for (const note of project.notes) reporter.info(note);
  reporter.info(`Stack ${ejected.stackName}. ${project.next}`);
}

async function projectOf(
  format: EjectOptions["format"],
  loaded: LoadedSettings,
  prepared: Prepared,
  directory: string,
): Promise<EjectedProject> {
  if (format === "cloudformation") {
    const { cloudFormationProject } = await import("./eject/cloudformation-project.ts");
    return cloudFormationProject(loaded, prepared);
  }
  const { cdkProject } = await import("./eject/cdk-project.ts");
  return cdkProject(loaded, prepared, directory);
}
