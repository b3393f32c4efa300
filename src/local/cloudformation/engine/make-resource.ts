import { withFaults } from "../../faults/struck-resource.ts";
import { ServiceError } from "../../service-error.ts";
import { genericResource } from "../generic-resource.ts";
import { alreadyExists, givenName, recordNamed } from "../names-taken.ts";
import type { ResourceData } from "../resource-data.ts";
import type { ProvisionedResource, ResourceType } from "../resource-type.ts";
import { withSecrets } from "../secret-references.ts";
import type { ResourceRecord } from "../stack-record.ts";
import { validationError } from "../template/template.ts";
import { failureReason } from "./handler-error.ts";
import type { LiveModel } from "./model.ts";
import { Interrupted, moveResource, resourceContext } from "./run.ts";
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
  if (known) return withFaults(withSecrets(known, false), where);
  const found = data.get(type);
  if (!found) throw validationError(`Unrecognized resource type: ${type}`);
  return withFaults(withSecrets(genericResource(found), true), where);
}

export type Wanted = Omit<ResourceRecord, "updatedAt">;

export function fail(run: Run, record: Wanted, status: string, statusReason: string): never {
  moveResource(run, { ...record, status, statusReason });
  throw new VisitFailed(statusReason);
}

/** Runs the handler's creation, for a new resource or for the replacement of one. */
export async function make(
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
    async () => {
      const type = behaviour(run, work.data, record.type);
      const created = await type.create(record.properties, context);
      if (!run.resourceTypes.has(record.type)) refuseDuplicate(work, record);
      return created;
    },
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
  await refreshChanged(work, record);
}

/** Attributes of another resource of the stack that this one has changed: its dependents read them. */
async function refreshChanged(
  { run, signal }: DeployWork,
  { type, properties }: ResourceRecord,
): Promise<void> {
  const changed = run.resourceTypes.get(type)?.changesAttributesOf?.(properties);
  if (changed === undefined) return;
  const other = Object.values(run.store.resources(run.region, run.stackId)).find(
    ({ physicalId }) => physicalId === changed,
  );
  const describe = other && run.resourceTypes.get(other.type)?.describe;
  if (!other || !describe) return;
  const context = resourceContext(run, other, other, { signal });
  const { attributes } = await describe(changed, context);
  run.store.putResource(run.region, run.stackId, { ...other, attributes });
}

export async function attempt(
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

/** Types that are records only have no service that would refuse a name that is taken. */
function refuseDuplicate({ run, data }: DeployWork, record: ResourceRecord): void {
  const name = givenName(data.get(record.type), record.properties);
  if (name === undefined || !recordNamed(run, record, name, data)) return;
  throw new ServiceError("AlreadyExists", alreadyExists(record.type, name));
}
