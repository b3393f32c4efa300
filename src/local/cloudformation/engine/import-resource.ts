import { readLive } from "../drift/detect.ts";
import { notFound } from "../import.ts";
import { policyText } from "../stack-model.ts";
import type { ResourceRecord } from "../stack-record.ts";
import { failureReason } from "./handler-error.ts";
import { behaviour, type DeployWork } from "./make-resource.ts";
import {
  addResourceEvent,
  Interrupted,
  moveResource,
  newNameToken,
  resourceContext,
  stopWhenClosing,
} from "./run.ts";

/**
 * Takes a resource that exists into the stack, as it is: only the stack's tags are set. Order and texts of the events
 * observed: fireflycons/PSCloudFormation, docs/resource-import.md, and outputs of `cdk bootstrap` that imports its bucket.
 * @returns whether it belongs to the stack now
 */
export async function importResource(
  work: DeployWork,
  logicalId: string,
  physicalId: string,
): Promise<boolean> {
  const { run } = work;
  stopWhenClosing(run);
  const record = await begun(work, logicalId, physicalId);
  const live = await readLive(run, record, run.caller);
  if (live === undefined) {
    const statusReason = notFound(record.type, physicalId);
    moveResource(run, { ...record, status: "IMPORT_FAILED", statusReason });
    return false;
  }
  addResourceEvent(run, record, { reason: undefined });
  const statusReason = "Resource import completed.";
  const imported = moveResource(run, { ...record, status: "IMPORT_COMPLETE", statusReason });
  return applyTags(work, imported);
}

/** Begun before the target ended, too: to do it again does no harm. */
async function begun(
  { run, model, data }: DeployWork,
  logicalId: string,
  physicalId: string,
): Promise<ResourceRecord> {
  const resource = model.resources.get(logicalId);
  if (!resource) throw new Error(`Resource ${logicalId} is not in the template`);
  return moveResource(run, {
    logicalId,
    physicalId,
    type: resource.Type,
    status: "IMPORT_IN_PROGRESS",
    statusReason: "Resource import started.",
    attributes: {},
    properties: await model.properties(logicalId),
    stackTags: data.get(resource.Type)?.tagProperty === undefined ? [] : model.deployment.tags,
    nameToken: newNameToken(run.context.random),
    metadata: resource.Metadata,
    deletionPolicy: policyText(resource.DeletionPolicy),
    updateReplacePolicy: policyText(resource.UpdateReplacePolicy),
    dependsOn: [...(model.needs.get(logicalId) ?? [])],
    isNew: true,
    adopted: true,
  });
}

async function applyTags(work: DeployWork, imported: ResourceRecord): Promise<boolean> {
  const { run } = work;
  const started = moveResource(run, {
    ...imported,
    status: "UPDATE_IN_PROGRESS",
    statusReason: "Apply stack-level tags to imported resource if applicable.",
  });
  const { physicalId = "", properties } = started;
  try {
    const context = resourceContext(run, started, started, { signal: run.closing });
    const { attributes } = await behaviour(run, work.data, started.type).update(
      physicalId,
      properties,
      properties,
      context,
    );
    const status = "UPDATE_COMPLETE";
    moveResource(run, { ...started, attributes, status, statusReason: undefined });
    return true;
  } catch (error) {
    if (run.closing.aborted || error instanceof Interrupted) throw new Interrupted();
    moveResource(run, {
      ...started,
      status: "UPDATE_FAILED",
      statusReason: failureReason(run, error),
    });
    return false;
  }
}
