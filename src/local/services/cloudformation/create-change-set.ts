import { randomUUID } from "node:crypto";
import type { CreateChangeSetInput } from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { ChangeSetRecord, ChangeSetType } from "../../cloudformation/change-set-record.ts";
import { importExisting } from "../../cloudformation/existing-resources.ts";
import { failed, type Outcome } from "./change-set-outcome.ts";
import { importOutcome } from "./import-outcome.ts";
import { moveStack } from "../../cloudformation/engine/run.ts";
import { nameConflicts } from "../../cloudformation/names-taken.ts";
import type { NameConflict } from "../../cloudformation/names-taken.ts";
import { prepare } from "../../cloudformation/prepare.ts";
import type { Plan } from "../../cloudformation/plan.ts";
import type { DeployRequest, Prepared } from "../../cloudformation/prepare.ts";
import { problemText, propertyProblems } from "../../cloudformation/property-validation.ts";
import type { StackRecord } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { TransformFailed } from "../../cloudformation/template/transform-failed.ts";
import {
  checkUpdatable,
  deployRequest,
  identityOf,
  newStack,
  planFor,
  previousOrNewTemplate,
} from "./deploy-request.ts";
import { pending } from "./find-change-set.ts";
import { checkResourceTypes, refuseSettings } from "./refusals.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Which of CloudFormation's validations before the deployment refused; text observed, aws-cloudformation/rain pull request 744. */
function earlyValidation(problems: ChangeSetRecord["problems"]): string {
  const names = {
    PROPERTY_VALIDATION: "PropertyValidation",
    NAME_CONFLICT_VALIDATION: "ResourceExistenceCheck",
  };
  const failing = [...new Set(problems.map(({ validation }) => names[validation]))];
  const list = failing.map((name) => `AWS::EarlyValidation::${name}`).join(", ");
  return `The following hook(s)/validation failed: [${list}]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.`;
}

export async function createChangeSet(
  parts: ServiceParts,
  input: CreateChangeSetInput,
  context: CallContext,
): Promise<object> {
  const name = input.ChangeSetName ?? "";
  const type = supportedType(input);
  const known = parts.store.findStack(context.region, input.StackName ?? "");
  const stack =
    type === "CREATE" || (type === "IMPORT" && isNew(known))
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
  const request = { ...deployRequest(input, body, stack), forChangeSet: true };
  const outcome = await outcomeOf(parts, context, { request, stack, type, input });
  const changeSet = changeSetRecord(parts, context, { input, name, type, stack, outcome });
  const isStored = parts.store.transaction(() => {
    if (isOvertaken(parts, context, input, known)) return false;
    if (!known) reviewStack(parts, context, stack);
    parts.store.changeSets.put(context.region, changeSet.changeSetId, changeSet);
    return true;
  });
  // What was planned is for a stack that is no longer so: the request begins again with the stack as it is.
  if (!isStored) return createChangeSet(parts, input, context);
  return { Id: changeSet.changeSetId, StackId: stack.stackId };
}

/** Whether, while the template was read, another request has made, changed or deleted the stack, or has taken the change set's name. */
function isOvertaken(
  parts: ServiceParts,
  context: CallContext,
  input: CreateChangeSetInput,
  known: StackRecord | undefined,
): boolean {
  const now = parts.store.findStack(context.region, input.StackName ?? "");
  // Everything that changes a stack is an operation of its own.
  if (now?.stackId !== known?.stackId || now?.operations[0]?.id !== known?.operations[0]?.id)
    return true;
  return (
    now !== undefined &&
    pending(parts, context, now).some(({ name }) => name === input.ChangeSetName)
  );
}

/** Refuses wrong names, and kinds of change sets that the local target does not know. */
function supportedType(input: CreateChangeSetInput): ChangeSetType {
  const name = input.ChangeSetName ?? "";
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  refuseSettings(input);
  const type = input.ChangeSetType ?? "UPDATE";
  if (type !== "IMPORT" && (input.ResourcesToImport?.length ?? 0) > 0)
    throw validationError("ResourcesToImport is taken only with ChangeSetType IMPORT.");
  if (input.DeploymentMode === "REVERT_DRIFT") {
    throw validationError(
      "Drift-aware change sets (REVERT_DRIFT) are not supported by the local target.",
    );
  }
  return type;
}

/** No stack, or one that nothing has been made in yet. */
function isNew(known: StackRecord | undefined): boolean {
  return known === undefined || known.status === "REVIEW_IN_PROGRESS";
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

interface Wanted {
  readonly input: CreateChangeSetInput;
  readonly request: DeployRequest;
  readonly stack: StackRecord;
  readonly type: ChangeSetType;
}

/** A transform that fails makes a failed change set; all else that is wrong refuses the request. */
async function outcomeOf(
  parts: ServiceParts,
  context: CallContext,
  wanted: Wanted,
): Promise<Outcome> {
  const { request, stack, input } = wanted;
  const identity = identityOf(parts, context, stack);
  try {
    const prepared = await prepare(parts, request, identity, stack.deployment, context);
    checkResourceTypes(prepared.model.template, input.ResourceTypes);
    const plan = planFor(parts, context, stack, prepared);
    const { ResourcesToImport: imported = [] } = input;
    if (wanted.type === "IMPORT")
      return await importOutcome(parts, context, { ...wanted, prepared, plan, imported });
    const existing = input.ImportExistingResources
      ? await importExisting(parts, plan, prepared.model, context)
      : { plan };
    if ("failure" in existing)
      return {
        deployment: prepared.deployment,
        changes: [],
        problems: [],
        ...failed(existing.failure),
      };
    const conflicts = await nameConflicts(parts, existing.plan, prepared.data, context);
    return planned(wanted, prepared, existing.plan, conflicts);
  } catch (error) {
    if (!(error instanceof TransformFailed)) throw error;
    const { tags, capabilities, notificationArns, roleArn } = request;
    return {
      deployment: {
        templateId: parts.store.putTemplate(context.region, request.body),
        parameters: [],
        tags,
        capabilities,
        notificationArns,
        roleArn,
      },
      changes: [],
      problems: [],
      ...failed(error.message),
    };
  }
}

function planned(
  { type }: Wanted,
  prepared: Prepared,
  plan: Plan,
  conflicts: readonly NameConflict[],
): Outcome {
  const problems = [
    ...propertyErrors(prepared, plan),
    ...conflicts.map(({ logicalId, type: resourceType, message }) => ({
      logicalId,
      type: resourceType,
      path: `/Resources/${logicalId}`,
      message,
      validation: "NAME_CONFLICT_VALIDATION" as const,
    })),
  ];
  const isEmpty =
    plan.changes.every(({ onlyPossible }) => onlyPossible) &&
    !plan.outputsChange &&
    type === "UPDATE";
  const failure = problems.length > 0 ? earlyValidation(problems) : isEmpty ? noChanges : undefined;
  return {
    deployment: prepared.deployment,
    changes: plan.changes,
    problems,
    ...(failure === undefined
      ? {
          status: "CREATE_COMPLETE",
          statusReason: incompleteness(plan.missingExports),
          executionStatus: "AVAILABLE",
        }
      : failed(failure)),
  };
}

function propertyErrors(prepared: Prepared, plan: Plan): ChangeSetRecord["problems"] {
  return [...plan.properties].flatMap(([logicalId, properties]) => {
    const type = prepared.model.resources.get(logicalId)?.Type ?? "";
    const data = prepared.data.get(type);
    return data
      ? propertyProblems(data, properties).map((problem) => ({
          logicalId,
          type,
          path: `/Resources/${logicalId}/Properties${problem.path.slice(1)}`,
          message: problemText(logicalId, [problem]),
          validation: "PROPERTY_VALIDATION" as const,
        }))
      : [];
  });
}

/** Observed: localstack/localstack test_change_set_exports_imports.snapshot.json. */
function incompleteness(missing: Plan["missingExports"]): string | undefined {
  const [first] = missing;
  return (
    first &&
    `[WARN] --include-property-values option can return incomplete ChangeSet data because: ChangeSet creation failed for resource [${first[0]}] because: No export named ${first[1]} found.`
  );
}

interface NewChangeSet {
  readonly input: CreateChangeSetInput;
  readonly name: string;
  readonly type: ChangeSetType;
  readonly stack: StackRecord;
  readonly outcome: Outcome;
}

function changeSetRecord(
  parts: ServiceParts,
  context: CallContext,
  { input, name, type, stack, outcome }: NewChangeSet,
): ChangeSetRecord {
  return {
    changeSetId: `arn:aws:cloudformation:${context.region}:${context.accountId}:changeSet/${name}/${randomUUID()}`,
    name,
    stackId: stack.stackId,
    stackName: stack.stackName,
    type,
    description: input.Description,
    createdAt: parts.context.clock.now().toISOString(),
    onStackFailure: input.OnStackFailure,
    deploymentConfig: input.DeploymentConfig,
    includeNestedStacks: input.IncludeNestedStacks,
    importExistingResources: input.ImportExistingResources,
    clientToken: input.ClientToken,
    ...outcome,
  };
}
