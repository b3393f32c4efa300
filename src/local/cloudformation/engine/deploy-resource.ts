import { propertyChanges, sameValue } from "../property-changes.ts";
import { problemText, propertyProblems } from "../property-validation.ts";
import { policyText } from "../stack-model.ts";
import type { ResourceRecord } from "../stack-record.ts";
import { validationError } from "../template/template.ts";
import { clearFailedCreation } from "./failed-creation.ts";
import { failureReason } from "./handler-error.ts";
import { baseline, isCutOff } from "./incarnation.ts";
import { importResource } from "./import-resource.ts";
import { attempt, behaviour, fail, make } from "./make-resource.ts";
import type { DeployWork, Wanted } from "./make-resource.ts";
import { isReplaced, replace } from "./replace-resource.ts";
import {
  moveResource,
  newNameToken,
  operationOf,
  resourceContext,
  stopWhenClosing,
} from "./run.ts";
import type { Run } from "./run.ts";
import { VisitFailed } from "./walk.ts";

/** Brings one resource to what the template says: creates, updates, replaces, or leaves it. */
export async function deployResource(work: DeployWork, logicalId: string): Promise<void> {
  const { run } = work;
  stopWhenClosing(run);
  if (operationOf(run).cancelled) throw new VisitFailed("cancelled");
  const record = await stored(work, logicalId);
  const wanted = desired(work, logicalId, record);
  const exists = record !== undefined && !isGone(record) && !isUnfinished(record);
  let properties: Record<string, unknown>;
  try {
    properties = await work.model.properties(logicalId);
    checkProperties(work, logicalId, properties);
  } catch (error) {
    stopWhenClosing(run);
    const known = record !== undefined && !isGone(record);
    const base = known ? { ...record, before: baseline(record) } : { ...wanted, isNew: true };
    const status = exists || record?.replacing ? "UPDATE_FAILED" : "CREATE_FAILED";
    fail(run, base, status, reasonBeforeWork(run, error));
  }
  if (await taken(work, logicalId, record)) return;
  const next = { ...wanted, properties };
  if (!exists) await create(work, next, record);
  else await change(work, next, record);
}

/** Where the change set found it to be there: it is not made, but taken into the stack. */
async function taken(
  work: DeployWork,
  logicalId: string,
  record: ResourceRecord | undefined,
): Promise<boolean> {
  const physicalId = operationOf(work.run).imports?.[logicalId];
  // Of before a restart.
  const isDone = record?.adopted === true && record.status === "UPDATE_COMPLETE";
  if (physicalId === undefined || isDone) return false;
  if (await importResource(work, logicalId, physicalId)) return true;
  throw new VisitFailed("it cannot be imported");
}

/** What the stack has under this id, without what a failed creation has left of it. */
async function stored(work: DeployWork, logicalId: string): Promise<ResourceRecord | undefined> {
  const { run, data, signal } = work;
  const record = run.store.resource(run.region, run.stackId, logicalId);
  if (record?.status !== "CREATE_FAILED") return record;
  return clearFailedCreation(run, record, behaviour(run, data, record.type), signal);
}

/** Only remembered, as in a stack that was rolled back. */
function isGone({ status }: ResourceRecord): boolean {
  return status === "DELETE_COMPLETE" || status === "DELETE_SKIPPED" || status === "IMPORT_FAILED";
}

/** Made half: the same creation is tried again. */
function isUnfinished(record: ResourceRecord): boolean {
  return (
    record.replacing === true ||
    record.status === "CREATE_IN_PROGRESS" ||
    record.status === "CREATE_FAILED"
  );
}

function desired(work: DeployWork, logicalId: string, record: ResourceRecord | undefined): Wanted {
  const { model, run, data } = work;
  const resource = model.resources.get(logicalId);
  if (!resource) throw new Error(`Resource ${logicalId} is not in the template`);
  return {
    logicalId,
    type: resource.Type,
    status: "CREATE_IN_PROGRESS",
    physicalId: undefined,
    attributes: {},
    properties: {},
    stackTags: data.get(resource.Type)?.tagProperty === undefined ? [] : model.deployment.tags,
    nameToken: record && isUnfinished(record) ? record.nameToken : newNameToken(run.context.random),
    metadata: resource.Metadata,
    deletionPolicy: policyText(resource.DeletionPolicy),
    updateReplacePolicy: policyText(resource.UpdateReplacePolicy),
    dependsOn: [...(model.needs.get(logicalId) ?? [])],
  };
}

function checkProperties(
  work: DeployWork,
  logicalId: string,
  properties: Record<string, unknown>,
): void {
  const data = work.data.get(work.model.resources.get(logicalId)?.Type ?? "");
  const problems = data ? propertyProblems(data, properties) : [];
  if (problems.length > 0) throw validationError(problemText(logicalId, problems));
}

/** Template errors are told as they are; they come from no handler. */
function reasonBeforeWork(run: Run, error: unknown): string {
  if (error instanceof Error && error.name === "ValidationError") return error.message;
  return failureReason(run, error);
}

async function create(
  work: DeployWork,
  wanted: Wanted,
  record: ResourceRecord | undefined,
): Promise<void> {
  const again = record !== undefined && isUnfinished(record) ? record : undefined;
  const verb = again?.replacing ? "UPDATE" : "CREATE";
  const status = `${verb}_IN_PROGRESS`;
  // Interrupted by a restart: what was said about it then still holds.
  const goesOn = again?.status === status;
  const started = moveResource(
    work.run,
    {
      ...wanted,
      ...begunBy(again),
      // What fails now may have been made before.
      cutOff: again !== undefined && isCutOff(again) ? true : undefined,
      status,
      statusReason: goesOn ? again.statusReason : undefined,
    },
    goesOn ? "no event" : {},
  );
  await make(work, started, verb);
}

/** What a creation that is tried again has from the time before. */
function begunBy(
  record: ResourceRecord | undefined,
): Pick<ResourceRecord, "physicalId" | "before" | "replacing" | "discarded" | "isNew"> {
  if (!record) return { isNew: true };
  const { physicalId, before, replacing, discarded, isNew } = record;
  return { physicalId, before, replacing, discarded, isNew };
}

async function change(work: DeployWork, wanted: Wanted, record: ResourceRecord): Promise<void> {
  const { run } = work;
  const data = work.data.get(record.type);
  const changes = propertyChanges(data, record.properties, wanted.properties);
  const kept = {
    ...record,
    metadata: wanted.metadata,
    deletionPolicy: wanted.deletionPolicy,
    updateReplacePolicy: wanted.updateReplacePolicy,
    dependsOn: wanted.dependsOn,
    stackTags: wanted.stackTags,
    before: baseline(record),
  };
  if (isReplaced(work, record, wanted, changes))
    return replace(work, { ...kept, properties: wanted.properties }, record);
  const unfinished = record.status === "UPDATE_FAILED" || record.status === "UPDATE_IN_PROGRESS";
  const sameTags = sameValue(record.stackTags, wanted.stackTags);
  const { alwaysUpdates = false } = run.resourceTypes.get(record.type) ?? {};
  if (changes.length === 0 && sameTags && !unfinished && !alwaysUpdates) {
    // Metadata, policies and dependencies are CloudFormation's own: nothing to do at the resource.
    run.store.putResource(run.region, run.stackId, kept);
    return;
  }
  const started = moveResource(
    run,
    { ...kept, pending: wanted.properties, status: "UPDATE_IN_PROGRESS", statusReason: undefined },
    record.status === "UPDATE_IN_PROGRESS" ? "no event" : {},
  );
  const context = resourceContext(run, started, started, {
    signal: work.signal,
    previousStackTags: [...(record.before?.stackTags ?? []), ...record.stackTags],
  });
  const made = await attempt(
    work,
    () => started,
    "UPDATE",
    () =>
      behaviour(run, work.data, record.type).update(
        record.physicalId ?? "",
        wanted.properties,
        record.properties,
        context,
      ),
  );
  moveResource(run, {
    ...started,
    physicalId: made.physicalId,
    attributes: made.attributes,
    properties: wanted.properties,
    pending: undefined,
    status: "UPDATE_COMPLETE",
  });
}
