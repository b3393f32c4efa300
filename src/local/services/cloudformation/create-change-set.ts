import { randomUUID } from "node:crypto";
import type { CreateChangeSetInput } from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { ChangeSetRecord } from "../../cloudformation/change-set-record.ts";
import { moveStack } from "../../cloudformation/engine/run.ts";
import { prepare } from "../../cloudformation/prepare.ts";
import type { Prepared } from "../../cloudformation/prepare.ts";
import { problemText, propertyProblems } from "../../cloudformation/property-validation.ts";
import type { StackRecord } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import {
  checkUpdatable,
  deployRequest,
  identityOf,
  newStack,
  planFor,
  previousOrNewTemplate,
} from "./deploy-request.ts";
import { pending } from "./find-change-set.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** What CloudFormation says when its validation before deployment refuses the properties. */
const earlyValidation =
  "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.";

export async function createChangeSet(
  parts: ServiceParts,
  input: CreateChangeSetInput,
  context: CallContext,
): Promise<object> {
  const name = input.ChangeSetName ?? "";
  const type = supportedType(input);
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

/** Refuses wrong names, and kinds of change sets that the local target does not know. */
function supportedType(input: CreateChangeSetInput): "CREATE" | "UPDATE" {
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
  return type;
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
