import type { CapacityProvider } from "@aws-sdk/client-lambda";

import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type { CapacityProviders, CapacityProviderState, LiveProperties } from "./ports.ts";

export function createCapacityProviders(
  { target }: Connection,
  lambda: LambdaConnection,
): CapacityProviders {
  return {
    find: (nameOrArn) =>
      explained(target, async () => {
        const provider = await get(nameOrArn, lambda);
        return provider && toState(provider);
      }),
    properties: (nameOrArn) => explained(target, async () => properties(nameOrArn, lambda)),
  };
}

async function properties(
  nameOrArn: string,
  lambda: LambdaConnection,
): Promise<LiveProperties | undefined> {
  const provider = await get(nameOrArn, lambda);
  return provider?.State === "Deleting" ? undefined : provider && { ...provider };
}

async function get(
  nameOrArn: string,
  lambda: LambdaConnection,
): Promise<CapacityProvider | undefined> {
  const { sdk, client } = await lambda();
  try {
    const command = new sdk.GetCapacityProviderCommand({ CapacityProviderName: nameOrArn });
    return (await client.send(command)).CapacityProvider;
  } catch (error) {
    if (error instanceof sdk.ResourceNotFoundException) return undefined;
    throw error;
  }
}

export function toState(provider: CapacityProvider): CapacityProviderState {
  const arn = provider.CapacityProviderArn ?? "";
  return {
    name: arn.slice(arn.lastIndexOf(":") + 1),
    arn,
    state: provider.State ?? "",
    maxVCpuCount: provider.CapacityProviderScalingConfig?.MaxVCpuCount,
    architecture: provider.InstanceRequirements?.Architectures?.[0],
    subnetIds: provider.VpcConfig?.SubnetIds ?? [],
  };
}
