import type { ResourceData } from "../resource-data.ts";
import type { Incarnation, ResourceRecord } from "../stack-record.ts";
import { sameValue } from "../property-changes.ts";
import { allDeletions, deleteAll, leftOvers } from "./deletions.ts";
import { failedResources, keptByRollback, settleResources } from "./deploy-phase.ts";
import { failureReason } from "./handler-error.ts";
import { incarnation, isCutOff, isReplaced, whole } from "./incarnation.ts";
import { behaviour } from "./make-resource.ts";
import {
  Interrupted,
  moveResource,
  moveStack,
  operationOf,
  resourceContext,
  resourcesOf,
  stopWhenClosing,
} from "./run.ts";
import type { Run } from "./run.ts";
import { VisitFailed, walk } from "./walk.ts";

function loadData(run: Run): Promise<ReadonlyMap<string, ResourceData>> {
  return run.data.load(resourcesOf(run).map(({ type }) => type));
}

/**
 * Milliseconds before CloudFormation begins to delete what a failed creation has made: on AWS seconds, here long enough
 * for whoever follows the stack to read a log before it goes.
 */
const beforeRollback = { fast: 1000, realistic: 3000 } as const;

/** Puts changed resources back to what they were before the update. */
export async function rollbackUpdatePhase(run: Run): Promise<void> {
  const data = await loadData(run);
  cancelCreations(run);
  const changed = resourcesOf(run).filter((record) => record.before !== undefined);
  const ids = new Set(changed.map(({ logicalId }) => logicalId));
  const graph = new Map(
    changed.map(({ logicalId, before }) => [
      logicalId,
      new Set(before?.dependsOn.filter((id) => ids.has(id))),
    ]),
  );
  const failed = await walk(graph, (logicalId) => restore(run, data, logicalId), { goOn: true });
  if (failed.length > 0) {
    moveStack(run, {
      status: "UPDATE_ROLLBACK_FAILED",
      reason: failedResources(resourcesOf(run)),
      end: "paused",
    });
    return;
  }
  moveStack(run, {
    status: "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    phase: "rollback-cleanup",
  });
}

/** A creation that was going on when the target ended is over, also where the rollback comes to no good end. */
function cancelCreations(run: Run): void {
  for (const record of resourcesOf(run)) {
    if (!record.isNew || record.status !== "CREATE_IN_PROGRESS") continue;
    moveResource(run, {
      ...record,
      cutOff: isCutOff(record) ? true : undefined,
      status: "CREATE_FAILED",
      statusReason: "Resource creation cancelled",
    });
  }
}

async function restore(
  run: Run,
  data: ReadonlyMap<string, ResourceData>,
  logicalId: string,
): Promise<void> {
  stopWhenClosing(run);
  const record = run.store.resource(run.region, run.stackId, logicalId);
  if (!record?.before) return;
  const { before } = record;
  if (isReplaced(record, before)) return restoreReplaced(run, record, before);
  const touched = isTouched(record, before);
  if (touched && !operationOf(run).skipResources.includes(logicalId)) {
    return restoreInPlace(run, data, record, before);
  }
  settle(run, record, before, touched || record.status.endsWith("_FAILED"));
}

/** Whether the resource itself was changed, and not only what CloudFormation keeps about it. */
function isTouched(record: ResourceRecord, before: Incarnation): boolean {
  return (
    record.pending !== undefined ||
    !sameValue(record.properties, before.properties) ||
    !sameValue(record.stackTags, before.stackTags)
  );
}

async function restoreInPlace(
  run: Run,
  data: ReadonlyMap<string, ResourceData>,
  record: ResourceRecord,
  before: Incarnation,
): Promise<void> {
  const started = moveResource(run, {
    ...record,
    status: "UPDATE_IN_PROGRESS",
    statusReason: undefined,
  });
  try {
    const context = resourceContext(run, record, before, {
      signal: run.closing,
      previousStackTags: record.stackTags,
    });
    const made = await behaviour(run, data, record.type).update(
      before.physicalId ?? "",
      before.properties,
      record.pending ?? record.properties,
      context,
    );
    settle(run, started, { ...before, attributes: made.attributes }, true);
  } catch (error) {
    if (run.closing.aborted || error instanceof Interrupted) throw new Interrupted();
    const statusReason = failureReason(run, error);
    moveResource(run, { ...started, status: "UPDATE_FAILED", statusReason });
    throw new VisitFailed();
  }
}

/** The old one still exists: it is shown again, and the new one goes away in the clean-up. */
function restoreReplaced(run: Run, record: ResourceRecord, before: Incarnation): void {
  const isThere = record.physicalId !== undefined || isCutOff(record);
  const given = isThere ? [incarnation(record)] : [];
  settle(run, { ...record, discarded: [...(record.discarded ?? []), ...given] }, before, true);
}

function settle(run: Run, record: ResourceRecord, before: Incarnation, withEvent: boolean): void {
  moveResource(
    run,
    {
      ...record,
      ...whole(before),
      before: undefined,
      pending: undefined,
      replacing: undefined,
      status: withEvent ? "UPDATE_COMPLETE" : record.status,
      statusReason: undefined,
    },
    withEvent ? {} : "no event",
  );
}

/** Deletes what the failed update had made. */
export async function rollbackCleanupPhase(run: Run): Promise<void> {
  const data = await loadData(run);
  const operation = operationOf(run);
  const keep = (left: Incarnation) => keptByRollback(operation, left);
  const deletions = resourcesOf(run).flatMap((record) =>
    record.isNew
      ? allDeletions(record, keep)
      : leftOvers(record).map((left) => ({
          logicalId: record.logicalId,
          incarnation: left,
          current: false,
          keep: keep(left),
        })),
  );
  await deleteAll(run, deletions, { data, afterwards: "forget", forgetFailed: true });
  run.store.transaction(() => {
    settleResources(run);
    moveStack(run, { status: "UPDATE_ROLLBACK_COMPLETE", end: "done" });
  });
}

/** Deletes everything that a failed creation had made. */
export async function rollbackCreatePhase(run: Run): Promise<void> {
  const data = await loadData(run);
  await run.context.clock.sleep(beforeRollback[run.context.timing], run.closing);
  stopWhenClosing(run);
  const operation = operationOf(run);
  const deletions = resourcesOf(run).flatMap((record) =>
    allDeletions(record, (left) => keptByRollback(operation, left)),
  );
  const failed = await deleteAll(run, deletions, { data, afterwards: "mark", forgetFailed: false });
  if (failed.length > 0) {
    moveStack(run, {
      status: "ROLLBACK_FAILED",
      reason: `The following resource(s) failed to delete: [${failed.join(", ")}]. `,
      end: "done",
    });
    return;
  }
  moveStack(run, { status: "ROLLBACK_COMPLETE", end: "done" });
}

/** Deletes the stack with everything in it. */
export async function deletePhase(run: Run): Promise<void> {
  const data = await loadData(run);
  const { retainResources, force } = operationOf(run);
  const deletions = resourcesOf(run).flatMap((record) =>
    allDeletions(
      record,
      (left) =>
        (left.deletionPolicy?.startsWith("Retain") ?? false) ||
        retainResources.includes(record.logicalId),
    ),
  );
  const failed = await deleteAll(run, deletions, { data, afterwards: "mark", forgetFailed: force });
  if (failed.length > 0 && !force) {
    moveStack(run, {
      status: "DELETE_FAILED",
      reason: `The following resource(s) failed to delete: [${failed.join(", ")}]. `,
      end: "done",
    });
    return;
  }
  moveStack(run, {
    status: "DELETE_COMPLETE",
    end: "done",
    change: (stack) => {
      stack.deletedAt = run.context.clock.now().toISOString();
      stack.imports = [];
    },
  });
}
