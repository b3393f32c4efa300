import type { StackRecord } from "./stack-record.ts";
import type { StackStore } from "./stack-store.ts";

/** What a change set would change is no longer so once the stack is changed without it. */
export function makeChangeSetsObsolete(store: StackStore, region: string, stackId: string): void {
  for (const changeSet of store.changeSets.list(region)) {
    if (changeSet.stackId !== stackId || changeSet.executionStatus !== "AVAILABLE") continue;
    store.changeSets.put(region, changeSet.changeSetId, {
      ...changeSet,
      executionStatus: "OBSOLETE",
    });
  }
}

/** Tells the change set that a stack was made or changed by how that has ended. */
export function endExecution(store: StackStore, region: string, stack: StackRecord): void {
  const { changeSetId, status } = stack;
  const changeSet =
    changeSetId === undefined ? undefined : store.changeSets.get(region, changeSetId);
  if (changeSet?.executionStatus !== "EXECUTE_IN_PROGRESS") return;
  const isComplete = /^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status);
  store.changeSets.put(region, changeSet.changeSetId, {
    ...changeSet,
    executionStatus: isComplete ? "EXECUTE_COMPLETE" : "EXECUTE_FAILED",
  });
}
