import { deployedFunctionName } from "../../../synth/names.ts";
import type { Settings } from "../../../synth/settings.ts";

/** What the project's functions are called at AWS, in the order of the settings. */
export function functionNamesOf({ functions, environment }: Settings): string[] {
  return Object.keys(functions).map((key) => deployedFunctionName(key, environment));
}
