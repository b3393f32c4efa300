import type { FunctionSettings, Settings } from "../synth/settings.ts";

/** The same settings with other values of one function. */
export function withFunction(
  settings: Settings,
  key: string,
  change: Partial<FunctionSettings>,
): Settings {
  const own = settings.functions[key];
  if (own === undefined) return settings;
  return { ...settings, functions: { ...settings.functions, [key]: { ...own, ...change } } };
}

/** The same settings with another cap of a capacity provider; undefined: the one of `capacity`. */
export function withCapacity(
  settings: Settings,
  provider: string | undefined,
  maxVCpu: number,
): Settings {
  const named = provider === undefined ? undefined : settings.capacityProviders[provider];
  if (provider === undefined || named === undefined)
    return { ...settings, capacity: { ...settings.capacity, maxVCpu } };
  const capacityProviders = { ...settings.capacityProviders, [provider]: { ...named, maxVCpu } };
  return { ...settings, capacityProviders };
}
