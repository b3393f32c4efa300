import { asyncRules } from "./async-rules.ts";
import { aliasRules } from "./alias-rules.ts";
import { eventRules } from "./events/event-rules.ts";
import { sourceNameRules } from "./events/source-name-rules.ts";
import { environmentRules } from "./environment-rules.ts";
import { functionRules } from "./function-rules.ts";
import { hatchRules } from "./hatch-rules.ts";
import { regionRules } from "./region-rules.ts";
import { environmentVCpus, minimumOf, versionsOf } from "./environments.ts";
import { instanceTypeRules, smallestInstance } from "./instance-type-rules.ts";
import { networkRules } from "./network-rules.ts";
import { pauseScheduleRules } from "./pause-schedule-rules.ts";
import { type ProviderSettings, providersOf } from "./providers.ts";
import type { RuleIssue } from "./rule-issue.ts";
import type { FunctionSettings, NetworkSettings, Settings } from "./settings.ts";

/** All problems between settings. Pure: looks at no file and no account. */
export function checkSettings(settings: Settings): RuleIssue[] {
  return [
    ...regionRules(settings),
    ...networkRules(settings),
    ...providersOf(settings).flatMap((provider) => providerRules(settings, provider)),
    ...unusedProviderRule(settings),
    ...hatchRules(settings),
    ...pauseScheduleRules(settings),
    ...sourceNameRules(settings),
    ...Object.entries(settings.functions).flatMap(([key, own]) => [
      ...functionRules(settings, key, own),
      ...environmentRules(key, own),
      ...asyncRules(settings, key, own),
      ...aliasRules(key, own),
      ...eventRules(key, own),
    ]),
  ];
}

function providerRules({ network }: Settings, provider: ProviderSettings): RuleIssue[] {
  return [
    ...instanceTypeRules(provider),
    ...headroomRule(network, provider),
    ...versionsRule(provider),
    ...sharedProviderRule(provider),
  ];
}

function unusedProviderRule(settings: Settings): RuleIssue[] {
  const used = new Set(providersOf(settings).map(({ name }) => name));
  return Object.keys(settings.capacityProviders)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: ["capacityProviders", name],
      value: undefined,
      message: "is not made: no function names it as its capacityProvider",
      code: "capacity-provider-unused",
      severity: "warning",
      involves: [["functions"]],
    }));
}

/** The provider is the boundary: its functions share instances as containers (…-managed-instances-security). */
function sharedProviderRule({ path, functions }: ProviderSettings): RuleIssue[] {
  if (functions.length < 2) return [];
  const names = functions.map(([key]) => key).join(", ");
  return [
    {
      path,
      value: undefined,
      message: `is shared by ${names}: functions on one provider must trust each other`,
      code: "capacity-provider-shared",
      severity: "warning",
      involves: [["functions"]],
    },
  ];
}

/** While an alias moves from one version to the next, both run. */
const versionsAtMost = (own: FunctionSettings) => (versionsOf(own) === 1 ? 1 : 3);

/** All versions of all functions of a provider (Lambda developer guide, lambda-managed-instances-quotas). */
const MAX_VERSIONS = 100;

function versionsRule({ path, functions }: ProviderSettings): RuleIssue[] {
  const count = functions.reduce((sum, [, own]) => sum + versionsAtMost(own), 0);
  if (count <= MAX_VERSIONS) return [];
  return [
    {
      path,
      value: undefined,
      message: `would have up to ${count} function versions at once, of at most ${MAX_VERSIONS}`,
      code: "provider-versions",
      severity: "error",
      involves: [["functions"]],
    },
  ];
}

/**
 * Environments that cannot be held together under the cap are refused. The rest of what they need is a warning: each
 * instance keeps 1 vCPU for itself and replacing one needs room for another beside it, but how many instances there are,
 * of which size, is AWS's choice, and whether a replacement exceeds the cap was observed, not documented.
 */
function headroomRule(network: NetworkSettings, provider: ProviderSettings): RuleIssue[] {
  const { path, capacity, functions } = provider;
  const all = functions.map(([, own]) => own);
  const vCpus = (versions: (own: FunctionSettings) => number) =>
    all.reduce((sum, own) => sum + minimumOf(own) * environmentVCpus(own) * versions(own), 0);
  const always = vCpus(versionsOf);
  if (always > capacity.maxVCpu) return [belowMinimum(path, capacity.maxVCpu, always)];
  const environments = vCpus(versionsAtMost);
  const zones = Math.min(3, network.subnetIds?.length ?? network.azs);
  const replacement = Math.max(...all.map(environmentVCpus)) + 1;
  const needed = Math.ceil(environments + zones + replacement);
  const instances = smallestFleet(zones, provider);
  if (capacity.maxVCpu >= Math.max(needed, instances?.vCpus ?? 0)) return [];
  const message =
    instances !== undefined && instances.vCpus > needed
      ? `is less than the smallest instances have, ${instances.vCpus} vCPUs with one to replace another: ${instances.counted}`
      : `is less than the minimum of all functions needs, about ${needed} with room to replace an instance`;
  return [
    {
      path: [...path, "maxVCpu"],
      value: capacity.maxVCpu,
      message,
      code: "max-vcpu-tight",
      severity: "warning",
      involves: [["functions"], ["network", "azs"], [...path, "instanceTypes"]],
    },
  ];
}

/**
 * The fewest vCPUs of whole instances: those that the most demanding function starts, one in each zone while it has
 * an environment for each, and one more. undefined where sizes are not known, or one is above the cap, which another
 * rule tells.
 */
function smallestFleet(
  zones: number,
  provider: ProviderSettings,
): { readonly vCpus: number; readonly counted: string } | undefined {
  const running = provider.functions.map(([, own]) => own).filter((own) => minimumOf(own) > 0);
  const fleets = running.map((own) => ({
    size: smallestInstance(provider, own) ?? Infinity,
    count: Math.min(zones, minimumOf(own)),
  }));
  const [most] = fleets.toSorted((one, other) => other.size * other.count - one.size * one.count);
  const spare = Math.max(...fleets.map(({ size }) => size));
  if (most === undefined || spare > provider.capacity.maxVCpu) return undefined;
  return {
    vCpus: most.size * most.count + spare,
    counted: `${most.count} × ${most.size} + ${spare}`,
  };
}

const belowMinimum = (path: readonly string[], value: number, always: number): RuleIssue => ({
  path: [...path, "maxVCpu"],
  value,
  message: `is less than the ${always} vCPUs of the execution environments that always run`,
  code: "max-vcpu-below-minimum",
  severity: "error",
  involves: [["functions"]],
});
