import type { NetworkSettings } from "./settings.ts";

/** Which VPC that exists is meant. */
export type VpcSelector =
  | { readonly vpcId: string }
  | { readonly tags: Readonly<Record<string, string>> }
  | { readonly isDefault: true };

/** undefined: a new VPC is made. */
export function existingVpc(network: NetworkSettings): VpcSelector | undefined {
  const { vpcId, vpcTags, defaultVpc } = network;
  if (vpcId !== undefined) return { vpcId };
  if (vpcTags !== undefined) return { tags: vpcTags };
  return defaultVpc ? { isDefault: true } : undefined;
}

/** Whether AWS has to be asked: ids that are given need no look. */
export function needsLookup(network: NetworkSettings): boolean {
  return existingVpc(network) !== undefined && network.subnetIds === undefined;
}
