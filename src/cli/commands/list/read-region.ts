import type {
  Aws,
  CapacityProviderState,
  ManagedInstance,
  StackState,
} from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import type { PriceList } from "../../../synth/cost/prices.ts";
import { expiryName } from "../../../synth/ttl.ts";
import { deployedProviders } from "../deploy/outputs.ts";
import { dailyCost } from "../status/daily-cost.ts";
import { groupsOf } from "../status/instance-groups.ts";
import { createParts, type Parts } from "../status/part.ts";
import type { ListedProvider, ListedStack, RegionListing } from "./model.ts";
import { ownerOf, projectTag } from "./owner.ts";

/**
 * All of Managed Instances in the region that `aws` is of. Fails where not even capacity providers can be listed: where
 * the region is not enabled, or AWS does not answer.
 */
export async function readRegion(
  context: DeployContext,
  prices: PriceList,
): Promise<RegionListing> {
  const { aws } = context;
  const parts = createParts(context);
  const [providers, stacks] = await Promise.all([
    aws.inventory.capacityProviders(),
    parts.read("stacks", "cloudformation:DescribeStacks", () => aws.inventory.stacks()),
  ]);
  const instances =
    providers.length === 0
      ? new Map<string, readonly ManagedInstance[]>()
      : await parts.read("instances", "ec2:DescribeInstances", () => aws.inventory.instances());
  const found = { stacks, instances, prices };
  const own = (stacks ?? []).filter(({ tags }) => projectTag in tags);
  return {
    region: aws.target.region,
    providers: await inTurn(providers, context, (provider) =>
      listedProvider(provider, found, parts, aws),
    ),
    stacks: await inTurn(own, context, (stack) => listedStack(stack, prices, parts, aws)),
    missing: parts.missing,
  };
}

interface Found {
  readonly stacks: readonly StackState[] | undefined;
  readonly instances: ReadonlyMap<string, readonly ManagedInstance[]> | undefined;
  readonly prices: PriceList;
}

/** Each begins so long after the one before, ms: ten a second of the fifteen reads that an account has. */
const apart = 100;

async function inTurn<Item, Result>(
  items: readonly Item[],
  { aws, sleep, signal }: DeployContext,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const begun: Promise<Result>[] = [];
  for (const item of items) {
    // In turn is what this is for.
    if (begun.length > 0 && !aws.target.local) await sleep(apart, signal);
    begun.push(work(item));
  }
  return Promise.all(begun);
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
