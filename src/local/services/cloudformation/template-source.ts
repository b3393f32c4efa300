import type { CallContext } from "../../service.ts";
import { validationError } from "../../cloudformation/template/template.ts";
import { readTemplateObject } from "../../cloudformation/s3-template.ts";
import type { ServiceParts } from "./service-parts.ts";

/** Bytes in the request (user guide, "Understand CloudFormation quotas"). */
const maximumBody = 51_200;

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
    : readTemplateObject(parts, source.TemplateURL, context);
}
