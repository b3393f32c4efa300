import { ServiceError } from "../../service-error.ts";
import type { ResourceContext } from "../resource-type.ts";

interface CreateIntent {
  /** Of the one attempt to create this resource: the same again after a restart. */
  readonly attempt: string;
}

const intents = "cloudformation.create-intents";

/** Longer than any physical name, so that the generated one is unique to the attempt. */
const attemptLength = 255;

/** Tells apart one attempt to create a resource from every other; the same when it is repeated after a restart. */
export function attemptOf(context: ResourceContext): string {
  return context.generateName(attemptLength);
}

/**
 * Creates something that has a name. A name that is taken is an error, except when this same attempt took it
 * before the target was stopped in the middle of it.
 */
export async function createNamed(
  context: ResourceContext,
  name: string,
  conflictCodes: readonly string[],
  create: () => Promise<unknown>,
): Promise<void> {
  const collection = context.state.collection<CreateIntent>(intents);
  const { region } = context.caller;
  const id = `${context.stackId}/${context.logicalId}/${name}`;
  const attempt = attemptOf(context);
  const repeated = collection.get(region, id)?.attempt === attempt;
  collection.put(region, id, { attempt });
  try {
    await create();
  } catch (error) {
    if (repeated && hasCode(error, conflictCodes)) return;
    // What failed again says nothing of the time before.
    if (!repeated) collection.delete(region, id);
    throw error;
  }
}

/** Deletes something that has a name; what is gone already is no error. */
export async function deleteNamed(
  context: ResourceContext,
  name: string,
  missingCodes: readonly string[],
  remove: () => Promise<unknown>,
): Promise<void> {
  await unlessMissing(missingCodes, remove);
  context.state
    .collection<CreateIntent>(intents)
    .delete(context.caller.region, `${context.stackId}/${context.logicalId}/${name}`);
}

/** Runs `work`; undefined when the service answers that the thing does not exist. */
export async function unlessMissing<Result>(
  missingCodes: readonly string[],
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (hasCode(error, missingCodes)) return undefined;
    throw error;
  }
}

export function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof ServiceError && codes.includes(error.code);
}
