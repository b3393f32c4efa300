import type { ResourceData } from "../resource-data.ts";
import type { Incarnation, OperationRecord, ResourceRecord, StackRecord } from "../stack-record.ts";
import { allDeletions, deleteAll, leftOvers } from "./deletions.ts";
import { deployResource } from "./deploy-resource.ts";
import { liveModel } from "./model.ts";
import type { LiveModel } from "./model.ts";
import { checkExports, stackOutputs } from "./outputs.ts";
import { Interrupted, moveStack, operationOf, resourcesOf, stackOf } from "./run.ts";
import type { Run } from "./run.ts";
import { timeLimit } from "./time-limit.ts";
import { walk } from "./walk.ts";

/** Creates and updates the resources of the template, then the outputs; a failure leads to the rollback. */
export async function deployPhase(run: Run): Promise<void> {
  const failure = await deploy(run);
  if (failure !== undefined) return failDeploy(run, failure);
  if (operationOf(run).type === "CREATE_STACK") finishDeploy(run, "CREATE_COMPLETE");
  else moveStack(run, { status: "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", phase: "cleanup" });
}

/** Answers why it failed; undefined after success. */
async function deploy(run: Run): Promise<string | undefined> {
  const { deployment } = stackOf(run);
  if (!deployment) throw new Error(`Stack ${run.stackId} has nothing to deploy`);
  try {
    const model = await liveModel(run, deployment);
    const data = await dataOf(run, model);
    const stop = new AbortController();
    const limit = timeLimit(run);
    const signal = AbortSignal.any([run.closing, run.cancelled, stop.signal, limit.passed]);
    const failed = await walk(
      model.needs,
      (logicalId) => deployResource({ run, model, data, signal }, logicalId),
      {
        onFailure: () => stop.abort(),
      },
    );
    limit.stop();
    if (limit.passed.aborted) return "Stack creation time exceeded the specified timeout. ";
    if (failed.length > 0 || operationOf(run).cancelled) return failedResources(resourcesOf(run));
    await storeOutputs(run, model);
    return undefined;
  } catch (error) {
    // Errors of the template itself: exports, imports, outputs that cannot be computed.
    if (error instanceof Interrupted || run.closing.aborted) throw new Interrupted();
    if (error instanceof Error && error.name === "ValidationError") return `${error.message} `;
    throw error;
  }
}

async function dataOf(run: Run, model: LiveModel): Promise<ReadonlyMap<string, ResourceData>> {
  const types = [...model.resources.values()].map(({ Type }) => Type);
  return run.data.load([...types, ...resourcesOf(run).map(({ type }) => type)]);
}

async function storeOutputs(run: Run, model: LiveModel): Promise<void> {
  const outputs = await stackOutputs(model);
  // Resources that were left as they are were computed too, so this has seen every import.
  const imports = [...model.imports];
  run.store.transaction(() => {
    checkExports(run, outputs);
    run.store.changeStack(run.region, run.stackId, (stack) => {
      stack.outputs = outputs;
      stack.imports = imports;
    });
  });
}

export function failedResources(resources: readonly ResourceRecord[]): string {
  const text = (status: string, verb: string): string => {
    const ids = resources
      .filter((resource) => resource.status === status)
      .map(({ logicalId }) => logicalId);
    return ids.length > 0
      ? `The following resource(s) failed to ${verb}: [${ids.join(", ")}]. `
      : "";
  };
  return (
    text("CREATE_FAILED", "create") +
    text("IMPORT_FAILED", "import") +
    text("UPDATE_FAILED", "update")
  );
}

function failDeploy(run: Run, failure: string): void {
  const operation = operationOf(run);
  const isCreation = operation.previous === undefined;
  if (operation.onFailure === "DO_NOTHING") {
    const status =
      isCreation && operation.type === "CREATE_STACK" ? "CREATE_FAILED" : "UPDATE_FAILED";
    moveStack(run, { status, reason: failure, end: "paused" });
  } else if (isCreation && operation.onFailure === "DELETE") {
    moveStack(run, {
      status: "DELETE_IN_PROGRESS",
      reason: `${failure}Delete requested by user.`,
      phase: "delete",
      operation: "DELETE_STACK",
    });
  } else startRollback(run, failure);
}

/** Goes back to what stood before; for a stack that never stood, to nothing. */
function startRollback(
  run: Pick<Run, "store" | "region" | "stackId" | "context">,
  reason: string,
): void {
  const previous = run.store.stack(run.region, run.stackId)?.operation?.previous;
  if (!previous) {
    moveStack(run, {
      status: "ROLLBACK_IN_PROGRESS",
      reason: `${reason}Rollback requested by user.`,
      phase: "rollback-create",
      operation: "ROLLBACK",
    });
    return;
  }
  moveStack(run, {
    status: "UPDATE_ROLLBACK_IN_PROGRESS",
    reason,
    phase: "rollback-update",
    operation: "ROLLBACK",
    change: (stack) => {
      stack.deployment = previous;
    },
  });
}

function finishDeploy(run: Run, status: string): void {
  run.store.transaction(() => {
    settleResources(run);
    moveStack(run, { status, end: "done", change: settleStack });
  });
}

function settleStack(stack: StackRecord): void {
  stack.retainExceptOnCreate = stack.operation?.retainExceptOnCreate;
}

/** The stack is stable: what a rollback would have needed is no longer kept. */
export function settleResources(run: Run): void {
  for (const old of resourcesOf(run)) {
    const { isNew, adopted, before, discarded, pending, replacing, ...record } = old;
    if (isNew ?? adopted ?? before ?? discarded ?? pending ?? replacing) {
      run.store.putResource(run.region, run.stackId, record);
    }
  }
}

/** After an update: deletes what was replaced and what the template no longer has. */
export async function cleanupPhase(run: Run): Promise<void> {
  const { deployment } = stackOf(run);
  if (!deployment) throw new Error(`Stack ${run.stackId} has nothing deployed`);
  const model = await liveModel(run, deployment);
  const data = await dataOf(run, model);
  const deletions = resourcesOf(run).flatMap((record) =>
    model.resources.has(record.logicalId)
      ? leftOvers(record).map((left) => ({
          logicalId: record.logicalId,
          incarnation: left,
          current: false,
          // Of the template that replaces it, as its change set says.
          keep: record.updateReplacePolicy?.startsWith("Retain") ?? false,
        }))
      : allDeletions(record, (gone) => gone.deletionPolicy?.startsWith("Retain") ?? false),
  );
  await deleteAll(run, deletions, { data, afterwards: "forget", forgetFailed: true });
  finishDeploy(run, "UPDATE_COMPLETE");
}

/** Whether a rollback keeps a resource that is new to the stack: what the failed work has not made is not its to delete. */
export function keptByRollback(
  operation: OperationRecord,
  { deletionPolicy, adopted }: Pick<Incarnation, "deletionPolicy" | "adopted">,
): boolean {
  return adopted === true || (deletionPolicy === "Retain" && !operation.retainExceptOnCreate);
}
