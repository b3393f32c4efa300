import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { ChangeSetRecord } from "../../cloudformation/change-set-record.ts";
import type { StackRecord } from "../../cloudformation/stack-record.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { requireStack } from "./service-parts.ts";
import type { ServiceParts } from "./service-parts.ts";

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

export function pending(
  parts: ServiceParts,
  context: CallContext,
  stack: StackRecord,
): ChangeSetRecord[] {
  return parts.store.changeSets
    .list(context.region)
    .filter(
      ({ stackId, executionStatus }) =>
        stackId === stack.stackId &&
        executionStatus !== "EXECUTE_COMPLETE" &&
        executionStatus !== "EXECUTE_FAILED",
    );
}

export function requireChangeSet(
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
