import type { ResourceType } from "../resource-type.ts";
import type { ResourceRecord } from "../stack-record.ts";
import { idOfCutOff } from "./cut-off.ts";
import { failureReason } from "./handler-error.ts";
import { addResourceEvent, newNameToken, resourceContext, stopWhenClosing } from "./run.ts";
import type { Run } from "./run.ts";
import { VisitFailed } from "./walk.ts";

/**
 * Deletes what a failed creation has left, so that the next try begins with nothing: "Resources without a last known
 * stable state will be deleted upon the next stack operation" (CloudFormation user guide, stack-failure-options).
 * Repeatable: until it is gone the stack still shows the failed resource.
 */
export async function clearFailedCreation(
  run: Run,
  record: ResourceRecord,
  type: ResourceType,
  signal: AbortSignal,
): Promise<ResourceRecord> {
  const physicalId = record.physicalId ?? (await idOfCutOff(run, type, record.logicalId, record));
  if (physicalId !== undefined) {
    const tell = (status: string, reason?: string) =>
      addResourceEvent(run, record, { status, reason, physicalId });
    tell("DELETE_IN_PROGRESS");
    try {
      const context = resourceContext(run, record, record, { signal });
      await type.delete(physicalId, record.properties, context);
    } catch (error) {
      stopWhenClosing(run);
      tell("DELETE_FAILED", failureReason(run, error));
      throw new VisitFailed("a failed creation cannot be deleted");
    }
    tell("DELETE_COMPLETE");
  }
  const cleared: ResourceRecord = {
    ...record,
    physicalId: undefined,
    cutOff: undefined,
    attributes: {},
    nameToken: newNameToken(run.context.random),
  };
  run.store.putResource(run.region, run.stackId, cleared);
  return cleared;
}
