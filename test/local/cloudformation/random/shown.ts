import type { TargetUnderTest } from "./target-under-test.ts";

/** What clients see of a stack. */
export interface ShownStack {
  readonly StackId: string;
  readonly StackStatus: string;
  readonly StackStatusReason?: string;
  readonly Outputs: readonly {
    readonly OutputKey: string;
    readonly OutputValue: string;
    readonly ExportName?: string;
  }[];
}

export interface ShownResource {
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ResourceStatus: string;
  readonly ResourceStatusReason?: string;
}

export interface ShownEvent extends ShownResource {
  readonly OperationId: string;
}

export interface ShownChange {
  readonly Action: "Add" | "Modify" | "Remove";
  readonly LogicalResourceId: string;
  readonly ResourceType: string;
  readonly Replacement?: "True" | "False" | "Conditional";
  readonly PolicyAction?: string;
  readonly Scope: readonly string[];
}

export async function stackShown(target: TargetUnderTest, id = "s"): Promise<ShownStack> {
  const { Stacks } = await target.call<{ Stacks: ShownStack[] }>("DescribeStacks", {
    StackName: id,
  });
  const [stack] = Stacks;
  if (!stack) throw new Error(`no stack ${id}`);
  return stack;
}

/** Resources that the stack has, deleted ones left out. */
export async function resourcesShown(
  target: TargetUnderTest,
  id: string,
): Promise<ShownResource[]> {
  const { StackResources } = await target.call<{ StackResources: ShownResource[] }>(
    "DescribeStackResources",
    { StackName: id },
  );
  return StackResources.filter(
    ({ ResourceStatus }) => !["DELETE_COMPLETE", "DELETE_SKIPPED"].includes(ResourceStatus),
  );
}

/** Oldest first, of all pages. */
export async function eventsShown(target: TargetUnderTest, id: string): Promise<ShownEvent[]> {
  const events: ShownEvent[] = [];
  let NextToken: string | undefined;
  do {
    const page = await target.call<{ StackEvents: ShownEvent[]; NextToken?: string }>(
      "DescribeStackEvents",
      { StackName: id, NextToken },
    );
    events.push(...page.StackEvents);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return events.toReversed();
}

export async function changesShown(
  target: TargetUnderTest,
  ChangeSetName: string,
): Promise<{
  readonly Status: string;
  readonly StatusReason: string;
  readonly Changes: readonly ShownChange[];
}> {
  const shown = await target.call<{
    Status: string;
    StatusReason?: string;
    Changes: { ResourceChange: ShownChange }[];
  }>("DescribeChangeSet", { ChangeSetName, StackName: "s", IncludePropertyValues: true });
  return {
    Status: shown.Status,
    StatusReason: shown.StatusReason ?? "",
    Changes: shown.Changes.map(({ ResourceChange }) => ResourceChange),
  };
}

/** Physical ids by logical id. */
export async function physicalIdsOf(
  target: TargetUnderTest,
  id = "s",
): Promise<Map<string, string>> {
  return new Map(
    (await resourcesShown(target, id)).map(({ LogicalResourceId, PhysicalResourceId = "" }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

export async function outputsOf(target: TargetUnderTest): Promise<ShownStack["Outputs"]> {
  return (await stackShown(target)).Outputs;
}

/** Each entry as JSON. */
export const entryLines = (name: string, entries: Iterable<readonly [string, unknown]>): string[] =>
  [...entries].map(([key, value]) => `${name} ${key}: ${JSON.stringify(value)}`);
