import type { StackRecord } from "./stack-record.ts";

/** Names of the stacks that use an export. */
export function importersOf(stacks: readonly StackRecord[], exportName: string): string[] {
  return stacks
    .filter((stack) => stack.status !== "DELETE_COMPLETE" && stack.imports.includes(exportName))
    .map(({ stackName }) => stackName);
}

/** The first export of a stack that others use, as CloudFormation words it; undefined when there is none. */
export function exportInUse(
  stacks: readonly StackRecord[],
  stack: StackRecord,
): string | undefined {
  for (const { exportName } of stack.outputs) {
    const users = exportName === undefined ? [] : importersOf(stacks, exportName);
    if (users.length > 0) {
      return `Export ${exportName} cannot be deleted as it is in use by ${users.join(" and ")}`;
    }
  }
  return undefined;
}
