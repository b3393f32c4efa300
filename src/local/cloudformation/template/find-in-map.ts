import { isRecord } from "../../../is-record.ts";
import { argumentError } from "./argument-error.ts";
import { isUnknown, knownAfterApply, noValue } from "./special-values.ts";
import { validationError } from "./template.ts";
import type { JsonObject } from "./template.ts";

interface Maps {
  readonly mappings: Readonly<Record<string, JsonObject>>;
  readonly extended?: boolean;
}

/** `values` are the computed arguments, `argument` as the template has them. */
export function findInMap(values: readonly unknown[], argument: unknown, maps: Maps): unknown {
  if (values.length === 4 && !maps.extended) throw argumentError("Fn::FindInMap");
  if (values.some(isUnknown)) return knownAfterApply;
  const [map, top, second] = values.map(String) as [string, string, string];
  const mapping = maps.mappings[map];
  const entry = mapping?.[top];
  const value = isRecord(entry) ? entry[second] : undefined;
  if (value !== undefined) return value;
  const fallback = defaultOf(values[3], argument);
  if (fallback !== undefined) return fallback;
  if (!mapping) {
    throw validationError(
      `Template error: Mapping named '${map}' is not present in the 'Mappings' section of template.`,
    );
  }
  throw validationError(`Template error: Unable to get mapping for ${map}::${top}::${second}`);
}

/** `{DefaultValue: …}`, an addition of AWS::LanguageExtensions; a default of AWS::NoValue was left out when it was computed. */
function defaultOf(computed: unknown, argument: unknown): unknown {
  if (!isRecord(computed) || !Array.isArray(argument)) return undefined;
  const given: unknown = argument[3];
  if (!isRecord(given) || !("DefaultValue" in given)) return undefined;
  return computed["DefaultValue"] ?? noValue;
}
