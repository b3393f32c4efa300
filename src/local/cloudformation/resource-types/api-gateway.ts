import type {
  Properties,
  ProvisionedResource,
  ResourceContext,
  ResourceType,
} from "../resource-type.ts";
import {
  dropped,
  flag,
  number,
  pick,
  requiredText,
  tagChanges,
  tagMap,
  text,
} from "./properties.ts";
import { attemptOf, unlessMissing } from "./repeatable.ts";

const missing = ["NotFoundException"];

function call<Output extends object>(context: ResourceContext, operation: string, input: object) {
  return context.call<Output>("apigateway", operation, input, context.caller);
}

const apiMembers = [
  "ApiKeySelectionExpression",
  "CorsConfiguration",
  "Description",
  "IpAddressType",
  "Name",
  "ProtocolType",
  "RouteSelectionExpression",
  "Version",
];

function apiInput(properties: Properties) {
  const disabled = flag(properties, "DisableExecuteApiEndpoint");
  return {
    ...pick(properties, apiMembers),
    ...(disabled === undefined ? {} : { DisableExecuteApiEndpoint: disabled }),
  };
}

/** Definitions in OpenAPI and "quick create" are not read here. */
const unread = ["Body", "BodyS3Location", "Target", "RouteKey", "CredentialsArn"];

interface ApiAnswer {
  readonly ApiId: string;
  readonly ApiEndpoint: string;
}

function describeApi(
  { ApiId, ApiEndpoint }: ApiAnswer,
  properties: Properties,
  context: ResourceContext,
): ProvisionedResource {
  for (const name of unread.filter((each) => properties[each] !== undefined))
    context.log(`AWS::ApiGatewayV2::Api ${ApiId}: ${name} has no effect on the local target`);
  const { region, accountId } = context.caller;
  const ExecuteApiArn = `arn:aws:execute-api:${region}:${accountId}:${ApiId}`;
  return { physicalId: ApiId, attributes: { ApiId, ApiEndpoint, ExecuteApiArn } };
}

async function changeTags(
  ApiId: string,
  properties: Properties,
  previous: Properties,
  context: ResourceContext,
) {
  const ResourceArn = `arn:aws:apigateway:${context.caller.region}::/apis/${ApiId}`;
  const { set, removedKeys } = tagChanges(properties, previous, context);
  if (removedKeys.length > 0)
    await call(context, "UntagResource", { ResourceArn, TagKeys: removedKeys });
  const Tags = Object.fromEntries(set.map(({ Key, Value }) => [Key, Value]));
  if (set.length > 0) await call(context, "TagResource", { ResourceArn, Tags });
}

export const httpApi: ResourceType = {
  type: "AWS::ApiGatewayV2::Api",
  async create(properties, context) {
    const answer = await call<ApiAnswer>(context, "CreateApi", {
      Name: context.logicalId,
      ...apiInput(properties),
      Tags: tagMap(properties, context),
      Token: attemptOf(context),
    });
    return describeApi(answer, properties, context);
  },
  async update(ApiId, properties, previous, context) {
    if (
      previous["CorsConfiguration"] !== undefined &&
      properties["CorsConfiguration"] === undefined
    )
      await call(context, "DeleteCorsConfiguration", { ApiId });
    const absent = { Description: "", Version: "", DisableExecuteApiEndpoint: false };
    const { ProtocolType: _kept, ...changes } = apiInput(properties) as Properties;
    const input = { ApiId, ...dropped(properties, previous, absent), ...changes };
    const answer = await call<ApiAnswer>(context, "UpdateApi", input);
    await changeTags(ApiId, properties, previous, context);
    return describeApi(answer, properties, context);
  },
  async delete(ApiId, _properties, context) {
    await unlessMissing(missing, () => call(context, "DeleteApi", { ApiId }));
  },
};

interface Part {
  readonly name: "Integration" | "Route" | "Stage";
  readonly id: "IntegrationId" | "RouteId" | "StageName";
  readonly members: readonly string[];
  readonly whenAbsent: Readonly<Record<string, unknown>>;
  /** Members that templates give as text, too. */
  readonly read?: (properties: Properties) => Properties;
}

/** Integrations, routes and stages: made, changed and deleted alike, and gone with their API. */
function partType({ name, id, members, whenAbsent, read }: Part): ResourceType {
  const input = (properties: Properties) => ({
    ...pick(properties, ["ApiId", ...members]),
    ...read?.(properties),
  });
  const describe = (physicalId: string): ProvisionedResource => ({
    physicalId,
    attributes: name === "Stage" ? {} : { [id]: physicalId },
  });
  return {
    type: `AWS::ApiGatewayV2::${name}`,
    async create(properties, context) {
      const answer = await call<Record<string, string>>(context, `Create${name}`, {
        ...input(properties),
        ...(name === "Stage" ? { StageName: requiredText(properties, "StageName") } : {}),
        Token: attemptOf(context),
      });
      return describe(answer[id] ?? "");
    },
    async update(physicalId, properties, previous, context) {
      await call(context, `Update${name}`, {
        ...dropped(properties, previous, whenAbsent),
        ...input(properties),
        [id]: physicalId,
      });
      return describe(physicalId);
    },
    async delete(physicalId, properties, context) {
      const ApiId = text(properties, "ApiId");
      await unlessMissing(missing, () =>
        call(context, `Delete${name}`, { ApiId, [id]: physicalId }),
      );
    },
  };
}

export const httpIntegration = partType({
  name: "Integration",
  id: "IntegrationId",
  members: [
    "ConnectionId",
    "ConnectionType",
    "CredentialsArn",
    "Description",
    "IntegrationMethod",
    "IntegrationSubtype",
    "IntegrationType",
    "IntegrationUri",
    "PayloadFormatVersion",
    "RequestParameters",
    "ResponseParameters",
    "TlsConfig",
  ],
  whenAbsent: { Description: "", TimeoutInMillis: 30_000 },
  read: (properties) => {
    const timeout = number(properties, "TimeoutInMillis");
    return timeout === undefined ? {} : { TimeoutInMillis: timeout };
  },
});

export const httpRoute = partType({
  name: "Route",
  id: "RouteId",
  members: [
    "AuthorizationScopes",
    "AuthorizationType",
    "AuthorizerId",
    "OperationName",
    "RouteKey",
    "Target",
  ],
  whenAbsent: { AuthorizationType: "NONE" },
});

export const httpStage = partType({
  name: "Stage",
  id: "StageName",
  members: [
    "AccessLogSettings",
    "DefaultRouteSettings",
    "DeploymentId",
    "Description",
    "RouteSettings",
    "StageVariables",
  ],
  whenAbsent: { AutoDeploy: false, Description: "", StageVariables: {}, DefaultRouteSettings: {} },
  read: (properties) => {
    const deploys = flag(properties, "AutoDeploy");
    return deploys === undefined ? {} : { AutoDeploy: deploys };
  },
});
