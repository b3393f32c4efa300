import type { CloudFormation } from "./cloudformation-client.ts";
import { toState as toProvider } from "./capacity-providers.ts";
import type { Connection } from "./connection.ts";
import type { Ec2 } from "./ec2-client.ts";
import { explained } from "./explain.ts";
import { liveStates, providerTag, toInstance } from "./instances.ts";
import type { LambdaConnection } from "./lambda-client.ts";
import type {
  CapacityProviderState,
  Inventory,
  ManagedInstance,
  StackOrigin,
  StackState,
} from "./ports.ts";
import { noneIfMissing, toState as toStack } from "./stacks.ts";

export function createInventory(
  { target }: Connection,
  clients: {
    readonly cloudFormation: () => Promise<CloudFormation>;
    readonly ec2: () => Promise<Ec2>;
    readonly lambda: LambdaConnection;
  },
): Inventory {
  const { cloudFormation, ec2, lambda } = clients;
  return {
    stacks: () => explained(target, async () => stacks(await cloudFormation())),
    stackOrigin: (name) => explained(target, async () => stackOrigin(name, await cloudFormation())),
    capacityProviders: () => explained(target, () => capacityProviders(lambda)),
    providerTags: (arn) => explained(target, () => providerTags(arn, lambda)),
    instances: () => explained(target, async () => instances(await ec2())),
  };
}

async function stacks({ sdk, client }: CloudFormation): Promise<readonly StackState[]> {
  const found: StackState[] = [];
  for await (const page of sdk.paginateDescribeStacks({ client }, {}))
    found.push(...(page.Stacks ?? []).map(toStack));
  return found.filter(({ status }) => status !== "DELETE_COMPLETE");
}

async function stackOrigin(
  name: string,
  { sdk, client }: CloudFormation,
): Promise<StackOrigin | undefined> {
  const command = new sdk.GetTemplateSummaryCommand({ StackName: name });
  const answer = await client.send(command).catch(noneIfMissing);
  return (
    answer && {
      transforms: answer.DeclaredTransforms ?? [],
      resourceTypes: answer.ResourceTypes ?? [],
      parameters: (answer.Parameters ?? []).map(({ ParameterKey = "" }) => ParameterKey),
    }
  );
}

async function capacityProviders(
  lambda: LambdaConnection,
): Promise<readonly CapacityProviderState[]> {
  const { sdk, client } = await lambda();
  const found: CapacityProviderState[] = [];
  for await (const page of sdk.paginateListCapacityProviders({ client }, {}))
    found.push(...(page.CapacityProviders ?? []).map(toProvider));
  return found;
}

async function providerTags(
  arn: string,
  lambda: LambdaConnection,
): Promise<Readonly<Record<string, string>>> {
  const { sdk, client } = await lambda();
  try {
    return (await client.send(new sdk.ListTagsCommand({ Resource: arn }))).Tags ?? {};
  } catch (error) {
    if (error instanceof sdk.ResourceNotFoundException) return {};
    throw error;
  }
}

async function instances({
  sdk,
  client,
}: Ec2): Promise<ReadonlyMap<string, readonly ManagedInstance[]>> {
  const found = new Map<string, ManagedInstance[]>();
  const pages = sdk.paginateDescribeInstances(
    { client },
    { Filters: [{ Name: "tag-key", Values: [providerTag] }, liveStates] },
  );
  for await (const page of pages) {
    for (const instance of (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances)) {
      const arn = instance.Tags?.find(({ Key }) => Key === providerTag)?.Value ?? "";
      found.set(arn, [...(found.get(arn) ?? []), toInstance(instance)]);
    }
  }
  return found;
}
