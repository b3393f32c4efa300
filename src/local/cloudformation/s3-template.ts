import type { CallContext } from "../service.ts";
import { ServiceError } from "../service-error.ts";
import type { EngineParts } from "./engine/run.ts";
import { validationError } from "./template/template.ts";
import { transformFailed } from "./template/transform-failed.ts";

/** Bytes of a template in S3 (user guide, "Understand CloudFormation quotas"). */
const maximumObject = 1_048_576;

/** A template behind the URL that a request gives. */
export async function readTemplateObject(
  parts: Pick<EngineParts, "context">,
  url: string,
  context: CallContext,
): Promise<string> {
  const { bucket, key } = objectPlace(url);
  let answer: { readonly Body?: Uint8Array };
  try {
    answer = await parts.context.call<{ readonly Body?: Uint8Array }>(
      "s3",
      "GetObject",
      { Bucket: bucket, Key: key },
      context,
    );
  } catch (error) {
    if (error instanceof ServiceError) throw validationError(`S3 error: ${error.message}`);
    throw error;
  }
  const bytes = answer.Body ?? new Uint8Array();
  if (bytes.length > maximumObject) {
    throw validationError(`Template may not exceed ${maximumObject} bytes in size.`);
  }
  return Buffer.from(bytes).toString("utf8");
}

/** Path style for addresses and `s3.region.amazonaws.com`, else the bucket is the host's first part. */
export function objectPlace(url: string): { readonly bucket: string; readonly key: string } {
  const { hostname, path } = urlParts(url);
  const virtual =
    /^(.+)\.s3[.-]?[a-z0-9-]*\.(?:amazonaws\.com|localhost)/.exec(hostname)?.[1] ??
    /^(.+?)\.s3\./.exec(hostname)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: path };
  const slash = path.indexOf("/");
  if (slash < 1 || slash === path.length - 1) {
    throw validationError("TemplateURL must reference a valid S3 object to which you have access.");
  }
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** @throws for what is no URL, and for a path that cannot be decoded: `%B2` alone is no character */
function urlParts(url: string): { readonly hostname: string; readonly path: string } {
  try {
    const { hostname, pathname } = new URL(url);
    return { hostname, path: decodeURIComponent(pathname.slice(1)) };
  } catch {
    throw validationError("TemplateURL must be a supported URL.");
  }
}

/** What `AWS::Include` reads; its failures are observed in localstack/localstack test_change_sets.snapshot.json. */
export async function readSnippet(
  parts: Pick<EngineParts, "context">,
  location: string,
  context: CallContext,
): Promise<string> {
  const { bucket, key } = objectPlace(location.replace(/^s3:\/\//, "https://s3.amazonaws.com/"));
  try {
    const answer = await parts.context.call<{ readonly Body?: Uint8Array }>(
      "s3",
      "GetObject",
      { Bucket: bucket, Key: key },
      context,
    );
    return Buffer.from(answer.Body ?? []).toString("utf8");
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const text =
      error.code === "NoSuchBucket" ? `S3 bucket [${bucket}] does not exist.` : error.message;
    throw transformFailed(`Transform AWS::Include failed with: ${text}`);
  }
}
