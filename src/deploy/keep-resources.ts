import type { StackState } from "../aws/ports.ts";
import { ExitCode, LmiError } from "../errors.ts";
import { asciiJson } from "../synth/ascii-json.ts";
import type { DeployContext } from "./deploy-context.ts";
import { firstFailure } from "./stack-trouble.ts";
import { keeping, parametersOf } from "./kept-resources.ts";
import { patiently } from "./patiently.ts";
import { plainReason } from "./reason-text.ts";
import { newestEventId, watchStack } from "./watch-stack.ts";

/** CloudFormation user guide, "Understand CloudFormation quotas": bytes of a template in a request, and in S3. */
const maxInRequest = 51_200;
const maxTemplateBytes = 1_048_576;

/**
 * Makes CloudFormation keep resources when it deletes their stack: an update that changes nothing but their policies.
 * DeleteStack itself keeps resources only of a stack in DELETE_FAILED. Nothing is deleted; can be repeated.
 * Fails with LMI_CANNOT_KEEP.
 */
export async function keepResources(
  stack: StackState,
  template: Readonly<Record<string, unknown>>,
  ids: readonly string[],
  context: DeployContext,
): Promise<void> {
  const body = keepingBody(template, ids);
  const { stackId } = stack;
  const after = await newestEventId(stackId, context);
  const given = await placed(stack, body, context);
  const begun = await patiently(context, () =>
    context.aws.stackRemovals.updateTemplate(stackId, given, parametersOf(template)),
  );
  if (!begun) return;
  const ended = await watchStack(stackId, context, after);
  if (ended?.status === "UPDATE_COMPLETE") return;
  const events = await patiently(context, () => context.aws.stacks.events(stackId, after));
  const reason = firstFailure(events)?.statusReason ?? ended?.statusReason;
  throw cannotKeep(
    `CloudFormation could not mark what is to be kept: ${ended?.status ?? "the stack is gone"}.`,
    reason === undefined ? "It gives no reason." : plainReason(reason),
  );
}

/** In the request, or, where it is too long for one, in the bucket of the bootstrap stack, as a deploy does it. */
async function placed({ stackId }: StackState, body: string, context: DeployContext) {
  if (Buffer.byteLength(body) <= maxInRequest) return { body };
  const { keptCodes } = context.aws;
  try {
    return { url: await patiently(context, () => keptCodes.storeTemplate({ stackId }, body)) };
  } catch (error) {
    if (!(error instanceof LmiError)) throw error;
    throw cannotKeep(
      "The stack's template is too long for a request, and cannot be stored.",
      `${keptCodes.bucket({ stackId })}: ${error.message}`,
    );
  }
}

/** The template that keeps them. Fails where it is too long, before anything is changed. */
export function keepingBody(
  template: Readonly<Record<string, unknown>>,
  ids: readonly string[],
): string {
  const body = asciiJson(JSON.stringify(keeping(template, ids)));
  const bytes = Buffer.byteLength(body);
  if (bytes <= maxTemplateBytes) return body;
  throw cannotKeep(
    "The stack's template is too long.",
    `With what keeps resources it has ${bytes} bytes; CloudFormation takes ${maxTemplateBytes}.`,
  );
}

/** Keeping is asked for, and not possible: nothing was deleted, unless another command is at it. */
export function cannotKeep(what: string, why: string, so = "Nothing was deleted."): LmiError {
  return new LmiError("LMI_CANNOT_KEEP", what, {
    why: `${why}\n${so}`,
    next: "lmi destroy   (keeps nothing)",
    exitCode: ExitCode.usage,
  });
}

/** Whether CloudFormation takes an update of a stack (user guide, "Stack status codes"). */
export function isUpdatable({ status }: Pick<StackState, "status">): boolean {
  return /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/.test(status);
}
