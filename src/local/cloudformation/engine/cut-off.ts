import { ServiceError } from "../../service-error.ts";
import type { ResourceType } from "../resource-type.ts";
import type { Incarnation } from "../stack-record.ts";
import { Interrupted, resourceContext, stopWhenClosing } from "./run.ts";
import type { Run } from "./run.ts";

/**
 * The id of what a creation made before the target ended in the middle of it, so that it can be deleted. Creations are
 * repeatable, and say the id of what is there: so it is asked for by making it again under the same name.
 */
export async function idOfCutOff(
  run: Run,
  type: ResourceType,
  logicalId: string,
  incarnation: Incarnation,
): Promise<string | undefined> {
  if (incarnation.cutOff !== true) return undefined;
  let physicalId: string | undefined;
  const context = resourceContext(run, { logicalId }, incarnation, {
    signal: run.closing,
    initiated: (id) => (physicalId = id),
  });
  try {
    ({ physicalId } = await type.create(incarnation.properties, context));
  } catch (error) {
    stopWhenClosing(run);
    if (error instanceof Interrupted) throw error;
    // A refusal is an answer: what the first attempt had made would have been found by the same name.
    if (physicalId === undefined && !(error instanceof ServiceError)) {
      run.context.log(
        `CloudFormation: whether the interrupted creation of ${logicalId} had made something cannot be told: ${String(error)}`,
      );
    }
  }
  return physicalId;
}
