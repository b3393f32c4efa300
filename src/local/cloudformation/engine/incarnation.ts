import type { Incarnation, ResourceRecord } from "../stack-record.ts";

/** What a rollback goes back to; a resource that is new has nothing to go back to. */
export function baseline(record: ResourceRecord): Incarnation | undefined {
  return record.isNew ? undefined : (record.before ?? incarnation(record));
}

export function incarnation(record: ResourceRecord): Incarnation {
  return { ...whole(record), cutOff: isCutOff(record) ? true : undefined };
}

/** With every member, so that what one does not have is taken away from what it is put over. */
export function whole(of: Incarnation): Incarnation {
  const { physicalId, attributes, properties, stackTags, nameToken, metadata } = of;
  const { deletionPolicy, updateReplacePolicy, dependsOn, cutOff, adopted } = of;
  return {
    physicalId,
    attributes,
    properties,
    stackTags,
    nameToken,
    metadata,
    deletionPolicy,
    updateReplacePolicy,
    dependsOn,
    cutOff,
    adopted,
  };
}

/** Whether something may have been made that has not said its id. */
export function isCutOff(record: ResourceRecord): boolean {
  if (record.physicalId !== undefined) return false;
  const isBegun = record.status === "CREATE_IN_PROGRESS" || record.status === "UPDATE_IN_PROGRESS";
  return record.cutOff === true || isBegun;
}

/** Not told by the physical id: of a log stream, say, it is the same in another group. */
export function isReplaced(record: ResourceRecord, before: Incarnation): boolean {
  return before.nameToken !== record.nameToken;
}
