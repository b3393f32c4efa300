import type { DeleteStackInput } from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { moveStack } from "../../cloudformation/engine/run.ts";
import { exportInUse } from "../../cloudformation/exports.ts";
import { isInProgress } from "../../cloudformation/stack-record.ts";
import type { StackRecord } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { doesNotExist, requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import { cancelOperation, isRepeated, startOperation } from "./start-operation.ts";

export function deleteStack(
  parts: ServiceParts,
  input: DeleteStackInput,
  context: CallContext,
): object {
  const stack = input.StackName
    ? parts.store.findStack(context.region, input.StackName)
    : undefined;
  // Deleting what is not there succeeds, as on AWS.
  if (!stack || stack.status === "DELETE_COMPLETE" || stack.status === "DELETE_IN_PROGRESS") {
    if (!input.StackName) requireStack(parts, context, input.StackName, doesNotExist);
    return {};
  }
  if (
    isRepeated(stack, input.ClientRequestToken, "DELETE_STACK") &&
    stack.status !== "DELETE_FAILED"
  )
    return {};
  checkDeletable(stack, input);
  const inUse = exportInUse(parts.store.stacks(context.region), stack);
  if (inUse !== undefined) {
    refuseInUse(parts, context, stack, inUse);
    return {};
  }
  parts.store.transaction(() => {
    forgetChangeSets(parts, context, stack);
    startDeletion(parts, input, context, stack);
  });
  return {};
}

function startDeletion(
  parts: ServiceParts,
  input: DeleteStackInput,
  context: CallContext,
  stack: StackRecord,
): void {
  if (stack.status === "CREATE_IN_PROGRESS") {
    cancelOperation(parts, context, stack.stackId, {
      afterwards: "DELETE",
      type: "DELETE_STACK",
      token: input.ClientRequestToken,
    });
    return;
  }
  startOperation(parts, context, stack.stackId, {
    type: "DELETE_STACK",
    phase: "delete",
    status: "DELETE_IN_PROGRESS",
    token: input.ClientRequestToken,
    settings: {
      retainResources: input.RetainResources ?? [],
      force: input.DeletionMode === "FORCE_DELETE_STACK",
    },
  });
}

function forgetChangeSets(parts: ServiceParts, context: CallContext, stack: StackRecord): void {
  for (const { changeSetId, stackId } of parts.store.changeSets.list(context.region)) {
    if (stackId === stack.stackId) parts.store.changeSets.delete(context.region, changeSetId);
  }
}

function checkDeletable(stack: StackRecord, input: DeleteStackInput): void {
  if (stack.terminationProtection) {
    throw validationError(
      `Stack [${stack.stackName}] cannot be deleted while TerminationProtection is enabled`,
    );
  }
  if ((input.RetainResources?.length ?? 0) > 0 && stack.status !== "DELETE_FAILED") {
    throw validationError(
      `Invalid operation on stack [${stack.stackId}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  if (isInProgress(stack.status) && stack.status !== "CREATE_IN_PROGRESS") {
    throw validationError(
      `Stack [${stack.stackId}] cannot be deleted while in status ${stack.status}`,
    );
  }
}

/**
 * CloudFormation takes the request, and the stack goes back to its state with the reason. Stored in one step: nothing
 * would take up the work if the target ended between the two.
 */
function refuseInUse(
  parts: ServiceParts,
  context: CallContext,
  stack: StackRecord,
  reason: string,
): void {
  const place = {
    store: parts.store,
    context: parts.context,
    region: context.region,
    stackId: stack.stackId,
  };
  parts.store.transaction(() => {
    moveStack(place, { status: "DELETE_IN_PROGRESS", reason: "User Initiated" });
    moveStack(place, { status: stack.status, reason });
  });
}
