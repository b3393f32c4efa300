import { Command, Option } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import { loadSettings } from "../config/load-settings.ts";
import type { LoadedSettings } from "../config/load-settings.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { runBuilds } from "../run-builds.ts";
import { untilClean } from "../until-clean.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import { rememberedNetwork } from "../lookups/look-up-network.ts";
import { examples } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";

export interface SynthOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  readonly format: "json" | "yaml";
  /** Folder for the cloud assembly. */
  readonly output: string | undefined;
  readonly showOrigin: boolean;
}

type Flags = Pick<SynthOptions, "format"> & Partial<Pick<SynthOptions, "output" | "showOrigin">>;

export function synthCommand(deps: Deps, run: typeof runSynth = runSynth): Command {
  const command = new Command("synth")
    .description("Print the CloudFormation template; needs no AWS account")
    .addOption(
      new Option("--format <format>", "form of the template")
        .choices(["json", "yaml"])
        .default("json"),
    )
    .option("-o, --output <dir>", "write the cloud assembly, code included, to a folder instead")
    .option("--show-origin", "print every setting with where it came from instead")
    .addHelpText(
      "after",
      examples([
        ["lmi synth --format yaml", "the template, to read"],
        ["lmi synth --memory 4096 --show-origin", "what the settings come to, and why"],
        ["lmi synth --output cdk.out", "an assembly that cdk deploy --app cdk.out takes"],
      ]),
    );
  return addSettingOptions(command).action((flags: Flags, self: Command) =>
    run(
      {
        ...projectOptions(self, deps.system),
        format: flags.format,
        output: flags.output,
        showOrigin: flags.showOrigin ?? false,
      },
      deps,
    ),
  );
}

export async function runSynth(
  options: SynthOptions,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  if (options.json && options.format === "yaml") throw twoForms();
  const loaded = await loadSettings(settingsRequest(options, system));
  for (const warning of loaded.warnings) reporter.warn(warning);
  if (options.showOrigin) {
    const { originsOf, renderOrigins } = await import("./synth/origins.ts");
    return reporter.result(originsOf(loaded), renderOrigins);
  }
  const complete = await rememberedNetwork(loaded);
  await untilClean(system, "lmi synth", (signal) =>
    runBuilds(complete, { system, reporter }, signal),
  );
  if (options.output !== undefined)
    return writeAssembly(options.output, complete, system, reporter);
  const { withTemplate } = await import("./synth/assembly.ts");
  const template = await untilClean(system, "lmi synth", () => withTemplate(complete, system));
  if (options.format !== "yaml") return reporter.result(template, renderJson);
  const { templateYaml } = await import("../../synth/template-yaml.ts");
  const text = await templateYaml(template);
  return reporter.result(template, () => text);
}

async function writeAssembly(
  output: string,
  loaded: LoadedSettings,
  system: Deps["system"],
  reporter: Deps["reporter"],
): Promise<void> {
  const { writeTo } = await import("./synth/assembly.ts");
  const written = await writeTo(output, loaded, system);
  reporter.result(written, ({ directory }) => directory);
  reporter.info(`Stack ${written.stackName}. Deploy it with: cdk deploy --app ${output}`);
}

export function renderJson(template: object): string {
  return JSON.stringify(template, undefined, 2);
}

function twoForms(): LmiError {
  return new LmiError("LMI_USAGE", "--json and --format yaml exclude each other.", {
    next: "Leave one away",
    exitCode: ExitCode.usage,
  });
}
