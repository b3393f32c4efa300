import { ServiceError } from "../../service-error.ts";

/** A transform could not be applied: a change set fails with it, a request without one is refused. */
export class TransformFailed extends ServiceError {}

export function transformFailed(message: string): TransformFailed {
  return new TransformFailed("ValidationError", message, { status: 400 });
}

/** The frame is CloudFormation's (aws-cloudformation/cfn-language-discussion#156), most texts in it are ours. */
export function extensionsFailed(text: string): TransformFailed {
  return transformFailed(`Transform AWS::LanguageExtensions failed with: ${text}`);
}
