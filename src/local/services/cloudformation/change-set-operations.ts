import { randomUUID } from "node:crypto";
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
import { moveStack } from "../../cloudformation/engine/run.ts";
import { prepare } from "../../cloudformation/prepare.ts";
import type { Prepared } from "../../cloudformation/prepare.ts";
import { problemText, propertyProblems } from "../../cloudformation/property-validation.ts";
import type { StackRecord } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { changeSetDescription, changeSetSummary } from "./change-set-view.ts";
import { page } from "./pages.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import {
  checkUpdatable,
  deployRequest,
  identityOf,
  lastStable,
  newStack,
  planFor,
  previousOrNewTemplate,
} from "./stack-operations.ts";
import { isRepeated, startOperation } from "./start-operation.ts";

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** What CloudFormation says when its validation before deployment refuses the properties. */
const earlyValidation =
  "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.";

export function changeSetOperations(parts: ServiceParts) {
  return {
    CreateChangeSet: (input: CreateChangeSetInput, context: CallContext) =>
      createChangeSet(parts, input, context),
    ExecuteChangeSet: (input: ExecuteChangeSetInput, context: CallContext) =>
      executeChangeSet(parts, input, context),

    DescribeChangeSet: async (input: DescribeChangeSetInput, context: CallContext) => {
      const changeSet = requireChangeSet(parts, context, input);
      const { items, next } = page(
        changeSet.changes,
        input.NextToken,
        ({ logicalId }) => logicalId,
      );
      return {
        ...changeSetDescription(changeSet, items, input.IncludePropertyValues ?? false),
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

interface ChangeSetName {
  readonly ChangeSetName?: string | undefined;
  readonly StackName?: string | undefined;
}

/** By ARN, or by name together with the stack; an executed one only by ARN, its name is free again. */
export function findChangeSet(
  parts: ServiceParts,
  context: CallContext,
  input: ChangeSetName,
): ChangeSetRecord | undefined {
  const name = input.ChangeSetName ?? "";
  if (name.startsWith("arn:")) return parts.store.changeSets.get(context.region, name);
  if (!input.StackName) {
    throw validationError(
      "StackName must be specified if ChangeSetName is not specified as an ARN.",
    );
  }
  const stack = requireStack(parts, context, input.StackName);
  return pending(parts, context, stack).find((changeSet) => changeSet.name === name);
}

function pending(parts: ServiceParts, context: CallContext, stack: StackRecord): ChangeSetRecord[] {
  return parts.store.changeSets
    .list(context.region)
    .filter(
      ({ stackId, executionStatus }) =>
        stackId === stack.stackId && !executionStatus.startsWith("EXECUTE_"),
    );
}

function requireChangeSet(
  parts: ServiceParts,
  context: CallContext,
  input: ChangeSetName,
): ChangeSetRecord {
  const changeSet = findChangeSet(parts, context, input);
  if (changeSet) return changeSet;
  throw new ServiceError("ChangeSetNotFound", `ChangeSet [${input.ChangeSetName}] does not exist`, {
    status: 404,
  });
}

async function createChangeSet(
  parts: ServiceParts,
  input: CreateChangeSetInput,
  context: CallContext,
): Promise<object> {
  const name = input.ChangeSetName ?? "";
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  const type = input.ChangeSetType ?? "UPDATE";
  if (type === "IMPORT" || (input.ResourcesToImport?.length ?? 0) > 0) {
    throw validationError("Importing resources into a stack is not supported by the local target.");
  }
  if (input.DeploymentMode === "REVERT_DRIFT") {
    throw validationError(
      "Drift-aware change sets (REVERT_DRIFT) are not supported by the local target, which detects no drift.",
    );
  }
  const known = parts.store.findStack(context.region, input.StackName ?? "");
  const stack =
    type === "CREATE"
      ? stackToCreate(parts, input, known, context)
      : stackToUpdate(parts, input, context);
  const same = known && pending(parts, context, known).find((other) => other.name === name);
  if (same) {
    if (input.ClientToken !== undefined && same.clientToken === input.ClientToken) {
      return { Id: same.changeSetId, StackId: same.stackId };
    }
    throw new ServiceError(
      "AlreadyExistsException",
      `ChangeSet ${name} cannot be created because a ChangeSet with the same name already exists for stack ${stack.stackName}.`,
      { status: 400 },
    );
  }
  const body = await previousOrNewTemplate(parts, input, stack, context);
  const prepared = await prepare(
    parts,
    deployRequest(input, body, stack),
    identityOf(parts, context, stack),
    stack.deployment,
    context,
  );
  const changeSet = planned(parts, context, { input, name, type, stack, prepared });
  parts.store.transaction(() => {
    if (!parts.store.stack(context.region, stack.stackId)) reviewStack(parts, context, stack);
    parts.store.changeSets.put(context.region, changeSet.changeSetId, changeSet);
  });
  return { Id: changeSet.changeSetId, StackId: stack.stackId };
}

function stackToCreate(
  parts: ServiceParts,
  input: CreateChangeSetInput,
  known: StackRecord | undefined,
  context: CallContext,
): StackRecord {
  if (!known) return newStack(parts, context, input.StackName ?? "");
  if (known.status === "REVIEW_IN_PROGRESS") return known;
  throw validationError(
    `Stack [${known.stackName}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
  );
}

function stackToUpdate(
  parts: ServiceParts,
  input: CreateChangeSetInput,
  context: CallContext,
): StackRecord {
  const stack = requireStack(parts, context, input.StackName);
  checkUpdatable(stack);
  return stack;
}

/** The empty stack that a change set of type CREATE leaves until it is executed. */
function reviewStack(parts: ServiceParts, context: CallContext, stack: StackRecord): void {
  const id = randomUUID();
  parts.store.putStack(context.region, {
    ...stack,
    operations: [{ id, type: "CREATE_CHANGESET" }],
  });
  moveStack(
    { store: parts.store, context: parts.context, region: context.region, stackId: stack.stackId },
    { status: "REVIEW_IN_PROGRESS", reason: "User Initiated" },
  );
}

interface Planning {
  readonly input: CreateChangeSetInput;
  readonly name: string;
  readonly type: "CREATE" | "UPDATE";
  readonly stack: StackRecord;
  readonly prepared: Prepared;
}

function planned(
  parts: ServiceParts,
  context: CallContext,
  { input, name, type, stack, prepared }: Planning,
): ChangeSetRecord {
  const plan = planFor(parts, context, stack, prepared);
  const problems = [...plan.properties].flatMap(([logicalId, properties]) => {
    const resourceType = prepared.model.resources.get(logicalId)?.Type ?? "";
    const data = prepared.data.get(resourceType);
    return data
      ? propertyProblems(data, properties).map((problem) => ({
          logicalId,
          type: resourceType,
          path: `/Resources/${logicalId}/Properties${problem.path.slice(1)}`,
          message: problemText(logicalId, [problem]),
        }))
      : [];
  });
  const isEmpty = plan.changes.length === 0 && !plan.outputsChange && type === "UPDATE";
  const failure = problems.length > 0 ? earlyValidation : isEmpty ? noChanges : undefined;
  return {
    changeSetId: `arn:aws:cloudformation:${context.region}:${context.accountId}:changeSet/${name}/${randomUUID()}`,
    name,
    stackId: stack.stackId,
    stackName: stack.stackName,
    type,
    description: input.Description,
    createdAt: parts.context.clock.now().toISOString(),
    deployment: prepared.deployment,
    givenParameters: input.Parameters ?? [],
    changes: plan.changes,
    onStackFailure: input.OnStackFailure,
    includeNestedStacks: input.IncludeNestedStacks,
    clientToken: input.ClientToken,
    status: failure === undefined ? "CREATE_COMPLETE" : "FAILED",
    statusReason: failure,
    executionStatus: failure === undefined ? "AVAILABLE" : "UNAVAILABLE",
    problems,
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
  if (changeSet.executionStatus !== "AVAILABLE") {
    throw new ServiceError(
      "InvalidChangeSetStatus",
      `ChangeSet [${changeSet.changeSetId}] cannot be executed in its current status of [${changeSet.status}]`,
      { status: 400 },
    );
  }
  if (changeSet.type === "UPDATE" || stack.status !== "REVIEW_IN_PROGRESS") checkUpdatable(stack);
  const { DisableRollback = false } = input;
  parts.store.transaction(() => {
    forgetOthers(parts, context, changeSet);
    startOperation(parts, context, stack.stackId, {
      type,
      phase: "deploy",
      status: changeSet.type === "CREATE" ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS",
      token: input.ClientRequestToken,
      settings: {
        onFailure: DisableRollback ? "DO_NOTHING" : (changeSet.onStackFailure ?? "ROLLBACK"),
        retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
        previous: lastStable(stack),
      },
      change: (record) => {
        record.deployment = changeSet.deployment;
        record.changeSetId = changeSet.changeSetId;
        record.disableRollback = DisableRollback;
        record.updatedAt = parts.context.clock.now().toISOString();
      },
    });
  });
  return {};
}

/** Executing one change set makes the others of the stack meaningless, and AWS deletes them. */
function forgetOthers(parts: ServiceParts, context: CallContext, executed: ChangeSetRecord): void {
  for (const other of parts.store.changeSets.list(context.region)) {
    if (other.stackId === executed.stackId)
      parts.store.changeSets.delete(context.region, other.changeSetId);
  }
  parts.store.changeSets.put(context.region, executed.changeSetId, {
    ...executed,
    executionStatus: "EXECUTE_COMPLETE",
  });
}
