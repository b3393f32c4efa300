import type { StackState } from "../../../aws/ports.ts";
import type { DeployContext } from "../../../deploy/deploy-context.ts";
import { deployedRecord } from "../../../deploy/deployed-record.ts";
import { pushedMark } from "../../../deploy/pushed-mark.ts";
import type { FunctionView } from "./model.ts";
import type { Parts } from "./part.ts";

/**
 * Hashes, base64 of SHA-256, of the code that the stack's template names, by function, as what is kept for
 * `lmi rollback` tells them: a list each, and no .zip is read. Asked for no more than what was pushed or rolled back;
 * what CloudFormation has published is the stack's.
 */
export async function deployedCodes(
  functions: readonly Pick<FunctionView, "name" | "published">[],
  stack: StackState,
  parts: Parts,
  { aws }: Pick<DeployContext, "aws">,
): Promise<ReadonlyMap<string, string | undefined>> {
  const pushed = functions.filter(({ published }) => pushedMark(published?.description));
  const read = pushed.map(async ({ name }) => {
    const place = { stackId: stack.stackId, functionName: name };
    const kept = await parts.read("code", "s3:ListBucket", () => aws.keptCodes.list(place));
    return [name, kept && deployedRecord(kept, stack)?.codeSha256] as const;
  });
  return new Map(await Promise.all(read));
}

/** @param codes of `deployedCodes`, which may be a minute old by now */
export function isStackCode(
  { name, published }: Pick<FunctionView, "name" | "published">,
  codes: ReadonlyMap<string, string | undefined>,
): boolean | undefined {
  const deployed = codes.get(name);
  const isPushed = pushedMark(published?.description) !== undefined;
  return isPushed && deployed !== undefined ? deployed === published?.codeSha256 : undefined;
}
