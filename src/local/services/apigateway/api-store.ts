import type { Cors } from "@aws-sdk/client-apigatewayv2";
import { createHash, randomBytes } from "node:crypto";
import { pageOf } from "../../page.ts";
import type { CallContext, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";

/** Members as the API has them; dates as ISO strings. */
export type Members = Readonly<Record<string, unknown>>;

/** What belongs to an API, by its id (of stages: by name). */
export type PartKind = "integrations" | "routes" | "stages";

type Stage = Members & {
  readonly StageVariables?: Readonly<Record<string, string>> | undefined;
};

export interface ApiDocument {
  readonly apiId: string;
  readonly api: Members & { readonly CorsConfiguration?: Cors | undefined };
  readonly tags: Readonly<Record<string, string>>;
  readonly integrations: Readonly<Record<string, Members>>;
  readonly routes: Readonly<Record<string, Members>>;
  readonly stages: Readonly<Record<string, Stage>>;
}

export type Apis = Collection<ApiDocument>;

export const openApis = (target: TargetContext): Apis => target.state.collection("apigateway.apis");

export function existingApi(apis: Apis, ApiId: string | undefined, context: CallContext) {
  const document = apis.get(context.region, ApiId ?? "");
  if (!document) throw notFound(`Invalid API identifier specified ${context.accountId}:${ApiId}`);
  return document;
}

export const notFound = (message: string) =>
  new ServiceError("NotFoundException", message, { status: 404 });

export const badRequest = (message: string) =>
  new ServiceError("BadRequestException", message, { status: 400 });

/**
 * An id such as AWS makes up: small letters and digits. CloudFormation here hands in a token, which no client can, so
 * that an interrupted creation makes the same thing again.
 */
export function newId(length: number, token: string | undefined): string {
  const bytes =
    token === undefined ? randomBytes(length) : createHash("sha256").update(token).digest();
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(bytes.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join("");
}

export interface PageInput {
  readonly MaxResults?: string | undefined;
  readonly NextToken?: string | undefined;
}

/** At most 500 a page, AWS's own most is not published. */
export function page(items: readonly object[], { MaxResults, NextToken }: PageInput) {
  const size = Number(MaxResults ?? 500);
  const found = pageOf(items, NextToken === "" ? undefined : NextToken, size);
  if (!found) throw badRequest("Invalid value for 'nextToken'");
  if (!Number.isInteger(size) || size < 1) throw badRequest("Invalid value for 'maxResults'");
  return { Items: found.items, ...(found.next === undefined ? {} : { NextToken: found.next }) };
}

/** Values of members that have no others (botocore service model apigatewayv2). */
const allowed: Readonly<Record<string, readonly string[]>> = {
  AuthorizationType: ["NONE", "AWS_IAM", "CUSTOM", "JWT"],
  ConnectionType: ["INTERNET", "VPC_LINK"],
  ContentHandlingStrategy: ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"],
  IntegrationType: ["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"],
  IpAddressType: ["ipv4", "dualstack"],
  PassthroughBehavior: ["WHEN_NO_MATCH", "NEVER", "WHEN_NO_TEMPLATES"],
  ProtocolType: ["HTTP", "WEBSOCKET"],
};

/** What a request says, without what it leaves out. */
export function given(input: object, without: readonly string[]): Members {
  for (const [name, values] of Object.entries(allowed)) {
    const value: unknown = Reflect.get(input, name);
    if (value !== undefined && !values.some((each) => each === value))
      throw badRequest(`Invalid value specified for ${name}: must be one of ${values.join(", ")}`);
  }
  return Object.fromEntries(
    Object.entries(input).filter(([name, value]) => value !== undefined && !without.includes(name)),
  );
}
