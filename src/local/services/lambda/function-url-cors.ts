import type { Cors } from "@aws-sdk/client-lambda";
import type { FunctionUrlRequest } from "../../service.ts";
import { header, type WireResponse } from "../../wire/message.ts";

/** The answer to a preflight, which never reaches the function where its URL has CORS settings. */
export function preflight(request: FunctionUrlRequest, cors: Cors): WireResponse | undefined {
  const wanted = header(request, "access-control-request-method");
  if (request.method !== "OPTIONS" || wanted === undefined) return undefined;
  const headers = allowedOrigin(request, cors);
  if (headers) {
    set(headers, "allow-methods", cors.AllowMethods);
    set(headers, "allow-headers", cors.AllowHeaders);
    if (cors.MaxAge !== undefined) headers["access-control-max-age"] = String(cors.MaxAge);
  }
  return { status: 200, headers: headers ?? {}, body: "" };
}

/** Adds what the settings say to the function's own answer; where both speak, the settings do. */
export function withCors(
  request: FunctionUrlRequest,
  cors: Cors,
  answer: WireResponse,
): WireResponse {
  const own = Object.entries(answer.headers).filter(
    ([name]) => !name.startsWith("access-control-"),
  );
  const headers = allowedOrigin(request, cors) ?? {};
  if ("access-control-allow-origin" in headers) set(headers, "expose-headers", cors.ExposeHeaders);
  return { ...answer, headers: { ...Object.fromEntries(own), ...headers } };
}

/** Whether the settings name an origin outright, and not by a star. */
export const namesOrigin = (cors: Cors | undefined, origin: string): boolean =>
  cors?.AllowOrigins?.includes(origin) ?? false;

function allowedOrigin(
  request: FunctionUrlRequest,
  cors: Cors,
): Record<string, string> | undefined {
  const origin = header(request, "origin");
  if (origin === undefined) return undefined;
  const { AllowOrigins = [], AllowCredentials } = cors;
  const every = AllowOrigins.includes("*");
  if (!every && !AllowOrigins.includes(origin)) return undefined;
  return {
    "access-control-allow-origin": every && !AllowCredentials ? "*" : origin,
    ...(AllowCredentials ? { "access-control-allow-credentials": "true" } : {}),
    vary: "Origin",
  };
}

function set(
  headers: Record<string, string>,
  name: string,
  values: readonly string[] | undefined,
): void {
  if (values && values.length > 0) headers[`access-control-${name}`] = values.join(",");
}
