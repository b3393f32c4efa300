import type { CallContext } from "../service.ts";
import { canBeChecked, readLive } from "./drift/detect.ts";
import type { EngineParts } from "./engine/run.ts";
import type { Plan } from "./plan.ts";
import type { ResourceData } from "./resource-data.ts";
import type { ResourceRecord } from "./stack-record.ts";
import { isUnknown } from "./template/special-values.ts";

/** Observed: aws-cloudformation/rain pull request 744. */
export function alreadyExists(type: string, name: string): string {
  return `Resource of type '${type}' with identifier '${name}' already exists.`;
}

/** The whole identifier, where the template gives it. */
export function givenName(
  data: ResourceData | undefined,
  properties: Readonly<Record<string, unknown>>,
): string | undefined {
  const values = (data?.identifier ?? []).map((name) => properties[name]);
  const isGiven = values.every((value) => typeof value === "string" && !isUnknown(value));
  return values.length > 0 && isGiven ? values.join("|") : undefined;
}

/** Whether another resource of a stack of the region has the name; for types that are records only. */
export function recordNamed(
  { store, region }: Pick<EngineParts, "store"> & { readonly region: string },
  own: Pick<ResourceRecord, "type"> & Partial<Pick<ResourceRecord, "nameToken">>,
  name: string,
  data: ReadonlyMap<string, ResourceData>,
): boolean {
  return store.stacks(region).some(({ stackId, status }) => {
    if (status === "DELETE_COMPLETE") return false;
    return Object.values(store.resources(region, stackId)).some(
      (other) =>
        other.type === own.type &&
        other.nameToken !== own.nameToken &&
        other.physicalId !== undefined &&
        !other.status.startsWith("DELETE_") &&
        givenName(data.get(other.type), other.properties) === name,
    );
  });
}

export interface NameConflict {
  readonly logicalId: string;
  readonly type: string;
  readonly message: string;
}

/** Resources that a change set would add under a name that is taken. */
export async function nameConflicts(
  parts: EngineParts,
  plan: Plan,
  data: ReadonlyMap<string, ResourceData>,
  caller: CallContext,
): Promise<NameConflict[]> {
  const conflicts: NameConflict[] = [];
  for (const { action, logicalId, type, physicalId } of plan.changes) {
    const properties = plan.properties.get(logicalId);
    if (action !== "Add" || physicalId !== undefined || !properties) continue;
    const name = givenName(data.get(type), properties);
    if (name === undefined) continue;
    const isTaken = canBeChecked(type)
      ? (await readLive(parts, { type, physicalId: name, properties }, caller)) !== undefined
      : recordNamed({ ...parts, region: caller.region }, { type }, name, data);
    if (isTaken) conflicts.push({ logicalId, type, message: alreadyExists(type, name) });
  }
  return conflicts;
}
