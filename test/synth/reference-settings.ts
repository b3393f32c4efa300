import type { BuiltFunction } from "../../src/synth/built-function.ts";
import { resolveSettings } from "../../src/synth/resolve-settings.ts";
import { type SettingsInput, settingsSchema } from "../../src/synth/settings-schema.ts";
import type { Settings } from "../../src/synth/settings.ts";

/** Settings of a project named hello, with defaults but for what is given. */
export function settingsOf(input: SettingsInput = {}, environment?: string): Settings {
  return resolveSettings(settingsSchema.parse(input), { name: "hello", environment });
}

/** Code that synth takes without looking into it. */
export function builtFunctions(settings: Settings): BuiltFunction[] {
  return Object.entries(settings.functions).map(([name, own]) => ({
    name,
    assetPath: "/nowhere/code.zip",
    assetHash: "a".repeat(64),
    handler: own.handler,
    hasSourceMap: false,
    zipSize: 1,
    unpackedSize: 1,
  }));
}
