import { environmentVCpus, minimumOf, versionsOf } from "./environments.ts";
import { reserved, sizeOf } from "./instance-size.ts";
import { smallestInstance } from "./instance-type-rules.ts";
import type { ProviderSettings } from "./providers.ts";
import type { FunctionSettings, NetworkSettings } from "./settings.ts";

export interface Need {
  /** The least `maxVCpu` under which the minimum of all functions fits, with room to replace an instance. */
  readonly vCpus: number;
  readonly instances: number;
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
}

/**
 * What whole instances come to: Lambda chooses the type, and each keeps 1 vCPU and 1 GiB for itself. undefined where no
 * instance of a known size holds an environment of each function.
 */
export function neededVCpus(
  provider: ProviderSettings,
  { network, instanceType, generations }: Request,
): Need | undefined {
  const all = provider.functions.map(([, own]) => own);
  const size = sizeOf(instanceType ?? "") ?? smallest(provider, all);
  if (size === undefined) return undefined;
  let share = 0;
  let environments = 0;
  for (const own of all) {
    const byVCpu = Math.floor((size.vCpus - reserved.vCpus) / environmentVCpus(own));
    const byMemory = Math.floor((size.memoryGiB - reserved.memoryGiB) / (own.memory / 1024));
    const held = Math.min(byVCpu, byMemory);
    if (held < 1) return undefined;
    const count = minimumOf(own) * versionsOf(own);
    environments += count;
    share += count / held;
  }
  const zones = Math.min(3, network.subnetIds?.length ?? network.azs, environments);
  const instances = Math.max(zones, Math.ceil(share)) * generations;
  return {
    vCpus: (instances + 1) * size.vCpus,
    instances,
    vCpusEach: size.vCpus,
    environments,
    environmentVCpus: Math.max(...all.map(environmentVCpus)),
  };
}

/** Of unknown type: memory enough for its vCPUs is assumed. */
function smallest(provider: ProviderSettings, all: readonly FunctionSettings[]) {
  const sizes = all.map((own) => smallestInstance(provider, own));
  if (sizes.includes(undefined)) return undefined;
  return { vCpus: Math.max(...sizes.map((size) => size ?? 0)), memoryGiB: Infinity };
}
