import { randomUUID } from "node:crypto";
import type { CloudFormation } from "./cloudformation-client.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { DeletedStack, StackRemovals } from "./ports.ts";

export function createStackRemovals(
  { target }: Connection,
  cloudFormation: () => Promise<CloudFormation>,
): StackRemovals {
  const call = <T>(work: (cloudFormation: CloudFormation) => Promise<T>) =>
    explained(target, async () => work(await cloudFormation()));
  return {
    deleted: (stackName) => call((cfn) => deleted(cfn, stackName)),
    owner: (physicalId) => call((cfn) => owner(cfn, physicalId)),
    updateTemplate: (stackId, template, parameters) =>
      call((cfn) => updateTemplate(cfn, stackId, template, parameters)),
    deleteKeeping: (stackId, logicalIds) =>
      call(async ({ sdk, client }) => {
        const RetainResources = [...logicalIds];
        await client.send(new sdk.DeleteStackCommand({ StackName: stackId, RetainResources }));
      }),
  };
}

async function deleted({ sdk, client }: CloudFormation, stackName: string) {
  const found: DeletedStack[] = [];
  const pages = sdk.paginateListStacks({ client }, { StackStatusFilter: ["DELETE_COMPLETE"] });
  for await (const page of pages)
    for (const { StackName, StackId, DeletionTime } of page.StackSummaries ?? [])
      if (StackName === stackName && StackId !== undefined)
        found.push({ stackName, stackId: StackId, deletedAt: DeletionTime });
  return found.toSorted((one, other) => timeOf(other) - timeOf(one));
}

function timeOf({ deletedAt }: DeletedStack): number {
  return deletedAt?.getTime() ?? 0;
}

async function owner({ sdk, client }: CloudFormation, physicalId: string) {
  const command = new sdk.DescribeStackResourcesCommand({ PhysicalResourceId: physicalId });
  try {
    const { StackResources } = await client.send(command);
    const own = StackResources?.find(({ PhysicalResourceId }) => PhysicalResourceId === physicalId);
    // What a rollback has left, a stack still shows, and has no more.
    return own?.ResourceStatus === "DELETE_SKIPPED" ? undefined : own?.StackName;
  } catch (error) {
    if (isValidation(error, /does not exist/)) return undefined;
    throw error;
  }
}

async function updateTemplate(
  { sdk, client }: CloudFormation,
  stackId: string,
  template: Parameters<StackRemovals["updateTemplate"]>[1],
  parameters: readonly string[],
): Promise<boolean> {
  const command = new sdk.UpdateStackCommand({
    StackName: stackId,
    ...("url" in template ? { TemplateURL: template.url } : { TemplateBody: template.body }),
    // Asked again because the answer was lost, CloudFormation sees that it is the same update.
    ClientRequestToken: randomUUID(),
    Parameters: parameters.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
    Capabilities: ["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
  });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (isValidation(error, /No updates are to be performed/)) return false;
    throw error;
  }
}

/** CloudFormation has one error for most refusals; only its text tells them apart. */
function isValidation(error: unknown, text: RegExp): boolean {
  return error instanceof Error && error.name === "ValidationError" && text.test(error.message);
}
