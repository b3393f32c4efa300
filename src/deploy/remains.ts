import type { CapacityProviderState, ManagedInstance, NetworkInterface } from "../aws/ports.ts";
import type { DeployContext } from "./deploy-context.ts";
import type { Ground } from "./ground.ts";
import { patiently } from "./patiently.ts";

/** What is there now, whatever CloudFormation says. */
export interface Remains {
  readonly providers: readonly CapacityProviderState[];
  readonly instances: readonly ManagedInstance[];
  /** Network interfaces that Lambda made for the providers. */
  readonly interfaces: readonly NetworkInterface[];
  /** Those of others in the stack's subnets, or with its security groups: neither can go while they are there. */
  readonly foreign: readonly NetworkInterface[];
}

export async function findRemains(ground: Ground, context: DeployContext): Promise<Remains> {
  const { aws } = context;
  const ask = <T>(read: () => Promise<T>) => patiently(context, read);
  const network = {
    subnetIds: [...ground.subnetIds, ...ground.givenSubnetIds],
    groupIds: ground.groupIds,
  };
  const [providers, instances, interfaces] = await Promise.all([
    Promise.all(ground.providers.map((arn) => ask(() => aws.capacityProviders.find(arn)))),
    Promise.all(ground.providers.map((arn) => ask(() => aws.instances.ofCapacityProvider(arn)))),
    network.subnetIds.length + network.groupIds.length === 0
      ? []
      : ask(() => aws.networkInterfaces.inNetwork(network)),
  ]);
  const running = instances.flat();
  const isOwn = (each: NetworkInterface) => isOfProvider(each, running, ground);
  return {
    providers: providers.filter((provider) => provider !== undefined),
    instances: running,
    interfaces: interfaces.filter(isOwn),
    foreign: interfaces.filter((each) => !isOwn(each) && isInTheWay(each, ground)),
  };
}

/** By its tag or its instance; without either, what Lambda made in a network that nobody but the stack uses. */
function isOfProvider(
  each: NetworkInterface,
  instances: readonly ManagedInstance[],
  ground: Ground,
): boolean {
  const { capacityProviderArn, instanceId } = each;
  if (capacityProviderArn !== undefined) return ground.providers.includes(capacityProviderArn);
  if (instances.some((instance) => instance.instanceId === instanceId)) return true;
  return each.byLambda && isInside(each, ground);
}

/** In the stack's network, and not of what the stack made there: NAT gateways, endpoints. */
function isInTheWay(each: NetworkInterface, ground: Ground): boolean {
  const description = each.description ?? "";
  return isInside(each, ground) && !ground.physicalIds.some((id) => description.includes(id));
}

function isInside({ subnetId, groupIds }: NetworkInterface, ground: Ground): boolean {
  return (
    ground.subnetIds.includes(subnetId ?? "") ||
    groupIds.some((group) => ground.groupIds.includes(group))
  );
}

/** Whether nothing of the providers is left; what others have is theirs. */
export function isNothing({ providers, instances, interfaces }: Remains): boolean {
  return providers.length + instances.length + interfaces.length === 0;
}

/** `provider Deleting, i-1 shutting-down, eni-2 in-use`. */
export function inBrief({ providers, instances, interfaces }: Remains): string {
  return [
    ...providers.map(({ state }) => `provider ${state}`),
    ...instances.map(({ instanceId, state }) => `${instanceId} ${state}`),
    ...interfaces.map(({ networkInterfaceId, status }) => `${networkInterfaceId} ${status}`),
  ].join(", ");
}
