import type {
  CancelUpdateStackInput,
  ContinueUpdateRollbackInput,
  RollbackStackInput,
} from "@aws-sdk/client-cloudformation";
import type { OperationRecord } from "../../cloudformation/stack-record.ts";
import type { CallContext } from "../../service.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import { cancelOperation, isRepeated, startOperation } from "./start-operation.ts";

export function rollbackOperations(parts: ServiceParts) {
  return {
    /** Goes on with a rollback that had failed; the resources named are taken as they are. */
    ContinueUpdateRollback: async (input: ContinueUpdateRollbackInput, context: CallContext) => {
      const stack = requireStack(parts, context, input.StackName);
      if (isRepeated(stack, input.ClientRequestToken, "CONTINUE_ROLLBACK")) return {};
      if (stack.status !== "UPDATE_ROLLBACK_FAILED") {
        throw validationError(
          `Stack [${stack.stackId}] is in ${stack.status} state. ContinueUpdateRollback can only be called on a stack in UPDATE_ROLLBACK_FAILED state.`,
        );
      }
      const skipResources = input.ResourcesToSkip ?? [];
      checkSkipped(parts, context, stack.stackId, skipResources);
      startOperation(parts, context, stack.stackId, {
        type: "CONTINUE_ROLLBACK",
        phase: "rollback-update",
        status: "UPDATE_ROLLBACK_IN_PROGRESS",
        token: input.ClientRequestToken,
        settings: { ...kept(stack.operation), skipResources },
      });
      return {};
    },

    /** Rolls back what a failure without rollback had left. */
    RollbackStack: async (input: RollbackStackInput, context: CallContext) => {
      const stack = requireStack(parts, context, input.StackName);
      if (isRepeated(stack, input.ClientRequestToken, "ROLLBACK"))
        return { StackId: stack.stackId };
      if (stack.status !== "CREATE_FAILED" && stack.status !== "UPDATE_FAILED") {
        throw validationError(
          `Stack [${stack.stackId}] is in ${stack.status} state. RollbackStack can only be called on a stack in CREATE_FAILED or UPDATE_FAILED state.`,
        );
      }
      const previous = stack.operation?.previous;
      const OperationId = startOperation(parts, context, stack.stackId, {
        type: "ROLLBACK",
        phase: previous ? "rollback-update" : "rollback-create",
        status: previous ? "UPDATE_ROLLBACK_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS",
        token: input.ClientRequestToken,
        settings: {
          ...kept(stack.operation),
          retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
        },
        change: (record) => {
          if (previous) record.deployment = previous;
        },
      });
      return { StackId: stack.stackId, OperationId };
    },

    CancelUpdateStack: async (input: CancelUpdateStackInput, context: CallContext) =>
      cancelUpdate(parts, input, context),
  };
}

/** Cancelling is part of the update, with a token of its own. */
function cancelUpdate(
  parts: ServiceParts,
  input: CancelUpdateStackInput,
  context: CallContext,
): object {
  const stack = requireStack(parts, context, input.StackName);
  const token = input.ClientRequestToken;
  if (isRepeated(stack, token, "ROLLBACK")) return {};
  if (stack.status !== "UPDATE_IN_PROGRESS") {
    throw validationError(`CancelUpdateStack cannot be called from current stack status`);
  }
  cancelOperation(parts, context, stack.stackId, {
    afterwards: "ROLLBACK",
    type: "ROLLBACK",
    token,
  });
  return {};
}

/** What the stopped operation knew goes on to the next. */
function kept(operation: OperationRecord | undefined): Pick<OperationRecord, "previous"> {
  return { previous: operation?.previous };
}

function checkSkipped(
  parts: ServiceParts,
  context: CallContext,
  stackId: string,
  skipped: readonly string[],
): void {
  const failed = new Set(
    Object.values(parts.store.resources(context.region, stackId))
      .filter(({ status }) => status === "UPDATE_FAILED")
      .map(({ logicalId }) => logicalId),
  );
  const others = skipped.filter((logicalId) => !failed.has(logicalId));
  if (others.length > 0) {
    throw validationError(
      `Resources [${others.join(", ")}] cannot be skipped: only resources in the UPDATE_FAILED state can be`,
    );
  }
}
