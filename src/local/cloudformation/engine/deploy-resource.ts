import { withFaults } from "../../faults/struck-resource.ts";
import { genericResource } from "../generic-resource.ts";
import { propertyChanges, replacementOf, sameValue } from "../property-changes.ts";
import { problemText, propertyProblems } from "../property-validation.ts";
import type { ResourceData } from "../resource-data.ts";
import type { ProvisionedResource, ResourceType } from "../resource-type.ts";
import { policyText } from "../stack-model.ts";
import type { ResourceRecord } from "../stack-record.ts";
import { validationError } from "../template/template.ts";
import { clearFailedCreation } from "./failed-creation.ts";
import { failureReason } from "./handler-error.ts";
import { baseline, incarnation, isCutOff } from "./incarnation.ts";
import type { LiveModel } from "./model.ts";
import { replacementRefusal } from "./replacement-refusal.ts";
import {
  Interrupted,
  moveResource,
  newNameToken,
  operationOf,
  resourceContext,
  stopWhenClosing,
} from "./run.ts";
import type { Run } from "./run.ts";
import { VisitFailed } from "./walk.ts";

export interface DeployWork {
  readonly run: Run;
  readonly model: LiveModel;
  readonly data: ReadonlyMap<string, ResourceData>;
  /** Aborted when another resource failed, the update was cancelled, or the target stops. */
  readonly signal: AbortSignal;
}

export function behaviour(
  run: Run,
  data: ReadonlyMap<string, ResourceData>,
  type: string,
): ResourceType {
  const where = { faults: run.context.faults, region: run.region };
  const known = run.resourceTypes.get(type);
  if (known) return withFaults(known, where);
  const found = data.get(type);
  if (!found) throw validationError(`Unrecognized resource type: ${type}`);
  return withFaults(genericResource(found), where);
}

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
  const next = { ...wanted, properties };
  if (!exists) await create(work, next, record);
  else await change(work, next, record);
}

/** What the stack has under this id, without what a failed creation has left of it. */
async function stored(work: DeployWork, logicalId: string): Promise<ResourceRecord | undefined> {
  const { run, data, signal } = work;
  const record = run.store.resource(run.region, run.stackId, logicalId);
  if (record?.status !== "CREATE_FAILED") return record;
  return clearFailedCreation(run, record, behaviour(run, data, record.type), signal);
}

/** Only remembered, as in a stack that was rolled back. */
function isGone(record: ResourceRecord): boolean {
  return record.status === "DELETE_COMPLETE" || record.status === "DELETE_SKIPPED";
}

/** Made half: the same creation is tried again. */
function isUnfinished(record: ResourceRecord): boolean {
  return (
    record.replacing === true ||
    record.status === "CREATE_IN_PROGRESS" ||
    record.status === "CREATE_FAILED"
  );
}

type Wanted = Omit<ResourceRecord, "updatedAt">;

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

function fail(run: Run, record: Wanted, status: string, statusReason: string): never {
  moveResource(run, { ...record, status, statusReason });
  throw new VisitFailed(statusReason);
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

/** Runs the handler's creation, for a new resource or for the replacement of one. */
async function make(
  work: DeployWork,
  started: ResourceRecord,
  verb: "CREATE" | "UPDATE",
): Promise<void> {
  const { run } = work;
  let record = started;
  const initiated = (physicalId: string): void => {
    if (record.physicalId === physicalId && record.statusReason !== undefined) return;
    record = moveResource(run, {
      ...record,
      physicalId,
      cutOff: undefined,
      statusReason: "Resource creation Initiated",
    });
  };
  const context = resourceContext(run, record, record, { signal: work.signal, initiated });
  const made = await attempt(
    work,
    () => record,
    verb,
    () => behaviour(run, work.data, record.type).create(record.properties, context),
  );
  initiated(made.physicalId);
  moveResource(run, {
    ...record,
    physicalId: made.physicalId,
    attributes: made.attributes,
    replacing: undefined,
    status: `${verb}_COMPLETE`,
    statusReason: undefined,
  });
}

async function attempt(
  work: DeployWork,
  record: () => ResourceRecord,
  verb: "CREATE" | "UPDATE",
  handler: () => Promise<ProvisionedResource>,
): Promise<ProvisionedResource> {
  try {
    return await handler();
  } catch (error) {
    if (work.run.closing.aborted || error instanceof Interrupted) throw new Interrupted();
    const cancelled = `Resource ${verb === "CREATE" ? "creation" : "update"} cancelled`;
    return fail(
      work.run,
      record(),
      `${verb}_FAILED`,
      work.signal.aborted ? cancelled : failureReason(work.run, error),
    );
  }
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
  if (replacementOf(changes) === "yes")
    return replace(work, { ...kept, properties: wanted.properties }, record);
  const unfinished = record.status === "UPDATE_FAILED" || record.status === "UPDATE_IN_PROGRESS";
  const sameTags = sameValue(record.stackTags, wanted.stackTags);
  if (changes.length === 0 && sameTags && !unfinished) {
    // Metadata, policies and dependencies are CloudFormation's own: nothing to do at the resource.
    run.store.putResource(run.region, run.stackId, kept);
    return;
  }
  const started = moveResource(
    run,
    { ...kept, pending: wanted.properties, status: "UPDATE_IN_PROGRESS", statusReason: undefined },
    record.status === "UPDATE_IN_PROGRESS" ? "no event" : {},
  );
  const context = resourceContext(run, started, started, { signal: work.signal });
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

async function replace(
  work: DeployWork,
  next: ResourceRecord,
  record: ResourceRecord,
): Promise<void> {
  const { run } = work;
  const refusal = replacementRefusal(work.run, work.data.get(record.type), record, next);
  if (refusal !== undefined)
    fail(run, { ...record, before: next.before }, "UPDATE_FAILED", refusal);
  // A replacement of something that is not yet part of a stable stack has no place to go back to.
  const isLoose = record.isNew === true || record.before !== undefined;
  const reason =
    "Requested update requires the creation of a new physical resource; hence creating one.";
  const started = moveResource(
    run,
    {
      ...next,
      physicalId: undefined,
      attributes: {},
      pending: undefined,
      nameToken: newNameToken(run.context.random),
      replacing: true,
      discarded: isLoose ? [...(record.discarded ?? []), incarnation(record)] : record.discarded,
      status: "UPDATE_IN_PROGRESS",
      statusReason: undefined,
    },
    { physicalId: record.physicalId ?? "", reason },
  );
  await make(work, started, "UPDATE");
}
