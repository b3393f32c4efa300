import { createHash } from "node:crypto";
import type { CfnResource } from "aws-cdk-lib/core";
import { Aws } from "../cdk.ts";
import { apiGateway } from "./cdk-events.ts";
import type { CreatedEvent, EventParts } from "./event-parts.ts";
import { permitSource } from "./permission.ts";
import type { HttpEvent } from "./http-schema.ts";

/**
 * An HTTP API of this function's own. It calls the function without a qualifier, which on managed instances means its
 * `$LATEST.PUBLISHED`, with payload format 2.0.
 */
export function createHttpEvent(parts: EventParts<HttpEvent>): CreatedEvent {
  const { stack, id, event, target } = parts;
  const { CfnApi, CfnIntegration } = apiGateway();
  const api = new CfnApi(stack, `${id}Api`, {
    name: `${stack.stackName}-${target.functionName}`,
    protocolType: "HTTP",
    ...(event.cors ? { corsConfiguration: { ...event.cors } } : {}),
  });
  const integration = new CfnIntegration(stack, `${id}Integration`, {
    apiId: api.ref,
    integrationType: "AWS_PROXY",
    integrationUri: target.attrArn,
    payloadFormatVersion: "2.0",
  });
  createRoutes(parts, { api, integration });
  createStage(parts, api);
  permitSource(parts, {
    service: "apigateway",
    sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${api.ref}/*`,
  });
  const path = event.stage === "$default" ? "/" : `/${event.stage}/`;
  const value = `${api.attrApiEndpoint}${path}`;
  return {
    statements: [],
    outputs: [{ id: `${id}Url`, description: "URL of the HTTP API", value }],
  };
}

interface Targeted {
  readonly api: CfnResource;
  readonly integration: CfnResource;
}

function createRoutes(
  { stack, id, event }: EventParts<HttpEvent>,
  { api, integration }: Targeted,
): CfnResource[] {
  const { CfnRoute } = apiGateway();
  return event.routes.map(
    (routeKey) =>
      new CfnRoute(stack, `${id}Route${routeId(routeKey)}`, {
        apiId: api.ref,
        routeKey,
        target: `integrations/${integration.ref}`,
        authorizationType: event.auth === "iam" ? "AWS_IAM" : "NONE",
      }),
  );
}

function createStage({ stack, id, event }: EventParts<HttpEvent>, { ref }: CfnResource) {
  const { CfnStage } = apiGateway();
  return new CfnStage(stack, `${id}Stage`, {
    apiId: ref,
    stageName: event.stage,
    autoDeploy: true,
  });
}

/** Of the route's key alone, so that another route never renames, and so replaces, it. */
function routeId(key: string): string {
  if (key === "$default") return "Default";
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}
