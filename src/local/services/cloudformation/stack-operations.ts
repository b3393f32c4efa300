import type {
  CreateStackInput,
  DeleteStackInput,
  GetStackPolicyInput,
  SetStackPolicyInput,
  UpdateStackInput,
  UpdateTerminationProtectionInput,
} from "@aws-sdk/client-cloudformation";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { prepare } from "../../cloudformation/prepare.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { deleteStack } from "./delete-stack.ts";
import { rollbackDisabled } from "./deployment-config.ts";
import {
  checkGoesOn,
  checkUpdatable,
  deployRequest,
  identityOf,
  lastStable,
  newStack,
  planFor,
  previousOrNewTemplate,
} from "./deploy-request.ts";
import { checkResourceTypes, noStackPolicies, refuseSettings } from "./refusals.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";
import { isRepeated, startOperation } from "./start-operation.ts";
import { readTemplate } from "./template-source.ts";

export function stackOperations(parts: ServiceParts) {
  return {
    CreateStack: (input: CreateStackInput, context: CallContext) =>
      createStack(parts, input, context),
    UpdateStack: (input: UpdateStackInput, context: CallContext) =>
      updateStack(parts, input, context),
    DeleteStack: async (input: DeleteStackInput, context: CallContext) =>
      deleteStack(parts, input, context),
    /** A stack never has one. */
    GetStackPolicy: async (input: GetStackPolicyInput, context: CallContext) => {
      requireStack(parts, context, input.StackName);
      return {};
    },
    SetStackPolicy: async (input: SetStackPolicyInput, context: CallContext) => {
      requireStack(parts, context, input.StackName);
      throw validationError(noStackPolicies);
    },
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

async function createStack(
  parts: ServiceParts,
  input: CreateStackInput,
  context: CallContext,
): Promise<object> {
  refuseSettings(input);
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
    { ...deployRequest(input, body), forChangeSet: false },
    identityOf(parts, context, stack),
    undefined,
    context,
  );
  checkResourceTypes(prepared.model.template, input.ResourceTypes);
  // Computes what can be computed: errors in the template's functions refuse the request.
  planFor(parts, context, stack, prepared);
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
        onFailure: input.OnFailure ?? (rollbackDisabled(input) ? "DO_NOTHING" : "ROLLBACK"),
        retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
      },
      change: (record) => {
        record.deployment = prepared.deployment;
        record.disableRollback = rollbackDisabled(input) || input.OnFailure === "DO_NOTHING";
        record.timeoutInMinutes = input.TimeoutInMinutes;
        record.terminationProtection = input.EnableTerminationProtection ?? false;
      },
    });
  });
  return { StackId: stack.stackId, OperationId: operationId };
}

async function updateStack(
  parts: ServiceParts,
  input: UpdateStackInput,
  context: CallContext,
): Promise<object> {
  refuseSettings(input);
  const stack = requireStack(parts, context, input.StackName);
  if (isRepeated(stack, input.ClientRequestToken, "UPDATE_STACK"))
    return { StackId: stack.stackId };
  checkUpdatable(stack);
  checkGoesOn(stack, rollbackDisabled(input));
  const body = await previousOrNewTemplate(parts, input, stack, context);
  const prepared = await prepare(
    parts,
    { ...deployRequest(input, body, stack), forChangeSet: false },
    identityOf(parts, context, stack),
    stack.deployment,
    context,
  );
  checkResourceTypes(prepared.model.template, input.ResourceTypes);
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
      onFailure: rollbackDisabled(input) ? "DO_NOTHING" : "ROLLBACK",
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
      previous: lastStable(stack),
    },
    change: (record) => {
      record.deployment = prepared.deployment;
      record.disableRollback = rollbackDisabled(input);
      record.updatedAt = parts.context.clock.now().toISOString();
    },
  });
  return { StackId: stack.stackId, OperationId: operationId };
}
