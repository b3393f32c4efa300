import {
  CloudFormationClient,
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from "@aws-sdk/client-cloudformation";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsLogGroupCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { startTestTarget } from "../../helpers/local-target.ts";

export const StackName = "importing";
export const kept = "/kept/logs";
export const type = "AWS::Logs::LogGroup";

export const group = (LogGroupName: string, more: object = {}) => ({
  Type: type,
  DeletionPolicy: "Retain",
  Properties: { LogGroupName },
  ...more,
});
export const own = { Own: group("/own/logs", { DeletionPolicy: "Delete" }) };
export const both = { ...own, Kept: group(kept) };
export const body = (Resources: object, more: object = {}) =>
  JSON.stringify({ Resources, ...more });
export const importing = (
  LogicalResourceId = "Kept",
  LogGroupName = kept,
  ResourceType = type,
) => ({
  ResourceType,
  LogicalResourceId,
  ResourceIdentifier: { LogGroupName },
});

export async function importWorld(hasStack = true) {
  const target = await startTestTarget();
  const cloudFormation = target.client(CloudFormationClient);
  const logs = target.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: kept }));
  const status = async () => {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0]?.StackStatus;
  };
  const settled = async () => {
    await expect.poll(status, { timeout: 60_000, interval: 20 }).not.toMatch(/_IN_PROGRESS$/);
    return status();
  };
  if (hasStack) {
    const Tags = [{ Key: "team", Value: "blue" }];
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: body(own), Tags }));
    await settled();
  }
  const changeSet = async (more: Partial<CreateChangeSetInput> = {}) => {
    const ChangeSetName = `c${Math.random().toString(36).slice(2)}`;
    const named = { StackName, ChangeSetName };
    await cloudFormation.send(
      new CreateChangeSetCommand({
        ...named,
        ChangeSetType: "IMPORT",
        TemplateBody: body(both),
        ResourcesToImport: [importing()],
        ...more,
      }),
    );
    return cloudFormation.send(new DescribeChangeSetCommand(named));
  };
  const execute = async (more: Partial<CreateChangeSetInput> = {}) => {
    const { ChangeSetName } = await changeSet(more);
    await cloudFormation.send(new ExecuteChangeSetCommand({ StackName, ChangeSetName }));
    return settled();
  };
  const events = async () => {
    const found = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
    return (found.StackEvents ?? [])
      .toReversed()
      .map((event) =>
        [event.LogicalResourceId, event.ResourceStatus, event.ResourceStatusReason]
          .filter(Boolean)
          .join(" "),
      );
  };
  const resources = async () => {
    const found = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName }));
    return (found.StackResources ?? []).map(({ LogicalResourceId }) => LogicalResourceId);
  };
  const groups = async () => {
    const found = await logs.send(new DescribeLogGroupsCommand({}));
    return (found.logGroups ?? []).map(({ logGroupName }) => logGroupName);
  };
  const tags = async () =>
    (await logs.send(new ListTagsLogGroupCommand({ logGroupName: kept }))).tags;
  return {
    target,
    cloudFormation,
    logs,
    status,
    settled,
    changeSet,
    execute,
    events,
    resources,
    groups,
    tags,
  };
}
