import { validationError } from "../../cloudformation/template/template.ts";
import type { Template } from "../../cloudformation/template/template.ts";

interface Settings {
  readonly StackPolicyBody?: string | undefined;
  readonly StackPolicyURL?: string | undefined;
  readonly StackPolicyDuringUpdateBody?: string | undefined;
  readonly StackPolicyDuringUpdateURL?: string | undefined;
  readonly RollbackConfiguration?:
    | { readonly RollbackTriggers?: readonly unknown[] | undefined }
    | undefined;
  readonly OnFailure?: string | undefined;
  readonly DisableRollback?: boolean | undefined;
}

export const noStackPolicies =
  "Stack policies are not supported by the local target, which would not enforce them. Leave the stack policy out, or try it on AWS.";

/** What the local target would have to keep silently without following it. */
export function refuseSettings(input: Settings): void {
  const policies = [
    input.StackPolicyBody,
    input.StackPolicyURL,
    input.StackPolicyDuringUpdateBody,
    input.StackPolicyDuringUpdateURL,
  ];
  if (policies.some((policy) => policy !== undefined)) throw validationError(noStackPolicies);
  if ((input.RollbackConfiguration?.RollbackTriggers?.length ?? 0) > 0) {
    throw validationError(
      "Rollback triggers are not supported by the local target, which has no alarms. Leave RollbackConfiguration out.",
    );
  }
  if (input.OnFailure !== undefined && input.DisableRollback !== undefined) {
    throw validationError("You can specify either OnFailure or DisableRollback, but not both.");
  }
}

/** Observed: localstack/localstack test_update_stack.snapshot.json, test_update_with_resource_types. */
export function checkResourceTypes(
  template: Template,
  allowed: readonly string[] | undefined,
): void {
  if (allowed === undefined || allowed.length === 0) return;
  for (const { Type } of Object.values(template.Resources)) {
    if (allowed.some((pattern) => matches(pattern, Type))) continue;
    throw validationError(
      `Resource type ${Type} is not allowed by parameter ResourceTypes [${allowed.join(", ")}]`,
    );
  }
}

/** `AWS::*`, `AWS::EC2::*`, `Custom::*` and whole names (API reference, CreateStack, ResourceTypes). */
function matches(pattern: string, type: string): boolean {
  return pattern.endsWith("::*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}
