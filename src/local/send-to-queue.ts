import { randomUUID } from "node:crypto";
import type { MessageAttributeValue, SendMessageRequest } from "@aws-sdk/client-sqs";
import type { TargetContext } from "./service.ts";

export interface QueueMessage {
  readonly queueArn: string;
  readonly region: string;
  /** Who sends, as in its service principal: `sns`. */
  readonly service: string;
  readonly message: Pick<
    SendMessageRequest,
    "MessageAttributes" | "MessageBody" | "MessageDeduplicationId" | "MessageGroupId"
  >;
}

/** Sends a message to a queue of this account, as a service of AWS does; SQS's refusals are thrown. */
export async function sendToQueue(
  target: TargetContext,
  { queueArn, region, service, message }: QueueMessage,
): Promise<void> {
  const caller = {
    region,
    accountId: target.accountId,
    requestId: randomUUID(),
    accessKeyId: `${service}.amazonaws.com`,
    signal: new AbortController().signal,
  };
  const QueueName = queueArn.slice(queueArn.lastIndexOf(":") + 1);
  const { QueueUrl } = await target.call<{ QueueUrl: string }>(
    "sqs",
    "GetQueueUrl",
    { QueueName },
    caller,
  );
  await target.call("sqs", "SendMessage", { QueueUrl, ...message }, caller);
}

/** Texts as a message's attributes; SQS has none that are empty. */
export function textAttributes(
  texts: Readonly<Record<string, string | undefined>>,
): Record<string, MessageAttributeValue> {
  const given = Object.entries(texts).filter(([, text]) => text !== undefined && text !== "");
  return Object.fromEntries(
    given.map(([name, StringValue]) => [name, { DataType: "String", StringValue }]),
  );
}
