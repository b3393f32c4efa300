import { environmentVCpus, minimumOf, versionsOf } from "./environments.ts";
import { reserved, type Size, sizeOf } from "./instance-size.ts";
import { smallestInstance } from "./instance-type-rules.ts";
import type { ProviderSettings } from "./providers.ts";
import type { FunctionSettings, NetworkSettings } from "./settings.ts";

/** Environments that run whatever a deploy brings. */
export interface Room {
  readonly environments: number;
  /** Of one environment. */
  readonly vCpus: number;
  /** MB of one environment. */
  readonly memory: number;
}

export interface Need {
  /** The least `maxVCpu` under which the minimum of all functions fits, with room to replace an instance. */
  readonly vCpus: number;
  readonly instances: number;
  /** What else runs takes so many more. */
  readonly instancesBesides: number;
  readonly vCpusEach: number;
  readonly environments: number;
  /** vCPUs of one environment, the largest where functions differ. */
  readonly environmentVCpus: number;
}

interface Request {
  readonly network: NetworkSettings;
  /** The type that Lambda chose, where that is known. */
  readonly instanceType: string | undefined;
  /** 2 while a new version starts beside the one that answers. */
  readonly generations: 1 | 2;
  /** Environments on the provider that settings do not tell of: of older versions, of other stacks. */
  readonly besides?: readonly Room[];
}

/**
 * What whole instances come to: Lambda chooses the type, and each keeps 1 vCPU and 1 GiB for itself. undefined where no
 * instance of a known size holds an environment of each function.
 */
export function neededVCpus(
  provider: ProviderSettings,
  { network, instanceType, generations, besides = [] }: Request,
): Need | undefined {
  const all = provider.functions.map(([, own]) => own);
  const size = sizeOf(instanceType ?? "") ?? smallest(provider, all);
  if (size === undefined) return undefined;
  let share = 0;
  let environments = 0;
  for (const own of all) {
    const held = heldBy(size, { vCpus: environmentVCpus(own), memory: own.memory });
    if (held < 1) return undefined;
    const count = minimumOf(own) * versionsOf(own);
    environments += count;
    share += count / held;
  }
  const zones = Math.min(3, network.subnetIds?.length ?? network.azs, environments);
  const instances = Math.max(zones, Math.ceil(share)) * generations;
  // What fits on none of this size has instances of its own.
  const shares = besides.map((room) => room.environments / Math.max(1, heldBy(size, room)));
  const instancesBesides = Math.ceil(shares.reduce((sum, each) => sum + each, 0));
  return {
    vCpus: (instances + instancesBesides + 1) * size.vCpus,
    instances,
    instancesBesides,
    vCpusEach: size.vCpus,
    environments,
    environmentVCpus: Math.max(...all.map(environmentVCpus)),
  };
}

/** Environments on one instance, beside what it keeps for itself. */
function heldBy(size: Size, { vCpus, memory }: Omit<Room, "environments">): number {
  const byVCpu = Math.floor((size.vCpus - reserved.vCpus) / vCpus);
  const byMemory = Math.floor((size.memoryGiB - reserved.memoryGiB) / (memory / 1024));
  return Math.min(byVCpu, byMemory);
}

/** Of unknown type: memory enough for its vCPUs is assumed. */
function smallest(provider: ProviderSettings, all: readonly FunctionSettings[]) {
  const sizes = all.map((own) => smallestInstance(provider, own));
  if (sizes.includes(undefined)) return undefined;
  return { vCpus: Math.max(...sizes.map((size) => size ?? 0)), memoryGiB: Infinity };
}
