import type { Clock } from "./clock.ts";
import { ServiceError } from "./service-error.ts";
import { header, type WireRequest } from "./wire/message.ts";

/** What a signature says about its request. The signature itself is not verified: the local target knows no secrets. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/**
 * Only loopback names with the target's own port: a web page whose name was rebound to 127.0.0.1 still sends its own
 * name. Names below localhost carry S3 buckets and function URLs.
 */
export function isLoopbackHost(host: string | undefined, port: number): boolean {
  if (host === undefined) return false;
  const match = /^(?<name>\[[^\]]+\]|[^:]+)(?::(?<port>\d+))?$/.exec(host.toLowerCase());
  if (match?.groups === undefined) return false;
  const { name = "", port: given } = match.groups;
  if (Number(given ?? 80) !== port) return false;
  return (
    /^(?:[a-z0-9-]+\.)*localhost$/.test(name) ||
    name === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(name)
  );
}

/** Reads who signed a request and for what, from its Authorization header or, for S3, its query (presigned URLs). */
export function readCredential(request: WireRequest, clock: Clock): Credential {
  const authorization = header(request, "authorization");
  if (authorization !== undefined) return fromAuthorization(authorization);
  if (request.query.has("X-Amz-Signature")) return fromPresignedV4(request, clock);
  if (request.query.has("AWSAccessKeyId") && request.query.has("Signature"))
    return fromPresignedV2(request, clock);
  if (isUnsignedByDesign(request)) return unsigned();
  throw new ServiceError("MissingAuthenticationToken", "Missing Authentication Token", {
    status: 403,
  });
}

const incomplete = (message: string) =>
  new ServiceError("IncompleteSignature", message, { status: 403 });

function fromAuthorization(authorization: string): Credential {
  const form = /^AWS4-HMAC-SHA256 +(?<fields>.+)$/.exec(authorization)?.groups?.["fields"];
  if (form === undefined)
    throw incomplete("Authorization header requires the AWS4-HMAC-SHA256 algorithm.");
  const fields = new Map(
    form.split(",").map((field) => {
      const equals = field.indexOf("=");
      return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()] as const;
    }),
  );
  for (const name of ["Credential", "SignedHeaders", "Signature"]) {
    if (!fields.get(name)) throw incomplete(`Authorization header requires '${name}' parameter.`);
  }
  if (!/^[0-9a-f]{64}$/.test(fields.get("Signature") ?? ""))
    throw incomplete("Authorization header has a malformed signature.");
  return fromScope(fields.get("Credential") ?? "");
}

/** The access key id may hold slashes only in theory; the scope is always the last four parts. */
function fromScope(credential: string): Credential {
  const match =
    /^(?<key>.+)\/\d{8}\/(?<region>[a-z0-9-]+)\/(?<service>[a-z0-9-]+)\/aws4_request$/.exec(
      credential,
    )?.groups;
  if (match === undefined)
    throw incomplete("Credential must have exactly 5 slash-delimited elements.");
  return {
    accessKeyId: match["key"] ?? "",
    region: match["region"] ?? "",
    service: match["service"] ?? "",
  };
}

/**
 * A presigned URL needs no header, so anybody could make one up and have it opened. Hence only for S3, where opening
 * a link changes nothing.
 */
function fromPresignedV4(request: WireRequest, clock: Clock): Credential {
  const credential = fromScope(request.query.get("X-Amz-Credential") ?? "");
  if (credential.service !== "s3")
    throw new ServiceError("AccessDenied", "Access Denied", { status: 403 });
  const date = request.query.get("X-Amz-Date") ?? "";
  const signed = Date.parse(
    date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  const seconds = Number(request.query.get("X-Amz-Expires"));
  checkExpiry(signed + seconds * 1000, clock);
  return credential;
}

/** The older form, which some clients still make for S3 by default; it names no region. */
function fromPresignedV2(request: WireRequest, clock: Clock): Credential {
  checkExpiry(Number(request.query.get("Expires")) * 1000, clock);
  return {
    accessKeyId: request.query.get("AWSAccessKeyId") ?? "",
    region: "us-east-1",
    service: "s3",
  };
}

/**
 * AssumeRoleWithWebIdentity is for those who have no credentials yet, so no client signs it. A web page could send
 * this form as well: it is refused where the browser says that another site asks.
 */
function isUnsignedByDesign({ method, body }: WireRequest): boolean {
  return (
    method === "POST" &&
    /^(?:.*&)?Action=AssumeRoleWithWebIdentity(?:&|$)/.test(body.toString("utf8", 0, 4096))
  );
}

function unsigned(): Credential {
  return { accessKeyId: "", region: "us-east-1", service: "sts" };
}

/**
 * Pages send their origin, and browsers say from where a request comes: only what was typed, or opened by another
 * program, comes from nowhere (Fetch Metadata, W3C). A page that lies in S3 here has the target's own origin and could
 * send any header, so that it counts as a stranger too.
 */
export function refuseBrowsers(request: WireRequest): void {
  const site = header(request, "sec-fetch-site");
  const byPage = header(request, "origin") !== undefined || (site ?? "none") !== "none";
  if (byPage) throw new ServiceError("AccessDenied", "Access Denied", { status: 403 });
}

function checkExpiry(expires: number, clock: Clock): void {
  // A date that cannot be read compares as false and is refused as well.
  if (!(clock.now().getTime() <= expires)) {
    throw new ServiceError("AccessDenied", "Request has expired", { status: 403 });
  }
}
