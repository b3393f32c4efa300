import type { CapacitySettings, FunctionSettings, Settings } from "./settings.ts";

/** One capacity provider of a stack, with the functions that run on it. */
export interface ProviderSettings {
  /** Its key in `capacityProviders`; undefined: the one of `capacity`. */
  readonly name: string | undefined;
  /** Where it stands in lmi.json. */
  readonly path: readonly string[];
  readonly capacity: CapacitySettings;
  /** Key and settings of each function on it; at least one. */
  readonly functions: readonly (readonly [key: string, own: FunctionSettings])[];
}

/** The providers that functions run on, the one of `capacity` first. Those that no function names are not made. */
export function providersOf(settings: Settings): ProviderSettings[] {
  const { capacity, capacityProviders } = settings;
  const all: Omit<ProviderSettings, "functions">[] = [
    { name: undefined, path: ["capacity"], capacity },
    ...Object.entries(capacityProviders).map(([name, own]) => ({
      name,
      path: ["capacityProviders", name],
      capacity: own,
    })),
  ];
  const functions = Object.entries(settings.functions);
  return all
    .map((provider) => ({
      ...provider,
      functions: functions.filter(([, own]) => own.capacityProvider === provider.name),
    }))
    .filter((provider) => provider.functions.length > 0);
}

/** The capacity that a function runs on; a name that is none of `capacityProviders` is refused by the rules. */
export function capacityOf(settings: Settings, own: FunctionSettings): CapacitySettings {
  const named =
    own.capacityProvider === undefined
      ? undefined
      : settings.capacityProviders[own.capacityProvider];
  return named ?? settings.capacity;
}
