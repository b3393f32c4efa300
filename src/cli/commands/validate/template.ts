import { ExitCode, LmiError } from "../../../errors.ts";
import { buildFunction } from "../../../synth/build-function.ts";
import { packFiles } from "../../../synth/code-archive.ts";
import { entryKind } from "../../../synth/entry-kind.ts";
import { StackIssuesError } from "../../../synth/refuse-issues.ts";
import type { Settings } from "../../../synth/settings.ts";
import { type TemplateFinding, validateTemplate } from "../../../synth/validate-template.ts";
import type { ExaminedSettings, LoadedSettings } from "../../config/load-settings.ts";
import { rememberedNetwork } from "../../lookups/look-up-network.ts";
import type { System } from "../../system.ts";
import { withTemplate } from "../synth/assembly.ts";
import { type Finding, stackFinding } from "./findings.ts";
import { nonAsciiFindings } from "./non-ascii.ts";
import { templateOrigin } from "./template-origin.ts";

/**
 * What AWS's validator says of the template that the settings come to. Source is bundled for it; what a `build` of the
 * user's makes is left alone, because validating runs nothing of a project.
 */
export async function validatedTemplate(
  { settings, projectDir, configFile }: ExaminedSettings,
  system: System,
): Promise<Finding[]> {
  if (!settings) return [];
  const loaded: LoadedSettings = { settings, projectDir, configFile, origins: {}, warnings: [] };
  const ofCode: Finding[] = [];
  const build = codeToValidate((finding) => ofCode.push(finding));
  try {
    const template = await withTemplate(await rememberedNetwork(loaded), system, build);
    const found = validateTemplate(template);
    return [
      ...ofCode,
      ...found.map((finding) => ofTemplate(finding, settings, template)),
      ...nonAsciiFindings(template),
    ];
  } catch (error) {
    if (error instanceof StackIssuesError) return [...ofCode, ...error.issues.map(stackFinding)];
    if (error instanceof LmiError && error.code === "LMI_LOOKUP_NEEDED")
      return [...ofCode, ofError(error, "network")];
    throw error;
  }
}

/** A failure that concerns one setting, among the other findings. */
function ofError({ code, message, why, next }: LmiError, path: string): Finding {
  return {
    severity: "error",
    code,
    path,
    message,
    why: why ?? "Without it there is no template that could be checked.",
    source: "docs/troubleshooting.md",
    mend: next ?? "See docs/troubleshooting.md.",
  };
}

function ofTemplate(
  finding: TemplateFinding,
  settings: Settings,
  template: Readonly<Record<string, unknown>>,
): Finding {
  const origin = templateOrigin(finding, settings, template);
  return {
    ...finding,
    ...(origin === undefined ? {} : { path: origin.path, place: finding.path }),
    why: "AWS's own resource schemas and template rules say so.",
    source: "@aws/cloudformation-validate",
    mend:
      origin?.mend ??
      "Change the setting that this part of the template comes from (lmi synth shows it whole).",
  };
}

/** Code as it is, or a stand-in where it has yet to be built or is wrong, so that the rest is checked as well. */
function codeToValidate(tell: (finding: Finding) => void): typeof buildFunction {
  return async (name, own, projectDir, outdir, how) => {
    if (own.build === undefined || entryKind(own.entry) === "source") {
      try {
        return await buildFunction(name, own, projectDir, outdir, how);
      } catch (error) {
        if (!(error instanceof LmiError) || error.exitCode !== ExitCode.usage) throw error;
        tell(ofError(error, `functions.${name}.entry`));
      }
    }
    const archive = await packFiles([standIn], outdir);
    return { name, ...archive, handler: own.handler, hasSourceMap: false };
  };
}

const standIn = { path: "not-built-yet", bytes: new Uint8Array(), executable: false };
