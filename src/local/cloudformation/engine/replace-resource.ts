import { replacementOf } from "../property-changes.ts";
import type { PropertyChange } from "../property-changes.ts";
import type { ResourceRecord } from "../stack-record.ts";
import { incarnation } from "./incarnation.ts";
import { fail, make } from "./make-resource.ts";
import type { DeployWork, Wanted } from "./make-resource.ts";
import { replacementRefusal } from "./replacement-refusal.ts";
import { moveResource, newNameToken } from "./run.ts";

/** Whether the changes make a new resource; where AWS's data say "maybe", the type decides. */
export function isReplaced(
  { run }: DeployWork,
  record: ResourceRecord,
  wanted: Wanted,
  changes: readonly PropertyChange[],
): boolean {
  const replacement = replacementOf(changes);
  if (replacement !== "maybe") return replacement === "yes";
  const type = run.resourceTypes.get(record.type);
  return type?.replaces?.(record.properties, wanted.properties) ?? false;
}

export async function replace(
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
