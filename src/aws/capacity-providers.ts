import type { CapacityProvider } from "@aws-sdk/client-lambda";

import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type { CapacityProviders, CapacityProviderState } from "./ports.ts";

export function createCapacityProviders(
  { target }: Connection,
  lambda: LambdaConnection,
): CapacityProviders {
  return { find: (nameOrArn) => explained(target, () => find(nameOrArn, lambda)) };
}

async function find(
  nameOrArn: string,
  lambda: LambdaConnection,
): Promise<CapacityProviderState | undefined> {
  const { sdk, client } = await lambda();
  try {
    const command = new sdk.GetCapacityProviderCommand({ CapacityProviderName: nameOrArn });
    const { CapacityProvider: provider } = await client.send(command);
    return provider && toState(provider);
  } catch (error) {
    if (error instanceof sdk.ResourceNotFoundException) return undefined;
    throw error;
  }
}

function toState(provider: CapacityProvider): CapacityProviderState {
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
