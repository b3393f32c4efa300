import type { StackResource, StackState } from "../../../aws/ports.ts";
import { cannotKeep, isUpdatable, keepingBody } from "../../../deploy/keep-resources.ts";
import { type Declared, withNeeds } from "../../../deploy/kept-resources.ts";
import { isBusy } from "../../../deploy/stack-condition.ts";
import { ExitCode, LmiError } from "../../../errors.ts";

export interface KeepRequest {
  readonly keepLogs: boolean;
  /** Logical ids. */
  readonly retain: readonly string[];
}

/** Logical ids of what is to stay, with all that it needs. Fails with LMI_USAGE for what the stack does not have. */
export function keepWanted(
  { keepLogs, retain }: KeepRequest,
  resources: readonly StackResource[],
  declared: Declared,
): readonly string[] {
  const known = new Set(resources.map(({ logicalId }) => logicalId));
  const unknown = retain.filter((id) => !known.has(id));
  if (unknown.length > 0) throw notThere(unknown, resources);
  const logs = resources.filter(({ type }) => type === "AWS::Logs::LogGroup");
  const asked = [...retain, ...(keepLogs ? logs.map(({ logicalId }) => logicalId) : [])];
  const all = new Set([...asked, ...withNeeds(asked, declared)]);
  return [...all].filter((id) => known.has(id));
}

function notThere(unknown: readonly string[], resources: readonly StackResource[]): LmiError {
  const rows = resources.map(({ logicalId, type }) => `  ${logicalId}  ${type}`);
  return new LmiError("LMI_USAGE", `The stack has no resource ${unknown.join(", ")}.`, {
    why: ["--retain takes logical ids. The stack has:", ...rows].join("\n"),
    next: `lmi destroy --retain ${resources[0]?.logicalId ?? "<logical id>"}`,
    exitCode: ExitCode.usage,
  });
}

/** CloudFormation keeps what its template says, and otherwise only what it could not delete. Fails with LMI_CANNOT_KEEP. */
export function mustBePossible(
  mark: readonly string[],
  stack: StackState,
  template: Readonly<Record<string, unknown>> | undefined,
): void {
  const { status } = stack;
  if (mark.length === 0 || status === "DELETE_FAILED") return;
  const what = `Nothing of stack ${stack.stackName} can be kept now: ${status}.`;
  if (status === "DELETE_IN_PROGRESS")
    throw cannotKeep(
      what,
      "CloudFormation is deleting it already, and takes no changes meanwhile.",
      "This command did nothing.",
    );
  if (isBusy(status)) return;
  if (!isUpdatable(stack))
    throw cannotKeep(
      what,
      "CloudFormation takes no update of a stack in this state, only its deletion.",
    );
  if (template === undefined)
    throw cannotKeep(
      "The stack's template cannot be changed.",
      "It is not JSON, so lmi did not write it.",
    );
  keepingBody(template, mark);
}
