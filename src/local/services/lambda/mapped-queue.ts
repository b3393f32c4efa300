import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { latest } from "./documents.ts";
import { invalidParameter } from "./failures.ts";
import { findVersion } from "./function-lookup.ts";
import type { LambdaContext } from "./lambda-context.ts";

/** Queues of other accounts and regions are nowhere here: their mappings are kept and poll nothing. */
export function isOwnQueue(
  arn: string,
  { region, accountId }: Pick<CallContext, "region" | "accountId">,
) {
  return arn.startsWith(`arn:aws:sqs:${region}:${accountId}:`);
}

/** A queue is called by its URL, of which the service looks at the name alone. */
export const queueUrl = (arn: string) => `http://queue/${arn.split(":").slice(4).join("/")}`;

/** The queue must be there, and hide messages at least as long as the function may work on them. */
export async function checkQueue(
  lambda: LambdaContext,
  {
    functionName,
    qualifier,
  }: { readonly functionName: string; readonly qualifier: string | undefined },
  arn: string,
  context: CallContext,
): Promise<void> {
  if (!isOwnQueue(arn, context)) return;
  const hidden = await visibilityTimeout(lambda, arn, context);
  const version = findVersion(lambda, functionName, qualifier ?? latest, context);
  const timeout = version?.configuration.Timeout ?? 3;
  // As seen in philips-labs/terraform-aws-github-runner, issue 465.
  if (hidden < timeout)
    throw invalidParameter(
      `Queue visibility timeout: ${hidden} seconds is less than Function timeout: ${timeout} seconds`,
    );
}

async function visibilityTimeout(
  { target }: LambdaContext,
  arn: string,
  context: CallContext,
): Promise<number> {
  try {
    const { Attributes } = await target.call<{ Attributes?: Readonly<Record<string, string>> }>(
      "sqs",
      "GetQueueAttributes",
      { QueueUrl: queueUrl(arn), AttributeNames: ["VisibilityTimeout"] },
      context,
    );
    return Number(Attributes?.["VisibilityTimeout"]);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "QueueDoesNotExist") throw error;
    throw invalidParameter(
      "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
    );
  }
}
