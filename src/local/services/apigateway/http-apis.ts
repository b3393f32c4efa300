import { randomUUID } from "node:crypto";
import type { Cors } from "@aws-sdk/client-apigatewayv2";
import type { InvocationResponse } from "@aws-sdk/client-lambda";
import type { FunctionUrlRequest, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { header, type WireResponse } from "../../wire/message.ts";
import { signedCaller } from "../lambda/function-url-caller.ts";
import { preflight, withCors } from "../lambda/function-url-cors.ts";
import { urlEvent } from "../lambda/function-url-event.ts";
import { urlResponse } from "../lambda/function-url-response.ts";
import type { ApiDocument, Apis, Members } from "./api-store.ts";
import { matchRoute } from "./route-match.ts";

/** API Gateway developer guide, http-api-quotas: the longest that an integration may take. */
const longestTimeoutMs = 30_000;

/** Answers on the URLs of HTTP APIs, as API Gateway does. */
export class HttpApis {
  readonly #target: TargetContext;
  readonly #apis: Apis;

  constructor(target: TargetContext, apis: Apis) {
    this.#target = target;
    this.#apis = apis;
  }

  async serve(request: FunctionUrlRequest): Promise<WireResponse> {
    const requestId = randomUUID();
    const answer = await this.#answer(request, requestId);
    return { ...answer, headers: { ...answer.headers, "apigw-requestid": requestId } };
  }

  async #answer(request: FunctionUrlRequest, requestId: string): Promise<WireResponse> {
    const document = this.#apis.get(request.url.region, request.url.id);
    const isServed =
      document?.api["ProtocolType"] === "HTTP" &&
      document.api["DisableExecuteApiEndpoint"] !== true;
    // Custom domain names, which would serve an API without its own endpoint, do not exist here.
    if (!isServed) return refusal(404, "Not Found");
    const given = document.api.CorsConfiguration;
    const cors = corsFor(request, given);
    const early = cors && preflight(request, cors);
    if (early) return { ...early, status: 204 };
    const answer = await this.#route(request, document, given, requestId);
    return cors ? withCors(request, cors, answer) : answer;
  }

  async #route(
    request: FunctionUrlRequest,
    document: ApiDocument,
    cors: Cors | undefined,
    requestId: string,
  ): Promise<WireResponse> {
    const staged = stageOf(request.path, document);
    const match =
      staged &&
      matchRoute(Object.values(document.routes).map(asRoute), request.method, staged.path);
    if (!staged || !match) return refusal(404, "Not Found");
    const { route, pathParameters } = match;
    const integration = document.integrations[route.Target?.replace(/^integrations\//, "") ?? ""];
    const foreign = foreignTo(route, integration);
    if (foreign !== undefined) return refusal(501, `The lmi local target has no ${foreign}`);
    const signed = route.AuthorizationType === "AWS_IAM";
    const { accountId, clock } = this.#target;
    const asked = { service: "execute-api", cors, accountId, clock } as const;
    const caller = signed ? signedCaller(request, asked) : undefined;
    if (signed && !caller) return refusal(403, "Forbidden");
    const event = urlEvent(request, {
      requestId,
      now: clock.now(),
      caller,
      api: {
        accountId,
        routeKey: route.RouteKey,
        stage: staged.name,
        pathParameters,
        stageVariables: staged.variables,
      },
    });
    return this.#invoke(request, integration ?? {}, Buffer.from(JSON.stringify(event)));
  }

  async #invoke(
    request: FunctionUrlRequest,
    integration: Members,
    payload: Uint8Array,
  ): Promise<WireResponse> {
    const asked = new AbortController();
    const wait = Math.min(longestTimeoutMs, Number(integration["TimeoutInMillis"]));
    const late = this.#target.clock.sleep(wait, asked.signal).then(() => undefined);
    try {
      const result = await Promise.race([this.#call(request, integration, payload), late]);
      if (result === undefined) return refusal(503, "Service Unavailable");
      const failed = refusal(500, "Internal Server Error");
      return result.FunctionError ? failed : urlResponse(result.Payload ?? Buffer.of(), failed);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#target.log(`${request.url.domainName}${request.path}: ${error.message}`);
      if (error.code === "RequestTooLargeException") return refusal(413, "Request Too Long");
      return refusal(500, "Internal Server Error");
    } finally {
      asked.abort();
    }
  }

  #call(request: FunctionUrlRequest, integration: Members, Payload: Uint8Array) {
    const context = {
      region: request.url.region,
      accountId: this.#target.accountId,
      requestId: randomUUID(),
      accessKeyId: "apigateway.amazonaws.com",
      signal: new AbortController().signal,
    };
    const FunctionName = functionOf(integration);
    const input = { FunctionName, InvocationType: "RequestResponse", Payload };
    return this.#target.call<InvocationResponse>("lambda", "Invoke", input, context);
  }
}

interface Route {
  readonly RouteKey: string;
  readonly AuthorizationType: string;
  readonly Target: string | undefined;
}

function asRoute({ RouteKey, AuthorizationType, Target }: Members): Route {
  return {
    RouteKey: String(RouteKey),
    AuthorizationType: String(AuthorizationType),
    Target: typeof Target === "string" ? Target : undefined,
  };
}

/**
 * A stage that the path begins with, else `$default` (API Gateway developer guide, http-api-develop-routes). One that
 * nothing was deployed to does not answer.
 */
function stageOf(path: string, { stages }: ApiDocument) {
  const first = path.split("/")[1] ?? "";
  const name = first !== "$default" && Object.hasOwn(stages, first) ? first : "$default";
  const stage = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (!stage || (stage["AutoDeploy"] !== true && stage["DeploymentId"] === undefined))
    return undefined;
  const rest = name === "$default" ? path : path.slice(name.length + 1);
  const variables = stage.StageVariables ?? {};
  return { name, path: rest === "" ? "/" : rest, variables };
}

/** What a route asks for that only API Gateway itself can do; nothing where it is a function with format 2.0. */
function foreignTo(route: Route, integration: Members | undefined): string | undefined {
  if (!["NONE", "AWS_IAM"].includes(route.AuthorizationType))
    return `authorizers (${route.AuthorizationType} of ${route.RouteKey})`;
  if (!integration) return `target for ${route.RouteKey}: ${route.Target}`;
  const { IntegrationType, IntegrationSubtype, PayloadFormatVersion } = integration;
  if (IntegrationType !== "AWS_PROXY" || IntegrationSubtype !== undefined)
    return `integrations but with functions (${String(IntegrationType)} of ${route.RouteKey})`;
  if (PayloadFormatVersion !== "2.0")
    return `payload format ${String(PayloadFormatVersion)}, only 2.0 (${route.RouteKey})`;
  return undefined;
}

/** The function's ARN, or the longer form that REST APIs take: `arn:…:lambda:path/2015-03-31/functions/<ARN>/invocations`. */
function functionOf({ IntegrationUri }: Members): string {
  const uri = String(IntegrationUri);
  return /\/functions\/(?<arn>.+)\/invocations$/.exec(uri)?.groups?.["arn"] ?? uri;
}

/** Origins may be all of a scheme: `https://*` (API Gateway developer guide, http-api-cors). */
function corsFor(request: FunctionUrlRequest, cors: Cors | undefined): Cors | undefined {
  const origin = header(request, "origin");
  const scheme = origin?.split("//")[0];
  if (!cors?.AllowOrigins?.includes(`${scheme}//*`) || origin === undefined) return cors;
  return { ...cors, AllowOrigins: [...cors.AllowOrigins, origin] };
}

const refusal = (status: number, message: string): WireResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message }),
});
