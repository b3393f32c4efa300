import { buildFunction } from "../../../synth/build-function.ts";
import { packFiles } from "../../../synth/code-archive.ts";
import { entryKind } from "../../../synth/entry-kind.ts";
import { StackIssuesError } from "../../../synth/refuse-issues.ts";
import { type TemplateFinding, validateTemplate } from "../../../synth/validate-template.ts";
import type { ExaminedSettings, LoadedSettings } from "../../config/load-settings.ts";
import { rememberedNetwork } from "../../lookups/look-up-network.ts";
import type { System } from "../../system.ts";
import { withTemplate } from "../synth/assembly.ts";
import { type Finding, stackFinding } from "./findings.ts";

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
  try {
    const template = await withTemplate(await rememberedNetwork(loaded), system, codeToValidate);
    return validateTemplate(template).map(ofTemplate);
  } catch (error) {
    if (error instanceof StackIssuesError) return error.issues.map(stackFinding);
    throw error;
  }
}

function ofTemplate(finding: TemplateFinding): Finding {
  return {
    ...finding,
    why: "AWS's own resource schemas and template rules say so.",
    source: "@aws/cloudformation-validate",
    mend: "Change the setting, override or resource that this part of the template comes from (lmi synth shows it whole).",
  };
}

const codeToValidate: typeof buildFunction = async (name, own, projectDir, outdir, cache) => {
  if (own.build === undefined || entryKind(own.entry) === "source")
    return buildFunction(name, own, projectDir, outdir, cache);
  const standIn = { path: "not-built-yet", bytes: new Uint8Array(), executable: false };
  const archive = await packFiles([standIn], outdir);
  return { name, ...archive, handler: own.handler, hasSourceMap: false };
};
