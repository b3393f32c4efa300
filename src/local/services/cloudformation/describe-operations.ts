import type {
  DescribeEventsInput,
  DescribeStackEventsInput,
  DescribeStackResourceInput,
  DescribeStackResourcesInput,
  DescribeStacksInput,
  ListHookResultsInput,
  ListStackResourcesInput,
  ListStacksInput,
} from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { stackType } from "../../cloudformation/stack-record.ts";
import type { EventRecord, StackRecord } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { findChangeSet } from "./find-change-set.ts";
import { page } from "./pages.ts";
import { doesNotExist, requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import {
  eventDescription,
  resourceDescription,
  stackDescription,
  stackSummary,
} from "./stack-view.ts";

export function describeOperations(parts: ServiceParts) {
  return {
    DescribeStacks: async (input: DescribeStacksInput, context: CallContext) =>
      describeStacks(parts, input, context),
    ListStacks: async (input: ListStacksInput, context: CallContext) =>
      listStacks(parts, input, context),
    DescribeStackEvents: async (input: DescribeStackEventsInput, context: CallContext) => {
      const stack = requireStack(parts, context, input.StackName);
      const { items, next } = page(
        parts.store.events(context.region, stack),
        input.NextToken,
        ({ id }) => id,
      );
      return { StackEvents: items.map((event) => eventDescription(stack, event)), NextToken: next };
    },
    DescribeEvents: async (input: DescribeEventsInput, context: CallContext) =>
      describeEvents(parts, input, context),
    DescribeStackResource: async (input: DescribeStackResourceInput, context: CallContext) =>
      describeStackResource(parts, input, context),
    DescribeStackResources: async (input: DescribeStackResourcesInput, context: CallContext) =>
      describeStackResources(parts, input, context),
    ListStackResources: async (input: ListStackResourcesInput, context: CallContext) =>
      listStackResources(parts, input, context),
    // No hooks can be registered at the local target, so nothing ever has results.
    ListHookResults: async (input: ListHookResultsInput) => ({
      HookResults: page<string>([], input.NextToken, (id) => id).items,
    }),
  };
}

function describeStacks(parts: ServiceParts, input: DescribeStacksInput, context: CallContext) {
  if (input.StackName) {
    const stack = requireStack(parts, context, input.StackName, doesNotExist);
    return { Stacks: [stackDescription(stack, driftOf(parts, context, stack))] };
  }
  const live = newestFirst(parts.store.stacks(context.region)).filter(
    ({ status }) => status !== "DELETE_COMPLETE",
  );
  const { items, next } = page(live, input.NextToken, ({ stackId }) => stackId);
  return {
    Stacks: items.map((stack) => stackDescription(stack, driftOf(parts, context, stack))),
    NextToken: next,
  };
}

function listStacks(parts: ServiceParts, input: ListStacksInput, context: CallContext) {
  const wanted = new Set<string>(input.StackStatusFilter);
  const stacks = newestFirst(parts.store.stacks(context.region)).filter(
    ({ status }) => wanted.size === 0 || wanted.has(status),
  );
  const { items, next } = page(stacks, input.NextToken, ({ stackId }) => stackId);
  return {
    StackSummaries: items.map((stack) => stackSummary(stack, driftOf(parts, context, stack))),
    NextToken: next,
  };
}

function describeStackResource(
  parts: ServiceParts,
  input: DescribeStackResourceInput,
  context: CallContext,
) {
  const stack = requireStack(
    parts,
    context,
    input.StackName,
    (name) => `Stack '${name}' does not exist`,
  );
  const resource = parts.store.resource(
    context.region,
    stack.stackId,
    input.LogicalResourceId ?? "",
  );
  // Observed: localstack/localstack test_resources.snapshot.json, test_describe_failed_resource.
  const isGone = resource?.status === "DELETE_COMPLETE" && stack.status !== "DELETE_COMPLETE";
  if (!resource || isGone) {
    throw validationError(
      `Resource ${input.LogicalResourceId} does not exist for stack ${input.StackName}`,
    );
  }
  const drift = driftOf(parts, context, stack);
  return {
    StackResourceDetail: {
      ...resourceDescription(stack, resource, drift),
      LastUpdatedTimestamp: new Date(resource.updatedAt),
      Metadata: resource.metadata === undefined ? undefined : JSON.stringify(resource.metadata),
    },
  };
}

/** API reference, DescribeStackResources: more are told by ListStackResources only. */
const describedResources = 100;

function describeStackResources(
  parts: ServiceParts,
  input: DescribeStackResourcesInput,
  context: CallContext,
) {
  const stack = input.StackName
    ? requireStack(parts, context, input.StackName, doesNotExist)
    : stackOfPhysicalResource(parts, context, input.PhysicalResourceId);
  const resources = Object.values(parts.store.resources(context.region, stack.stackId)).filter(
    ({ logicalId }) =>
      input.LogicalResourceId === undefined || logicalId === input.LogicalResourceId,
  );
  const drift = driftOf(parts, context, stack);
  return {
    StackResources: resources.slice(0, describedResources).map((resource) => ({
      ...resourceDescription(stack, resource, drift),
      Timestamp: new Date(resource.updatedAt),
    })),
  };
}

function listStackResources(
  parts: ServiceParts,
  input: ListStackResourcesInput,
  context: CallContext,
) {
  const stack = requireStack(parts, context, input.StackName, doesNotExist);
  const resources = Object.values(parts.store.resources(context.region, stack.stackId));
  const { items, next } = page(resources, input.NextToken, ({ logicalId }) => logicalId);
  const drift = driftOf(parts, context, stack);
  return {
    StackResourceSummaries: items.map((resource) => ({
      ...resourceDescription(stack, resource, drift),
      LastUpdatedTimestamp: new Date(resource.updatedAt),
    })),
    NextToken: next,
  };
}

function driftOf(parts: ServiceParts, context: CallContext, { stackId }: StackRecord) {
  return parts.store.drifts.get(context.region, stackId);
}

function newestFirst(stacks: readonly StackRecord[]): StackRecord[] {
  return stacks.toSorted((left, right) => (left.createdAt < right.createdAt ? 1 : -1));
}

function stackOfPhysicalResource(
  parts: ServiceParts,
  context: CallContext,
  physicalId: string | undefined,
): StackRecord {
  if (!physicalId) {
    throw validationError("Either StackName or PhysicalResourceId must be specified");
  }
  const stack = parts.store
    .stacks(context.region)
    .find(
      ({ stackId, status }) =>
        status !== "DELETE_COMPLETE" &&
        Object.values(parts.store.resources(context.region, stackId)).some(
          (resource) => resource.physicalId === physicalId,
        ),
    );
  if (!stack) throw validationError(`Stack for ${physicalId} does not exist`);
  return stack;
}

function describeEvents(
  parts: ServiceParts,
  input: DescribeEventsInput,
  context: CallContext,
): object {
  if (input.ChangeSetName) return changeSetEvents(parts, input, context);
  const stack = input.StackName
    ? requireStack(parts, context, input.StackName)
    : parts.store
        .stacks(context.region)
        .find(({ operations }) => operations.some(({ id }) => id === input.OperationId));
  if (!stack) throw validationError(`Operation [${input.OperationId}] does not exist`);
  const events = parts.store
    .events(context.region, stack, input.OperationId)
    .filter(({ status }) => !input.Filters?.FailedEvents || status.endsWith("_FAILED"));
  const { items, next } = page(events, input.NextToken, ({ id }) => id);
  return { OperationEvents: items.map((event) => operationEvent(stack, event)), NextToken: next };
}

function operationEvent(stack: StackRecord, event: EventRecord) {
  const { StackName: _name, ...shown } = eventDescription(stack, event);
  const isStack = event.type === stackType && event.physicalId === stack.stackId;
  const isFailure = event.status.endsWith("_FAILED");
  return {
    ...shown,
    OperationType: event.operationType,
    OperationStatus: isFailure
      ? "FAILED"
      : event.status.endsWith("_IN_PROGRESS")
        ? "IN_PROGRESS"
        : "SUCCEEDED",
    EventType: isStack ? "STACK_EVENT" : isFailure ? "PROVISIONING_ERROR" : "PROGRESS_EVENT",
  };
}

/** What validation found wrong with the change set's properties, one event each. */
function changeSetEvents(
  parts: ServiceParts,
  input: DescribeEventsInput,
  context: CallContext,
): object {
  const changeSet = findChangeSet(parts, context, input);
  if (!changeSet) throw validationError(`ChangeSet [${input.ChangeSetName}] does not exist`);
  const events = changeSet.problems.map((problem, index) => ({
    EventId: `${changeSet.changeSetId}#${index}`,
    StackId: changeSet.stackId,
    OperationId: changeSet.changeSetId.split("/").at(-1),
    OperationType: "CREATE_CHANGESET",
    OperationStatus: "FAILED",
    EventType: "VALIDATION_ERROR",
    LogicalResourceId: problem.logicalId,
    ResourceType: problem.type,
    Timestamp: new Date(changeSet.createdAt),
    ValidationFailureMode: "FAIL",
    ValidationName: problem.validation,
    ValidationStatus: "FAILED",
    ValidationStatusReason: problem.message,
    ValidationPath: problem.path,
  }));
  const { items, next } = page(events, input.NextToken, ({ EventId }) => EventId);
  return { OperationEvents: items, NextToken: next };
}
