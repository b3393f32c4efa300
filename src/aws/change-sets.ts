import type { Change } from "@aws-sdk/client-cloudformation";
import type { CloudFormation } from "./cloudformation-client.ts";
import type { Connection } from "./connection.ts";
import { explained } from "./explain.ts";
import type { ChangeSets, PlannedChange } from "./ports.ts";

export function createChangeSets(
  { target }: Connection,
  cloudFormation: () => Promise<CloudFormation>,
): ChangeSets {
  return {
    executed: (stack) => explained(target, async () => executed(await cloudFormation(), stack)),
  };
}

async function executed(
  { sdk, client }: CloudFormation,
  StackName: string,
): Promise<readonly PlannedChange[] | undefined> {
  const { Stacks: [stack] = [] } = await client.send(new sdk.DescribeStacksCommand({ StackName }));
  const ChangeSetName = stack?.ChangeSetId;
  if (ChangeSetName === undefined) return undefined;
  const found: PlannedChange[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const command = new sdk.DescribeChangeSetCommand({ ChangeSetName, NextToken });
      const page = await client.send(command); // Each page names the next
      found.push(...(page.Changes ?? []).flatMap(toPlanned));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  } catch (error) {
    if (error instanceof Error && error.name === "ChangeSetNotFound") return undefined;
    if (error instanceof Error && error.name === "ChangeSetNotFoundException") return undefined;
    throw error;
  }
}

function toPlanned({ ResourceChange: change }: Change): PlannedChange[] {
  if (change?.LogicalResourceId === undefined) return [];
  const { LogicalResourceId: logicalId, ResourceType: type = "", Action: action = "" } = change;
  return [{ logicalId, type, action }];
}
