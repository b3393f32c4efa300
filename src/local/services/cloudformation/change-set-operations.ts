import type {
  CreateChangeSetInput,
  DeleteChangeSetInput,
  DescribeChangeSetHooksInput,
  DescribeChangeSetInput,
  ExecuteChangeSetInput,
  ListChangeSetsInput,
} from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { ChangeSetRecord } from "../../cloudformation/change-set-record.ts";
import { changeSetDescription, changeSetSummary } from "./change-set-view.ts";
import { createChangeSet } from "./create-change-set.ts";
import { rollbackDisabled } from "./deployment-config.ts";
import { checkGoesOn, checkUpdatable, lastStable } from "./deploy-request.ts";
import { findChangeSet, pending, requireChangeSet } from "./find-change-set.ts";
import { page } from "./pages.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import { isRepeated, startOperation } from "./start-operation.ts";

export function changeSetOperations(parts: ServiceParts) {
  return {
    CreateChangeSet: (input: CreateChangeSetInput, context: CallContext) =>
      createChangeSet(parts, input, context),
    ExecuteChangeSet: (input: ExecuteChangeSetInput, context: CallContext) =>
      executeChangeSet(parts, input, context),

    DescribeChangeSet: async (input: DescribeChangeSetInput, context: CallContext) => {
      const changeSet = requireChangeSet(parts, context, input);
      const withValues = input.IncludePropertyValues ?? false;
      const { items, next } = page(
        changeSet.changes.filter(({ onlyPossible }) => !(withValues && onlyPossible)),
        input.NextToken,
        ({ logicalId }) => logicalId,
      );
      return {
        ...changeSetDescription(changeSet, items, withValues),
        NextToken: next,
      };
    },

    DeleteChangeSet: async (input: DeleteChangeSetInput, context: CallContext) => {
      const changeSet = findChangeSet(parts, context, input);
      // Deleting what is not there succeeds, as long as the stack is named or known.
      if (!changeSet) {
        if (input.StackName) requireStack(parts, context, input.StackName);
        return {};
      }
      if (changeSet.executionStatus === "EXECUTE_IN_PROGRESS") {
        throw new ServiceError(
          "InvalidChangeSetStatus",
          `ChangeSet [${changeSet.changeSetId}] cannot be deleted in its current execution status of [EXECUTE_IN_PROGRESS]`,
          { status: 400 },
        );
      }
      parts.store.changeSets.delete(context.region, changeSet.changeSetId);
      return {};
    },

    ListChangeSets: async (input: ListChangeSetsInput, context: CallContext) => {
      const stack = requireStack(parts, context, input.StackName);
      const { items, next } = page(
        pending(parts, context, stack),
        input.NextToken,
        ({ changeSetId }) => changeSetId,
      );
      return { Summaries: items.map(changeSetSummary), NextToken: next };
    },

    DescribeChangeSetHooks: async (input: DescribeChangeSetHooksInput, context: CallContext) => {
      const { changeSetId, name, stackId, stackName } = requireChangeSet(parts, context, input);
      return {
        ChangeSetId: changeSetId,
        ChangeSetName: name,
        Hooks: [],
        // No hooks can be registered at the local target, so planning them is always done.
        Status: "PLANNED",
        StackId: stackId,
        StackName: stackName,
      };
    },
  };
}

async function executeChangeSet(
  parts: ServiceParts,
  input: ExecuteChangeSetInput,
  context: CallContext,
): Promise<object> {
  const changeSet = requireChangeSet(parts, context, input);
  const stack = requireStack(parts, context, changeSet.stackId);
  const type = changeSet.type === "CREATE" ? "CREATE_STACK" : "UPDATE_STACK";
  if (isRepeated(stack, input.ClientRequestToken, type)) return {};
  checkExecutable(changeSet);
  if (changeSet.type === "UPDATE" || stack.status !== "REVIEW_IN_PROGRESS") checkUpdatable(stack);
  const isImport = changeSet.type === "IMPORT";
  const { deploymentConfig: DeploymentConfig } = changeSet;
  const disableRollback = rollbackDisabled({ ...input, DeploymentConfig });
  checkGoesOn(stack, disableRollback);
  parts.store.transaction(() => {
    forgetOthers(parts, context, changeSet);
    startOperation(parts, context, stack.stackId, {
      type,
      phase: isImport ? "import" : "deploy",
      status: `${changeSet.type}_IN_PROGRESS`,
      token: input.ClientRequestToken,
      settings: {
        onFailure: disableRollback ? "DO_NOTHING" : (changeSet.onStackFailure ?? "ROLLBACK"),
        retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
        previous: lastStable(stack),
        imports: importsOf(changeSet),
      },
      change: (record) => {
        record.deployment = changeSet.deployment;
        record.changeSetId = changeSet.changeSetId;
        record.disableRollback = disableRollback;
        record.updatedAt = parts.context.clock.now().toISOString();
      },
    });
  });
  return {};
}

function importsOf({ changes }: ChangeSetRecord): Record<string, string> {
  return Object.fromEntries(
    changes.flatMap(({ action, logicalId, physicalId = "" }) =>
      action === "Import" ? [[logicalId, physicalId]] : [],
    ),
  );
}

/** Texts observed: saksdirect/nova issue 10, aws/amazon-chime-sdk-js issue 1089. */
function checkExecutable({ changeSetId, status, executionStatus }: ChangeSetRecord): void {
  if (executionStatus === "AVAILABLE") return;
  const state =
    status === "CREATE_COMPLETE"
      ? `execution status of [${executionStatus}]`
      : `status of [${status}]`;
  throw new ServiceError(
    "InvalidChangeSetStatus",
    `ChangeSet [${changeSetId}] cannot be executed in its current ${state}`,
    { status: 400 },
  );
}

/**
 * Executing one change set makes the others of the stack meaningless, and AWS deletes them when it begins, however it
 * ends (API reference, ExecuteChangeSet; user guide, "Execute a change set").
 */
function forgetOthers(parts: ServiceParts, context: CallContext, executed: ChangeSetRecord): void {
  for (const other of parts.store.changeSets.list(context.region)) {
    if (other.stackId === executed.stackId)
      parts.store.changeSets.delete(context.region, other.changeSetId);
  }
  parts.store.changeSets.put(context.region, executed.changeSetId, {
    ...executed,
    executionStatus: "EXECUTE_IN_PROGRESS",
  });
}
