import type { FunctionUrlRequest } from "../../service.ts";
import { header } from "../../wire/message.ts";

export interface UrlCaller {
  readonly accountId: string;
  readonly accessKeyId: string;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export interface AboutRequest {
  readonly requestId: string;
  readonly now: Date;
  readonly caller?: UrlCaller | undefined;
  /** What only an HTTP API has; a function URL has the default route of a default stage. */
  readonly api?:
    | {
        readonly accountId: string;
        readonly routeKey: string;
        readonly stage: string;
        readonly pathParameters: Readonly<Record<string, string>>;
        readonly stageVariables: Readonly<Record<string, string>>;
      }
    | undefined;
}

/**
 * The event of a function URL or an HTTP API: payload format 2.0 (Lambda developer guide, urls-invocation, request
 * payload; API Gateway developer guide, http-api-develop-integrations-lambda).
 */
export function urlEvent(request: FunctionUrlRequest, about: AboutRequest): object {
  const { path, rawQuery } = request;
  const { headers, cookies } = headersOf(request);
  const { routeKey = "$default", pathParameters = {}, stageVariables = {} } = about.api ?? {};
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: rawQuery,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...unlessEmpty("queryStringParameters", queryOf(rawQuery)),
    requestContext: contextOf(request, about),
    ...unlessEmpty("pathParameters", pathParameters),
    ...unlessEmpty("stageVariables", stageVariables),
    ...bodyOf(request),
  };
}

function contextOf(request: FunctionUrlRequest, { requestId, now, caller, api }: AboutRequest) {
  const { method, path, url } = request;
  return {
    accountId: api?.accountId ?? caller?.accountId ?? "anonymous",
    apiId: url.id,
    ...(caller ? { authorizer: { iam: iamOf(caller) } } : {}),
    domainName: url.domainName,
    domainPrefix: url.id,
    http: {
      method,
      path,
      protocol: "HTTP/1.1",
      sourceIp: "127.0.0.1",
      userAgent: header(request, "user-agent") ?? "",
    },
    requestId,
    routeKey: api?.routeKey ?? "$default",
    stage: api?.stage ?? "$default",
    time: commonLogTime(now),
    timeEpoch: now.getTime(),
  };
}

const unlessEmpty = (name: string, values: Readonly<Record<string, string>>) =>
  Object.keys(values).length > 0 ? { [name]: values } : {};

/** Names in lower case, values of one name joined by commas, cookies apart. */
function headersOf(request: FunctionUrlRequest) {
  const headers: Record<string, string> = {};
  for (const name of Object.keys(request.headers)) {
    const value = header(request, name);
    if (value !== undefined && name !== "cookie") headers[name] = value;
  }
  headers["x-forwarded-for"] = "127.0.0.1";
  headers["x-forwarded-proto"] = "http";
  headers["x-forwarded-port"] = /:(\d+)$/.exec(headers["host"] ?? "")?.[1] ?? "80";
  const cookies = (header(request, "cookie") ?? "")
    .split(";")
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== "");
  return { headers, cookies };
}

/** Values of one name are joined by commas. */
function queryOf(rawQuery: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const before = found.get(name);
    found.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(found);
}

function iamOf({ accountId, accessKeyId }: UrlCaller): object {
  return {
    accessKey: accessKeyId,
    accountId,
    callerId: accessKeyId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: `arn:aws:iam::${accountId}:user/lmi-local`,
    userId: accessKeyId,
  };
}

/** Types whose bodies arrive as they are; AWS's list is not published. */
const textTypes = /^(?:text\/|application\/(?:json|javascript|xml|[\w.+-]+\+(?:json|xml))(?:;|$))/i;

function bodyOf(request: FunctionUrlRequest): object {
  const { body } = request;
  if (body.byteLength === 0) return { isBase64Encoded: false };
  return textTypes.test(header(request, "content-type") ?? "")
    ? { body: body.toString(), isBase64Encoded: false }
    : { body: body.toString("base64"), isBase64Encoded: true };
}

/** `25/Nov/2026:12:00:00 +0000` */
function commonLogTime(date: Date): string {
  const [day = "", time = ""] = date.toISOString().split("T");
  const [year, , dayOfMonth] = day.split("-");
  return `${dayOfMonth}/${months[date.getUTCMonth()]}/${year}:${time.slice(0, 8)} +0000`;
}
