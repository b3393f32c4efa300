import type { StackDrift } from "../../cloudformation/drift/drift-record.ts";
import type {
  EventRecord,
  ResourceRecord,
  StackRecord,
} from "../../cloudformation/stack-record.ts";
import type { ParameterValue } from "../../cloudformation/template/parameters.ts";

export function shownParameter({ key, value, resolved, secret }: ParameterValue) {
  return {
    ParameterKey: key,
    ParameterValue: secret ? "****" : value,
    ...(resolved === undefined ? {} : { ResolvedValue: resolved }),
  };
}

function date(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

function stackDrift(drift: StackDrift | undefined) {
  const [latest] = drift?.detections ?? [];
  if (!latest) return { StackDriftStatus: "NOT_CHECKED" };
  return { StackDriftStatus: latest.stackStatus, LastCheckTimestamp: new Date(latest.at) };
}

/** What was found of a resource that has been replaced since says nothing of the one that is there. */
function resourceDrift({ logicalId, physicalId }: ResourceRecord, drift: StackDrift | undefined) {
  const found = drift?.resources[logicalId];
  if (found?.physicalId !== physicalId || !found) {
    return { StackResourceDriftStatus: "NOT_CHECKED" };
  }
  return { StackResourceDriftStatus: found.status, LastCheckTimestamp: new Date(found.at) };
}

/** A stack as DescribeStacks shows it. */
export function stackDescription(stack: StackRecord, drift?: StackDrift) {
  const { deployment } = stack;
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    ChangeSetId: stack.changeSetId,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    Description: deployment?.description,
    Parameters: deployment?.parameters.map(shownParameter),
    CreationTime: date(stack.createdAt),
    DeletionTime: date(stack.deletedAt),
    LastUpdatedTime: date(stack.updatedAt),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: deployment?.notificationArns ?? [],
    TimeoutInMinutes: stack.timeoutInMinutes,
    Capabilities: deployment?.capabilities,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    RoleARN: deployment?.roleArn,
    Tags: deployment?.tags ?? [],
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: stackDrift(drift),
    RetainExceptOnCreate: stack.retainExceptOnCreate,
    LastOperations: stack.operations
      .slice(0, 2)
      .map(({ id, type }) => ({ OperationId: id, OperationType: type })),
  };
}

export function stackSummary(stack: StackRecord, drift?: StackDrift) {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    TemplateDescription: stack.deployment?.description,
    CreationTime: date(stack.createdAt),
    LastUpdatedTime: date(stack.updatedAt),
    DeletionTime: date(stack.deletedAt),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: stackDrift(drift),
  };
}

/** A resource as the describing and listing operations show it; they differ in the name of the time alone. */
export function resourceDescription(
  stack: StackRecord,
  resource: ResourceRecord,
  drift?: StackDrift,
) {
  return {
    StackName: stack.stackName,
    StackId: stack.stackId,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: resourceDrift(resource, drift),
  };
}

export function eventDescription(stack: StackRecord, event: EventRecord) {
  return {
    StackId: stack.stackId,
    StackName: stack.stackName,
    EventId: event.id,
    OperationId: event.operationId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: new Date(event.at),
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
  };
}
