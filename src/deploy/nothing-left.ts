import { type DeployContext, pollInterval } from "./deploy-context.ts";

/**
 * Waits until a capacity provider is gone and none of its instances is left in any state but terminated.
 * CloudFormation calls a stack deleted before EC2 has finished with the instances, which cost until then.
 */
export async function waitUntilNothingRuns(
  providerArn: string,
  { aws, signal, sleep }: DeployContext,
  progress: (text: string) => void,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const [provider, instances] = await Promise.all([
      aws.capacityProviders.find(providerArn),
      aws.instances.ofCapacityProvider(providerArn),
    ]);
    if (provider === undefined && instances.length === 0) return;
    const what = instances.map(({ instanceId, state }) => `${instanceId} ${state}`);
    progress([...(provider ? [`provider ${provider.state}`] : []), ...what].join(", "));
    await sleep(pollInterval(aws), signal);
  }
}
