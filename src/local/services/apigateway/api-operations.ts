import type {
  CreateApiRequest,
  DeleteApiRequest,
  GetApiRequest,
  GetApisRequest,
  GetTagsRequest,
  TagResourceRequest,
  UntagResourceRequest,
  UpdateApiRequest,
} from "@aws-sdk/client-apigatewayv2";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import {
  type ApiDocument,
  type Apis,
  badRequest,
  existingApi,
  given,
  newId,
  notFound,
  page,
} from "./api-store.ts";

/** Of CloudFormation here alone: makes a creation repeatable. */
interface Repeatable {
  readonly Token?: string;
}

/** APIs of API Gateway's second version; HTTP APIs are served, those for WebSockets are kept. */
export function apiOperations(target: TargetContext, apis: Apis): Record<string, Operation> {
  const shown = (document: ApiDocument, context: CallContext) => present(target, document, context);
  return {
    async CreateApi(input: CreateApiRequest & Repeatable, context: CallContext) {
      const apiId = newId(10, input.Token);
      const known = apis.get(context.region, apiId);
      if (known) return shown(known, context);
      const api = given(input, ["Token", "Tags", "Target", "RouteKey", "CredentialsArn"]);
      if (input.Target !== undefined)
        throw badRequest("The lmi local target makes no routes by Target; create them one by one");
      const document: ApiDocument = {
        apiId,
        api: {
          ApiKeySelectionExpression: "$request.header.x-api-key",
          RouteSelectionExpression: "$request.method $request.path",
          DisableExecuteApiEndpoint: false,
          IpAddressType: "ipv4",
          ...api,
          CreatedDate: target.clock.now().toISOString(),
        },
        tags: input.Tags ?? {},
        integrations: {},
        routes: {},
        stages: {},
      };
      apis.put(context.region, apiId, document);
      return shown(document, context);
    },

    async GetApi(input: GetApiRequest, context: CallContext) {
      return shown(existingApi(apis, input.ApiId, context), context);
    },

    async GetApis(input: GetApisRequest, context: CallContext) {
      return page(
        apis.list(context.region).map((document) => shown(document, context)),
        input,
      );
    },

    async UpdateApi(input: UpdateApiRequest, context: CallContext) {
      const document = existingApi(apis, input.ApiId, context);
      const changed = { ...document, api: { ...document.api, ...given(input, ["ApiId"]) } };
      apis.put(context.region, document.apiId, changed);
      return shown(changed, context);
    },

    async DeleteCorsConfiguration(input: DeleteApiRequest, context: CallContext) {
      const document = existingApi(apis, input.ApiId, context);
      const { CorsConfiguration: _cors, ...api } = document.api;
      apis.put(context.region, document.apiId, { ...document, api });
      return {};
    },

    async DeleteApi(input: DeleteApiRequest, context: CallContext) {
      const { apiId } = existingApi(apis, input.ApiId, context);
      apis.delete(context.region, apiId);
      return {};
    },

    ...tagOperations(apis),
  };
}

function tagOperations(apis: Apis): Record<string, Operation> {
  const tagged = (arn: string | undefined, context: CallContext) => {
    const id = /^arn:aws:apigateway:[^:]*::\/apis\/(?<id>[a-z0-9]+)$/.exec(arn ?? "")?.groups?.[
      "id"
    ];
    const document = id === undefined ? undefined : apis.get(context.region, id);
    if (!document) throw notFound(`Invalid resource identifier specified ${arn}`);
    return document;
  };
  return {
    async GetTags(input: GetTagsRequest, context: CallContext) {
      return { Tags: tagged(input.ResourceArn, context).tags };
    },

    async TagResource(input: TagResourceRequest, context: CallContext) {
      const document = tagged(input.ResourceArn, context);
      const tags = { ...document.tags, ...input.Tags };
      apis.put(context.region, document.apiId, { ...document, tags });
      return {};
    },

    async UntagResource(input: UntagResourceRequest, context: CallContext) {
      const document = tagged(input.ResourceArn, context);
      const kept = Object.entries(document.tags).filter(([key]) => !input.TagKeys?.includes(key));
      apis.put(context.region, document.apiId, { ...document, tags: Object.fromEntries(kept) });
      return {};
    },
  };
}

/** With the URL under which it answers now: the target's port may be another one at each start. */
function present(
  target: TargetContext,
  { apiId, api, tags }: ApiDocument,
  { region }: CallContext,
): object {
  const { port } = new URL(target.endpoint());
  return {
    ...api,
    ApiId: apiId,
    ApiEndpoint: `http://${apiId}.execute-api.${region}.localhost:${port}`,
    Tags: tags,
  };
}
