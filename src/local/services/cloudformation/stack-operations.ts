import { randomUUID } from "node:crypto";
import type {
  CreateStackInput,
  DeleteStackInput,
  UpdateStackInput,
  UpdateTerminationProtectionInput,
} from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { exportInUse } from "../../cloudformation/exports.ts";
import { checkTypesKept, prepare } from "../../cloudformation/prepare.ts";
import type { DeployRequest, Prepared } from "../../cloudformation/prepare.ts";
import { planChanges } from "../../cloudformation/plan.ts";
import type { Plan } from "../../cloudformation/plan.ts";
import { exportValue } from "../../cloudformation/stack-model.ts";
import { isInProgress } from "../../cloudformation/stack-record.ts";
import type { OperationRecord, StackRecord, Tag } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { moveStack } from "../../cloudformation/engine/run.ts";
import { doesNotExist, requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import { isRepeated, startOperation } from "./start-operation.ts";
import { readTemplate } from "./template-source.ts";

type RequestTags = readonly {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}[];

export interface DeployInput {
  readonly Parameters?: DeployRequest["parameters"] | undefined;
  readonly Tags?: RequestTags | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly NotificationARNs?: readonly string[] | undefined;
  readonly RoleARN?: string | undefined;
}

/** What a request leaves out stays as it was. */
export function deployRequest(
  input: DeployInput,
  body: string,
  stack?: StackRecord,
): DeployRequest {
  const before = stack?.deployment;
  return {
    body,
    parameters: input.Parameters ?? [],
    tags: input.Tags === undefined ? (before?.tags ?? []) : checkedTags(input.Tags),
    capabilities: input.Capabilities ?? [],
    notificationArns: input.NotificationARNs ?? before?.notificationArns ?? [],
    roleArn: input.RoleARN ?? before?.roleArn,
  };
}

function checkedTags(tags: RequestTags): Tag[] {
  // CloudFormation API reference, Tag: at most 50, keys must not begin with aws:.
  if (tags.length > 50) throw validationError("Tags cannot contain more than 50 tags");
  return tags.map(({ Key = "", Value = "" }) => {
    if (Key.startsWith("aws:")) throw validationError(`Tag keys cannot begin with aws: [${Key}]`);
    return { Key, Value };
  });
}

export function newStack(
  parts: ServiceParts,
  context: CallContext,
  stackName: string,
): StackRecord {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(stackName)) {
    throw validationError(
      `1 validation error detected: Value '${stackName}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*`,
    );
  }
  const now = parts.context.clock.now();
  return {
    stackId: `arn:aws:cloudformation:${context.region}:${context.accountId}:stack/${stackName}/${randomUUID()}`,
    stackName,
    createdAt: now.toISOString(),
    status: "REVIEW_IN_PROGRESS",
    disableRollback: false,
    terminationProtection: false,
    outputs: [],
    imports: [],
    operations: [],
    tokens: {},
    eventCount: 0,
    lastEventAt: now.getTime(),
  };
}

export function identityOf(parts: ServiceParts, context: CallContext, stack: StackRecord) {
  return {
    stackId: stack.stackId,
    stackName: stack.stackName,
    region: context.region,
    accountId: parts.context.accountId,
  };
}

export function planFor(
  parts: ServiceParts,
  context: CallContext,
  stack: StackRecord,
  prepared: Prepared,
): Plan {
  const existing = parts.store.resources(context.region, stack.stackId);
  checkTypesKept(prepared.model, existing);
  return planChanges({
    ...prepared,
    existing,
    outputs: stack.outputs,
    previous: stack.deployment,
    imported: (name) => exportValue(parts.store.stacks(context.region), name),
  });
}

/** States in which a stack takes an update (user guide, "Understand CloudFormation stack creation events"). */
const updatable = new Set([
  "CREATE_COMPLETE",
  "CREATE_FAILED",
  "UPDATE_COMPLETE",
  "UPDATE_FAILED",
  "UPDATE_ROLLBACK_COMPLETE",
  "IMPORT_COMPLETE",
  "IMPORT_ROLLBACK_COMPLETE",
]);

export function checkUpdatable(stack: StackRecord): void {
  if (updatable.has(stack.status)) return;
  throw validationError(
    `Stack:${stack.stackId} is in ${stack.status} state and can not be updated.`,
  );
}

/** What an update would have to go back to: the last state in which the stack was stable. */
export function lastStable(stack: StackRecord): OperationRecord["previous"] {
  return stack.operation ? stack.operation.previous : stack.deployment;
}

export function stackOperations(parts: ServiceParts) {
  return {
    CreateStack: async (input: CreateStackInput, context: CallContext) => {
      const name = input.StackName ?? "";
      const known = parts.store.findStack(context.region, name);
      if (known) {
        if (isRepeated(known, input.ClientRequestToken, "CREATE_STACK"))
          return { StackId: known.stackId };
        throw new ServiceError("AlreadyExistsException", `Stack [${name}] already exists`, {
          status: 400,
        });
      }
      const stack = newStack(parts, context, name);
      const body = await readTemplate(parts, input, context);
      if (body === undefined)
        throw validationError("Either Template URL or Template Body must be specified.");
      const prepared = await prepare(
        parts,
        deployRequest(input, body),
        identityOf(parts, context, stack),
        undefined,
        context,
      );
      // Another request may have taken the name meanwhile.
      if (parts.store.findStack(context.region, name)) {
        throw new ServiceError("AlreadyExistsException", `Stack [${name}] already exists`, {
          status: 400,
        });
      }
      const operationId = parts.store.transaction(() => {
        parts.store.putStack(context.region, stack);
        return startOperation(parts, context, stack.stackId, {
          type: "CREATE_STACK",
          phase: "deploy",
          status: "CREATE_IN_PROGRESS",
          token: input.ClientRequestToken,
          settings: {
            onFailure: input.OnFailure ?? (input.DisableRollback ? "DO_NOTHING" : "ROLLBACK"),
            retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
          },
          change: (record) => {
            record.deployment = prepared.deployment;
            record.disableRollback = input.DisableRollback ?? input.OnFailure === "DO_NOTHING";
            record.timeoutInMinutes = input.TimeoutInMinutes;
            record.terminationProtection = input.EnableTerminationProtection ?? false;
          },
        });
      });
      return { StackId: stack.stackId, OperationId: operationId };
    },

    UpdateStack: async (input: UpdateStackInput, context: CallContext) => {
      const stack = requireStack(parts, context, input.StackName);
      if (isRepeated(stack, input.ClientRequestToken, "UPDATE_STACK"))
        return { StackId: stack.stackId };
      checkUpdatable(stack);
      const body = await previousOrNewTemplate(parts, input, stack, context);
      const prepared = await prepare(
        parts,
        deployRequest(input, body, stack),
        identityOf(parts, context, stack),
        stack.deployment,
        context,
      );
      const plan = planFor(parts, context, stack, prepared);
      if (plan.changes.length === 0 && !plan.outputsChange)
        throw validationError("No updates are to be performed.");
      checkUpdatable(requireStack(parts, context, stack.stackId));
      const operationId = startOperation(parts, context, stack.stackId, {
        type: "UPDATE_STACK",
        phase: "deploy",
        status: "UPDATE_IN_PROGRESS",
        token: input.ClientRequestToken,
        settings: {
          onFailure: input.DisableRollback ? "DO_NOTHING" : "ROLLBACK",
          retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
          previous: lastStable(stack),
        },
        change: (record) => {
          record.deployment = prepared.deployment;
          record.disableRollback = input.DisableRollback ?? false;
          record.updatedAt = parts.context.clock.now().toISOString();
        },
      });
      return { StackId: stack.stackId, OperationId: operationId };
    },

    DeleteStack: async (input: DeleteStackInput, context: CallContext) =>
      deleteStack(parts, input, context),

    UpdateTerminationProtection: async (
      input: UpdateTerminationProtectionInput,
      context: CallContext,
    ) => {
      const stack = requireStack(parts, context, input.StackName);
      if (stack.status === "DELETE_COMPLETE")
        throw validationError(`Stack [${input.StackName}] does not exist`);
      parts.store.changeStack(context.region, stack.stackId, (record) => {
        record.terminationProtection = input.EnableTerminationProtection ?? false;
      });
      return { StackId: stack.stackId };
    },
  };
}

export async function previousOrNewTemplate(
  parts: ServiceParts,
  input: {
    readonly UsePreviousTemplate?: boolean | undefined;
    readonly TemplateBody?: string | undefined;
    readonly TemplateURL?: string | undefined;
  },
  stack: StackRecord,
  context: CallContext,
): Promise<string> {
  if (input.UsePreviousTemplate && stack.deployment)
    return parts.store.template(context.region, stack.deployment.templateId);
  const body = await readTemplate(parts, input, context);
  if (body === undefined)
    throw validationError("Either Template URL or Template Body must be specified.");
  return body;
}

function deleteStack(parts: ServiceParts, input: DeleteStackInput, context: CallContext): object {
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
  for (const { changeSetId, stackId } of parts.store.changeSets.list(context.region)) {
    if (stackId === stack.stackId && inUse === undefined)
      parts.store.changeSets.delete(context.region, changeSetId);
  }
  if (inUse !== undefined) {
    // CloudFormation takes the request, and the stack goes back to its state with the reason.
    const { status } = stack;
    const place = {
      store: parts.store,
      context: parts.context,
      region: context.region,
      stackId: stack.stackId,
    };
    moveStack(place, { status: "DELETE_IN_PROGRESS", reason: "User Initiated" });
    moveStack(place, { status, reason: inUse });
    return {};
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
  return {};
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
  // A creation or an update that still runs is not stopped half-way here: see README, differences.
  if (isInProgress(stack.status)) {
    throw validationError(
      `Stack [${stack.stackId}] cannot be deleted while in status ${stack.status}`,
    );
  }
}
