import { Command, Option } from "commander";

import { ExitCode, LmiError } from "../../errors.ts";
import { examineSettings, type ExaminedSettings } from "../config/load-settings.ts";
import type { SettingFlagValues } from "../config/setting-flags.ts";
import type { Deps } from "../deps.ts";
import { addSettingOptions, projectOptions, settingsRequest } from "../setting-options.ts";
import { examples } from "../shared-options.ts";
import type { SharedOptions } from "../shared-options.ts";
import {
  type Finding,
  renderFindings,
  settingFindings,
  stackFinding,
} from "./validate/findings.ts";

export interface ValidateOptions extends SharedOptions {
  readonly settings: SettingFlagValues;
  readonly failOn: Finding["severity"];
  /** False with `--no-template`: settings alone. */
  readonly template: boolean;
}

export interface Validated {
  readonly valid: boolean;
  readonly findings: readonly Finding[];
  /** Whether the template was looked at. */
  readonly template: boolean;
}

export function validateCommand(deps: Deps, run: typeof runValidate = runValidate): Command {
  const command = new Command("validate")
    .description("Check settings and template, without an AWS account")
    .addOption(
      new Option("--fail-on <severity>", "least severity that ends with exit code 2")
        .choices(["error", "warning"])
        .default("error"),
    )
    .option("--no-template", "leave out the template, which takes seconds")
    .addHelpText(
      "after",
      examples([
        ["lmi validate", "settings, code and template, each finding with its reason"],
        ["lmi validate --fail-on warning --json", "in CI"],
        ["lmi validate --no-template --memory 4096", "what a setting would come to, at once"],
      ]),
    );
  return addSettingOptions(command).action(
    (flags: Pick<ValidateOptions, "failOn" | "template">, self: Command) =>
      run(
        {
          ...projectOptions(self, deps.system),
          failOn: flags.failOn,
          template: flags.template,
        },
        deps,
      ),
  );
}

export async function runValidate(
  options: ValidateOptions,
  { system, reporter }: Pick<Deps, "system" | "reporter">,
): Promise<void> {
  const examined = await examineSettings(settingsRequest(options, system));
  const own = [...settingFindings(examined), ...(await networkFindings(examined))];
  // A template of wrong settings would be somebody else's.
  const checksTemplate = options.template && examined.problems.length === 0;
  const findings = checksTemplate
    ? [...own, ...(await templateFindings(examined, { system, reporter }))]
    : own;
  const wanted = findings.filter(
    ({ severity }) => severity === "error" || options.failOn === "warning",
  );
  if (wanted.length > 0) throw invalid(findings);
  const result: Validated = { valid: true, findings, template: checksTemplate };
  reporter.result(result, ({ findings: all }) => renderFindings(all));
  reporter.info(checksTemplate ? "Settings and template are valid." : "The settings are valid.");
}

/** What was looked at in AWS before says more of ids than their form does. */
async function networkFindings({ settings, projectDir }: ExaminedSettings): Promise<Finding[]> {
  if (settings?.network.vpcId === undefined) return [];
  const { rememberedIssues } = await import("../lookups/remember-given.ts");
  return (await rememberedIssues(settings, projectDir)).map(stackFinding);
}

async function templateFindings(
  examined: ExaminedSettings,
  deps: Pick<Deps, "system" | "reporter">,
): Promise<Finding[]> {
  const { validatedTemplate } = await import("./validate/template.ts");
  return deps.reporter.step("template", async (step) => {
    step.progress("AWS's resource schemas and rules");
    return validatedTemplate(examined, deps.system);
  });
}

function invalid(findings: readonly Finding[]): LmiError {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const counted = [count(errors, "error"), count(warnings, "warning")].filter(Boolean).join(", ");
  return new LmiError("LMI_INVALID", `The project has ${counted}`, {
    why: renderFindings(findings),
    exitCode: ExitCode.usage,
    details: { findings },
  });
}

function count(number: number, word: string): string {
  return number === 0 ? "" : `${number} ${word}${number === 1 ? "" : "s"}`;
}
