import type {
  Aws,
  CapacityProviderState,
  ManagedInstance,
  StackState,
} from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { untilAborted } from "../../../deploy/until-aborted.ts";
import { LmiError } from "../../../errors.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import { expiryName } from "../../../synth/ttl.ts";
import { deployedProviders } from "../deploy/outputs.ts";
import { dailyCost } from "../status/daily-cost.ts";
import { groupsOf } from "../status/instance-groups.ts";
import { createParts, type MissingPart, type Parts } from "../status/part.ts";
import type { ListedProvider, ListedStack, RegionListing } from "./model.ts";
import { ownerOf, projectTag } from "./owner.ts";

/**
 * All of Managed Instances in the region that `aws` is of. Fails where not even capacity providers can be listed: where
 * the region is not enabled, or AWS does not answer. When the signal aborts, nothing more is asked, and what was not
 * read is in `missing`.
 * @param answered called each time that AWS has answered
 */
export async function readRegion(
  context: DeployContext,
  prices: PriceList,
  answered: () => void,
): Promise<RegionListing> {
  const { aws, signal } = context;
  const told = createParts(context);
  const parts: Parts = {
    missing: told.missing,
    read: async (part, permission, work) => {
      signal.throwIfAborted();
      return untilAborted(told.read(part, permission, work).finally(answered), signal);
    },
  };
  const [providers, stacks] = await Promise.all([
    untilAborted(aws.inventory.capacityProviders().finally(answered), signal),
    parts.read("stacks", "cloudformation:DescribeStacks", () => aws.inventory.stacks()),
  ]);
  const instances =
    providers.length === 0
      ? new Map<string, readonly ManagedInstance[]>()
      : await parts.read("instances", "ec2:DescribeInstances", () => aws.inventory.instances());
  const found = { stacks, instances, prices };
  const own = (stacks ?? []).filter(({ tags }) => projectTag in tags);
  const listed = await inTurn(providers, context, (provider) =>
    listedProvider(provider, found, parts, aws),
  );
  const listedStacks = await inTurn(own, context, (stack) =>
    listedStack(stack, prices, parts, aws),
  );
  return {
    region: aws.target.region,
    providers: listed,
    stacks: listedStacks,
    missing: [
      ...parts.missing,
      ...unread("capacity providers", providers.length - listed.length, signal),
      ...unread("stacks", own.length - listedStacks.length, signal),
    ],
  };
}

function unread(part: string, count: number, signal: AbortSignal): MissingPart[] {
  if (count === 0 || !(signal.reason instanceof LmiError)) return [];
  const { code, message } = signal.reason;
  return [{ part: `${count} ${part}`, permission: "", code, message }];
}

interface Found {
  readonly stacks: readonly StackState[] | undefined;
  readonly instances: ReadonlyMap<string, readonly ManagedInstance[]> | undefined;
  readonly prices: PriceList;
}

/** Each begins so long after the one before, ms: ten a second of the fifteen reads that an account has. */
const apart = 100;

/** Of those that were read before the signal aborted. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  { aws, sleep, signal }: DeployContext,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const begun: Promise<readonly Result[]>[] = [];
  const unlessAborted = (error: unknown) => {
    if (!signal.aborted) throw error;
    return [];
  };
  for (const item of items) {
    // In turn is what this is for.
    if (begun.length > 0 && !aws.target.local) await sleep(apart, signal).catch(unlessAborted);
    if (signal.aborted) break;
    begun.push(work(item).then((result) => [result], unlessAborted));
  }
  return (await Promise.all(begun)).flat();
}

async function listedProvider(
  provider: CapacityProviderState,
  { stacks, instances, prices }: Found,
  parts: Parts,
  aws: Aws,
): Promise<ListedProvider> {
  const { name, arn, state, architecture, maxVCpuCount } = provider;
  const [tags, uses] = await Promise.all([
    parts.read("tags", "lambda:ListTags", () => aws.inventory.providerTags(arn)),
    parts.read("versions", "lambda:ListFunctionVersionsByCapacityProvider", () =>
      aws.versions.ofCapacityProvider(arn),
    ),
  ]);
  const origin = (stackName: string) =>
    parts.read("templates", "cloudformation:GetTemplateSummary", () =>
      aws.inventory.stackOrigin(stackName),
    );
  const own = instances && (instances.get(arn) ?? []);
  const cost = own && dailyCost(own, undefined, prices);
  const published = uses?.filter(({ version }) => version !== "$LATEST");
  return {
    name,
    arn,
    state,
    architecture,
    maxVCpuCount,
    owner: await ownerOf({ arn, tags, stacks, origin }),
    functions: published && [...new Set(published.map(({ functionName }) => functionName))],
    versions: published?.length,
    instances: own && groupsOf(own),
    perDay: cost === undefined || cost.unpriced.length > 0 ? undefined : cost.perDay,
  };
}

async function listedStack(
  stack: StackState,
  prices: PriceList,
  parts: Parts,
  aws: Aws,
): Promise<ListedStack> {
  const { stackName, status, tags, outputs, updatedAt, createdAt } = stack;
  const template = await parts.read("templates", "cloudformation:GetTemplate", () =>
    aws.stacks.template(stackName),
  );
  return {
    stackName,
    status,
    project: tags[projectTag] ?? "",
    expiresAt: outputs[expiryName],
    providers: deployedProviders(outputs),
    updatedAt: updatedAt ?? createdAt,
    networkPerDay: template === undefined ? undefined : dailyCost([], template, prices).perDay,
  };
}
