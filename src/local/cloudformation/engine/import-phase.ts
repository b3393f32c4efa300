import type { Deployment, ResourceRecord } from "../stack-record.ts";
import { settleResources } from "./deploy-phase.ts";
import { failureReason } from "./handler-error.ts";
import { importResource } from "./import-resource.ts";
import { behaviour, type DeployWork } from "./make-resource.ts";
import { liveModel } from "./model.ts";
import {
  Interrupted,
  moveResource,
  moveStack,
  operationOf,
  resourceContext,
  resourcesOf,
  stackOf,
  stopWhenClosing,
} from "./run.ts";
import type { Run } from "./run.ts";

/**
 * Takes resources that exist into the stack, as they are: only the stack's tags are set. Order and texts of the events
 * observed, fireflycons/PSCloudFormation, docs/resource-import.md.
 */
export async function importPhase(run: Run): Promise<void> {
  const { deployment } = stackOf(run);
  if (!deployment) throw new Error(`Stack ${run.stackId} has nothing to import`);
  const work = await workOn(run, deployment);
  const imports = Object.entries(operationOf(run).imports ?? {});
  const done = await Promise.all(
    imports.map(async ([logicalId, physicalId]) => ({
      logicalId,
      isDone: await importResource(work, logicalId, physicalId),
    })),
  );
  const failed = done.flatMap(({ logicalId, isDone }) => (isDone ? [] : [logicalId]));
  if (failed.length === 0) {
    run.store.transaction(() => {
      settleResources(run);
      moveStack(run, { status: "IMPORT_COMPLETE", end: "done" });
    });
    return;
  }
  moveStack(run, {
    status: "IMPORT_ROLLBACK_IN_PROGRESS",
    reason: `The following resource(s) failed to import: [${failed.join(", ")}]. `,
    phase: "rollback-import",
    operation: "ROLLBACK",
    change: (stack) => {
      stack.deployment = stack.operation?.previous;
    },
  });
}

async function workOn(run: Run, deployment: Deployment): Promise<DeployWork> {
  const model = await liveModel(run, deployment);
  const data = await run.data.load([...model.resources.values()].map(({ Type }) => Type));
  return { run, model, data, signal: run.closing };
}

/** Lets go of what was imported, with the stack's tags taken off again. Nothing of it is deleted. */
export async function rollbackImportPhase(run: Run): Promise<void> {
  const imported = resourcesOf(run).filter(({ isNew }) => isNew);
  const data = await run.data.load(imported.map(({ type }) => type));
  const left: string[] = [];
  for (const record of imported) {
    stopWhenClosing(run);
    if (!(await letGo(run, data, record))) left.push(record.logicalId);
  }
  if (left.length > 0) {
    const reason = `The following resource(s) failed to roll back their import: [${left.join(", ")}]. `;
    moveStack(run, { status: "IMPORT_ROLLBACK_FAILED", reason, end: "done" });
    return;
  }
  moveStack(run, { status: "IMPORT_ROLLBACK_COMPLETE", end: "done" });
}

async function letGo(run: Run, data: DeployWork["data"], record: ResourceRecord): Promise<boolean> {
  const status = "IMPORT_ROLLBACK_IN_PROGRESS";
  const started = moveResource(run, { ...record, status, statusReason: undefined });
  const { physicalId = "", properties } = record;
  try {
    if (record.status !== "IMPORT_FAILED") {
      const context = resourceContext(run, record, record, { signal: run.closing });
      const untagged = { ...context, stackTags: [], previousStackTags: context.stackTags };
      await behaviour(run, data, record.type).update(physicalId, properties, properties, untagged);
    }
    run.store.transaction(() => {
      moveResource(run, { ...started, status: "IMPORT_ROLLBACK_COMPLETE" });
      run.store.removeResource(run.region, run.stackId, record.logicalId);
    });
    return true;
  } catch (error) {
    if (run.closing.aborted || error instanceof Interrupted) throw new Interrupted();
    const statusReason = failureReason(run, error);
    moveResource(run, { ...started, status: "IMPORT_ROLLBACK_FAILED", statusReason });
    return false;
  }
}
