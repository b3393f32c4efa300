import { constructId, providerConstructId } from "../names.ts";
import type { CapacitySettings, FunctionSettings, Settings } from "../settings.ts";
import { settingsOfTemplate } from "./template-settings.ts";

/**
 * The settings with what is priced as the template says it: overrides and the stack function may have changed it. Without
 * them these are the settings themselves. The network stays as the settings say.
 */
export function settingsAsIn(
  settings: Settings,
  template: Readonly<Record<string, unknown>>,
): Settings {
  const read = settingsOfTemplate(template, settings.region ?? "");
  if (read === undefined) return settings;
  const capacityOf = (own: CapacitySettings, name: string | undefined) =>
    capacityAsIn(own, read.capacityProviders[providerConstructId(name)]);
  return {
    ...settings,
    capacity: capacityOf(settings.capacity, undefined),
    capacityProviders: Object.fromEntries(
      Object.entries(settings.capacityProviders).map(([name, own]) => [
        name,
        capacityOf(own, name),
      ]),
    ),
    functions: Object.fromEntries(
      Object.entries(settings.functions).map(([key, own]) => [
        key,
        functionAsIn(own, read.functions[constructId(key)]),
      ]),
    ),
  };
}

function capacityAsIn(own: CapacitySettings, read: CapacitySettings | undefined): CapacitySettings {
  if (read === undefined) return own;
  const { architecture, maxVCpu, instanceTypes } = read;
  return { ...own, architecture, maxVCpu, instanceTypes };
}

function functionAsIn(own: FunctionSettings, read: FunctionSettings | undefined): FunctionSettings {
  if (read === undefined) return own;
  const { runtime, memory, memoryPerVCpu, concurrency, minEnvironments, maxEnvironments } = read;
  return {
    ...own,
    runtime,
    memory,
    memoryPerVCpu,
    concurrency,
    minEnvironments,
    maxEnvironments,
  };
}
