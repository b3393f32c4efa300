import type {
  ListTagsRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../service.ts";
import { capacityProviderName, functionReference } from "./arns.ts";
import { invalidParameter, notFound } from "./failures.ts";
import { resolveFunction } from "./function-lookup.ts";
import type { LambdaContext, Operations } from "./lambda-context.ts";

type Tags = Readonly<Record<string, string>>;

/** Lambda developer guide, configuration-tags. */
const maxTags = 50;

export function tagOperations(lambda: LambdaContext): Operations {
  return {
    ListTags: async (input: ListTagsRequest, context: CallContext) => ({
      Tags: tagged(lambda, input.Resource, context).tags,
    }),

    TagResource: async (input: TagResourceRequest, context: CallContext) => {
      const { tags, save } = tagged(lambda, input.Resource, context);
      const all = { ...tags, ...input.Tags };
      if (Object.keys(all).length > maxTags)
        throw invalidParameter(`The number of tags exceeds the limit of ${maxTags}.`);
      save(all);
      return {};
    },

    UntagResource: async (input: UntagResourceRequest, context: CallContext) => {
      const { tags, save } = tagged(lambda, input.Resource, context);
      const gone = new Set(input.TagKeys ?? []);
      save(Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key))));
      return {};
    },
  };
}

/** What an ARN names: a function, a capacity provider or an event source mapping, with its tags. */
function tagged(
  lambda: LambdaContext,
  arn: string | undefined,
  context: CallContext,
): { readonly tags: Tags; readonly save: (tags: Tags) => void } {
  const { functions, providers } = lambda.store;
  if (arn?.includes(":capacity-provider:")) {
    const name = capacityProviderName(arn);
    const document = providers.get(context.region, name);
    if (!document) throw notFound(`Capacity provider not found: ${arn}`);
    return {
      tags: document.tags,
      save: (tags) => providers.put(context.region, name, { ...document, tags }),
    };
  }
  if (arn?.includes(":event-source-mapping:")) {
    const uuid = arn.slice(arn.lastIndexOf(":") + 1);
    const document = lambda.store.mappings.get(context.region, uuid);
    if (!document) throw notFound("The resource you requested does not exist.");
    return {
      tags: document.tags,
      save: (tags) => lambda.store.mappings.put(context.region, uuid, { ...document, tags }),
    };
  }
  const { name } = functionReference({ FunctionName: arn });
  const document = resolveFunction(lambda, name, context);
  return {
    tags: document.tags,
    save: (tags) => functions.put(context.region, name, { ...document, tags }),
  };
}
