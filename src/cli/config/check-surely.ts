import { readSurely } from "../../synth/shape/shape.ts";
import { settingsShape } from "../../synth/shape/settings-shape.ts";
import type { SettingsOutput } from "../../synth/settings-schema.ts";
import { type Checked, checkRules, type Identity } from "./check-rules.ts";
import type { Merged } from "./layers.ts";

/**
 * What `checkMerged` finds in settings that the schema surely has nothing against, without loading zod: reading and
 * building the schema takes longer than all the rest of a check. undefined: `checkMerged` has to look.
 */
export function checkSurely(merged: Merged, identity: Identity): Checked | undefined {
  const values = readSurely(settingsShape.shapes, settingsShape.root, merged.values);
  return values === undefined
    ? undefined
    : checkRules(values as SettingsOutput, { merged, identity });
}
