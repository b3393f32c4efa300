import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { SettingsInput } from "../../src/synth/settings-schema.ts";
import { synthesize, type Template } from "../../src/synth/synthesize.ts";
import { builtFunctions, settingsOf } from "./reference-settings.ts";

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "lmi-synth-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The template of a project named hello with these settings. */
export async function templateOf(
  input: SettingsInput = {},
  environment?: string,
): Promise<Template> {
  const settings = settingsOf(input, environment);
  const { template } = await synthesize({
    settings,
    outdir: await temporaryFolder(),
    assets: builtFunctions(settings),
  });
  return template;
}

export function ofType(template: Template, type: string) {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

export function properties(template: Template, logicalId: string) {
  return template.Resources[logicalId]?.Properties ?? {};
}
