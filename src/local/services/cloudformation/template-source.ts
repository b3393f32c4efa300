import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import type { ServiceParts } from "./service-parts.ts";

/** CloudFormation quotas: 51,200 bytes in the request, 1 MB from S3 (user guide, "Understand CloudFormation quotas"). */
const maximumBody = 51_200;
const maximumObject = 1_048_576;

export interface TemplateSource {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
}

/** The template's text, from the request or from S3; undefined when neither is given. */
export async function readTemplate(
  parts: ServiceParts,
  source: TemplateSource,
  context: CallContext,
): Promise<string | undefined> {
  if (source.TemplateBody !== undefined && source.TemplateURL !== undefined) {
    throw validationError("Only one of TemplateBody or TemplateURL may be specified.");
  }
  if (source.TemplateBody !== undefined) {
    if (Buffer.byteLength(source.TemplateBody) > maximumBody) {
      throw validationError(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${maximumBody}`,
      );
    }
    return source.TemplateBody;
  }
  return source.TemplateURL === undefined
    ? undefined
    : readObject(parts, source.TemplateURL, context);
}

async function readObject(parts: ServiceParts, url: string, context: CallContext): Promise<string> {
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
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw validationError("TemplateURL must be a supported URL.");
  }
  const path = decodeURIComponent(parsed.pathname.slice(1));
  const virtual =
    /^(.+)\.s3[.-]?[a-z0-9-]*\.(?:amazonaws\.com|localhost)/.exec(parsed.hostname)?.[1] ??
    /^(.+?)\.s3\./.exec(parsed.hostname)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: path };
  const slash = path.indexOf("/");
  if (slash < 1 || slash === path.length - 1) {
    throw validationError("TemplateURL must reference a valid S3 object to which you have access.");
  }
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}
