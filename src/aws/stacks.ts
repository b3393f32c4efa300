import type {
  Stack,
  StackEvent as SdkEvent,
  StackResourceSummary,
} from "@aws-sdk/client-cloudformation";

import type { CloudFormation } from "./cloudformation-client.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { StackEvent, StackResource, Stacks, StackState } from "./ports.ts";

export function createStacks(
  connection: Connection,
  cloudFormation: () => Promise<CloudFormation>,
): Stacks {
  const call = <T>(work: (cloudFormation: CloudFormation) => Promise<T>) =>
    explained(connection.target, async () => work(await cloudFormation()));
  return {
    find: (nameOrId) => call((cfn) => find(cfn, nameOrId)),
    resources: (stackName) => call((cfn) => resources(cfn, stackName)),
    events: (nameOrId, after) => call((cfn) => events(cfn, nameOrId, after)),
    template: (stackName) => call((cfn) => template(cfn, stackName)),
    delete: (stackName) =>
      call(async ({ sdk, client }) => {
        await client.send(new sdk.DeleteStackCommand({ StackName: stackName }));
      }),
  };
}

async function find({ sdk, client }: CloudFormation, nameOrId: string) {
  const command = new sdk.DescribeStacksCommand({ StackName: nameOrId });
  const answer = await client.send(command).catch(noneIfMissing);
  const stack = answer?.Stacks?.[0];
  return stack && toState(stack);
}

async function resources({ sdk, client }: CloudFormation, stackName: string) {
  const found: StackResource[] = [];
  const pages = sdk.paginateListStackResources({ client }, { StackName: stackName });
  for await (const page of pages) {
    found.push(...(page.StackResourceSummaries ?? []).map(toResource));
  }
  return found;
}

async function events({ sdk, client }: CloudFormation, nameOrId: string, after?: string) {
  const found: StackEvent[] = [];
  const pages = sdk.paginateDescribeStackEvents({ client }, { StackName: nameOrId });
  for await (const page of pages) {
    for (const event of page.StackEvents ?? []) {
      if (after !== undefined && event.EventId === after) return found;
      found.push(toEvent(event));
    }
  }
  return found;
}

async function template({ sdk, client }: CloudFormation, stackName: string) {
  const command = new sdk.GetTemplateCommand({ StackName: stackName, TemplateStage: "Original" });
  const answer = await client.send(command).catch(noneIfMissing);
  return answer?.TemplateBody;
}

/** CloudFormation has no error of its own for a missing stack, only this text. */
export function noneIfMissing(error: unknown): undefined {
  if (
    error instanceof Error &&
    error.name === "ValidationError" &&
    /does not exist/.test(error.message)
  ) {
    return undefined;
  }
  throw error;
}

export function toState(stack: Stack): StackState {
  return {
    stackName: stack.StackName ?? "",
    stackId: stack.StackId ?? "",
    status: stack.StackStatus ?? "",
    statusReason: stack.StackStatusReason,
    changeSetId: stack.ChangeSetId,
    outputs: pairs(stack.Outputs, ({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    tags: pairs(stack.Tags, ({ Key, Value }) => [Key, Value]),
    createdAt: stack.CreationTime,
    updatedAt: stack.LastUpdatedTime,
    terminationProtection: stack.EnableTerminationProtection ?? false,
  };
}

function pairs<T>(
  items: readonly T[] | undefined,
  pair: (item: T) => [key: string | undefined, value: string | undefined],
): Record<string, string> {
  return Object.fromEntries(
    (items ?? [])
      .map(pair)
      .flatMap(([key, value]) => (key === undefined ? [] : [[key, value ?? ""]])),
  );
}

function toResource(resource: StackResourceSummary): StackResource {
  return {
    logicalId: resource.LogicalResourceId ?? "",
    physicalId: resource.PhysicalResourceId,
    type: resource.ResourceType ?? "",
    status: resource.ResourceStatus ?? "",
    statusReason: resource.ResourceStatusReason,
  };
}

function toEvent(event: SdkEvent): StackEvent {
  return {
    eventId: event.EventId ?? "",
    time: event.Timestamp ?? new Date(0),
    logicalId: event.LogicalResourceId ?? "",
    physicalId: event.PhysicalResourceId,
    type: event.ResourceType ?? "",
    status: event.ResourceStatus ?? "",
    statusReason: event.ResourceStatusReason,
    token: event.ClientRequestToken,
  };
}
