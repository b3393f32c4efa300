import { type DeployContext, pollInterval } from "./deploy-context.ts";
import { patiently } from "./patiently.ts";

/**
 * Waits until a capacity provider is gone and none of its instances is left in any state but terminated.
 * CloudFormation calls a stack deleted before EC2 has finished with the instances, which cost until then.
 */
export async function waitUntilNothingRuns(
  providerArn: string,
  context: DeployContext,
  progress: (text: string) => void,
): Promise<void> {
  const { aws, signal, sleep } = context;
  for (;;) {
    signal.throwIfAborted();
    const [provider, instances] = await Promise.all([
      patiently(context, () => aws.capacityProviders.find(providerArn)),
      patiently(context, () => aws.instances.ofCapacityProvider(providerArn)),
    ]);
    if (provider === undefined && instances.length === 0) return;
    const what = instances.map(({ instanceId, state }) => `${instanceId} ${state}`);
    progress([...(provider ? [`provider ${provider.state}`] : []), ...what].join(", "));
    await sleep(pollInterval(aws), signal);
  }
}
