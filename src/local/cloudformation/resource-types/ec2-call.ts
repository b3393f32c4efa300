import type { Properties, ResourceContext } from "../resource-type.ts";
import { tagChanges, tagList } from "./properties.ts";
import { attemptOf } from "./repeatable.ts";

export function callEc2<Output extends object>(
  context: ResourceContext,
  operation: string,
  input: object,
): Promise<Output> {
  return context.call<Output>("ec2", operation, input, context.caller);
}

/** What a creation is given beside its own input: a token, so that it can be repeated, and its tags. */
export function creation(resourceType: string, properties: Properties, context: ResourceContext) {
  const Tags = tagList(properties, context);
  return {
    ClientToken: attemptOf(context),
    ...(Tags.length === 0 ? {} : { TagSpecifications: [{ ResourceType: resourceType, Tags }] }),
  };
}

export async function updateTags(
  id: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  const { set, removedKeys } = tagChanges(properties, previous, context);
  const Resources = [id];
  if (removedKeys.length > 0) {
    await callEc2(context, "DeleteTags", { Resources, Tags: removedKeys.map((Key) => ({ Key })) });
  }
  if (set.length > 0) await callEc2(context, "CreateTags", { Resources, Tags: set });
}
