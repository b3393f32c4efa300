import { ServiceError } from "../../service-error.ts";
import type { ResourceType } from "../resource-type.ts";
import type { Incarnation } from "../stack-record.ts";
import { Interrupted, resourceContext, stopWhenClosing } from "./run.ts";
import type { Run } from "./run.ts";

/** A refusal may be of the moment, e.g. a throttle. */
const attempts = 2;

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
  for (let attempt = 1; physicalId === undefined && attempt <= attempts; attempt += 1) {
    try {
      ({ physicalId } = await type.create(incarnation.properties, context));
    } catch (error) {
      stopWhenClosing(run);
      if (error instanceof Interrupted) throw error;
      if (physicalId === undefined && attempt === attempts) logUnlessRefused(run, logicalId, error);
    }
  }
  return physicalId;
}

/** A refusal is an answer: what the first creation had made would have been found by the same name. */
function logUnlessRefused(run: Run, logicalId: string, error: unknown): void {
  if (error instanceof ServiceError) return;
  run.context.log(
    `CloudFormation: whether the interrupted creation of ${logicalId} had made something cannot be told: ${String(error)}`,
  );
}
