import { randomUUID } from "node:crypto";
import type {
  MessageAttributeValue,
  PublishBatchInput,
  PublishBatchRequestEntry,
  PublishInput,
} from "@aws-sdk/client-sns";
import { matchesPattern } from "../../event-pattern.ts";
import type { PushDelivery } from "../../push-delivery.ts";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { existingTopic, invalid, type SnsStore, type SubscriptionDocument } from "./sns-store.ts";

/** Amazon SNS quotas: a message with its attributes, in bytes. */
const maxBytes = 262_144;
/** Amazon SNS developer guide, sns-message-delivery-retries: attempts at endpoints that AWS manages, over 23 days. */
const retries = 100_014;
const maxAgeMs = 23 * 86_400_000;

type Message = Pick<PublishInput, "Message" | "Subject" | "MessageStructure" | "MessageAttributes">;

/** Takes messages, and sends them to the functions and queues that are subscribed. */
export function publishOperations(
  target: TargetContext,
  store: SnsStore,
  delivery: PushDelivery,
): Record<string, Operation> {
  const send = async (message: Message, topic: string, context: CallContext): Promise<string> => {
    const MessageId = randomUUID();
    const sent = { ...message, Message: messageFor(message, "lambda") };
    const all = store.subscriptions
      .list(context.region)
      .filter((each) => each.TopicArn === topic && passes(each, sent));
    await Promise.all(
      all.map((each) => {
        const notification = notificationOf(sent, each, { MessageId, now: target.clock.now() });
        return each.Protocol === "lambda"
          ? invoke(delivery, each, notification, context)
          : enqueue(target, each, { message, notification }, context);
      }),
    );
    return MessageId;
  };
  return {
    async Publish(input: PublishInput, context: CallContext) {
      const { TopicArn } = existingTopic(store, input.TopicArn ?? input.TargetArn, context);
      checkMessage(input);
      return { MessageId: await send(input, TopicArn, context) };
    },

    async PublishBatch(input: PublishBatchInput, context: CallContext) {
      const { TopicArn } = existingTopic(store, input.TopicArn, context);
      const entries = input.PublishBatchRequestEntries ?? [];
      checkBatch(entries);
      const Successful: { Id: string; MessageId: string }[] = [];
      for (const entry of entries) {
        checkMessage(entry);
        // One after the other: who sends several expects them in their order.
        Successful.push({ Id: entry.Id ?? "", MessageId: await send(entry, TopicArn, context) });
      }
      return { Successful, Failed: [] };
    },
  };
}

/** Lambda developer guide, with-sns. */
function invoke(
  delivery: PushDelivery,
  to: SubscriptionDocument,
  Sns: object,
  { region }: CallContext,
): Promise<void> {
  const record = {
    EventSource: "aws:sns",
    EventVersion: "1.0",
    EventSubscriptionArn: to.SubscriptionArn,
    Sns,
  };
  const payload = JSON.stringify({ Records: [record] });
  return delivery.send({
    from: `The topic ${to.TopicArn}`,
    service: "sns",
    region,
    functionArn: to.Endpoint,
    payload: () => payload,
    retries,
    maxAgeMs,
  });
}

/** A queue of this account; one that is not there gets nothing, and the log says so. */
async function enqueue(
  target: TargetContext,
  to: SubscriptionDocument,
  { message, notification }: { readonly message: Message; readonly notification: object },
  context: CallContext,
): Promise<void> {
  const raw = to.attributes["RawMessageDelivery"] === "true";
  const MessageBody = raw ? messageFor(message, "sqs") : JSON.stringify(notification);
  const QueueName = to.Endpoint.split(":").at(-1);
  const caller = { ...context, accessKeyId: "sns.amazonaws.com" };
  try {
    const queue = { QueueName };
    const { QueueUrl } = await target.call<{ QueueUrl: string }>(
      "sqs",
      "GetQueueUrl",
      queue,
      caller,
    );
    await target.call("sqs", "SendMessage", { QueueUrl, MessageBody }, caller);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    target.log(`The topic ${to.TopicArn} lost a message for ${to.Endpoint}: ${error.message}`);
  }
}

function checkMessage({
  Message = "",
  Subject,
  MessageStructure,
  MessageAttributes = {},
}: Message) {
  if (Message === "") throw invalid("Empty message");
  if (Subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(Subject)) throw invalid("Subject");
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = "", StringValue = "" }]) => name + DataType + StringValue,
  );
  if (Buffer.byteLength(Message + attributes.join("")) > maxBytes)
    throw invalid("Message too long");
  if (MessageStructure !== undefined && MessageStructure !== "json")
    throw invalid("MessageStructure");
  if (MessageStructure === "json" && typeof parsed(Message)?.["default"] !== "string")
    throw invalid("Message Structure - No default entry in JSON message body");
}

const refuse = (code: string, text: string) => new ServiceError(code, text, { status: 400 });

function checkBatch(entries: readonly PublishBatchRequestEntry[]): void {
  if (entries.length === 0)
    throw refuse("EmptyBatchRequestException", "The batch request doesn't contain any entries.");
  if (entries.length > 10)
    throw refuse(
      "TooManyEntriesInBatchRequestException",
      "The batch request contains more entries than permissible.",
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw refuse(
      "BatchEntryIdsNotDistinctException",
      "Two or more batch entries in the request have the same Id.",
    );
}

/** With MessageStructure json each kind of endpoint may have a text of its own. */
function messageFor({ Message = "", MessageStructure }: Message, protocol: string): string {
  if (MessageStructure !== "json") return Message;
  const texts = parsed(Message);
  const text = texts?.[protocol] ?? texts?.["default"];
  return typeof text === "string" ? text : "";
}

/** Amazon SNS developer guide, sns-subscription-filter-policies. */
function passes({ attributes }: SubscriptionDocument, message: Message): boolean {
  const { FilterPolicy, FilterPolicyScope } = attributes;
  if (FilterPolicy === undefined) return true;
  const looked =
    FilterPolicyScope === "MessageBody"
      ? parsed(message.Message ?? "")
      : Object.fromEntries(
          Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
            name,
            valueOf(value),
          ]),
        );
  return looked !== undefined && matchesPattern(JSON.parse(FilterPolicy), looked);
}

function valueOf({ DataType = "", StringValue }: MessageAttributeValue): unknown {
  if (DataType.startsWith("Number")) return Number(StringValue);
  if (DataType !== "String.Array") return StringValue;
  try {
    return JSON.parse(StringValue ?? "") as unknown;
  } catch {
    return StringValue;
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Lambda developer guide, with-sns; nothing is signed here. */
function notificationOf(
  { Message, Subject, MessageAttributes = {} }: Message,
  { TopicArn, SubscriptionArn }: SubscriptionDocument,
  { MessageId, now }: { readonly MessageId: string; readonly now: Date },
): object {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        Type: DataType,
        Value: BinaryValue ? Buffer.from(BinaryValue).toString("base64") : StringValue,
      },
    ],
  );
  return {
    Type: "Notification",
    MessageId,
    TopicArn,
    Subject: Subject ?? null,
    Message,
    Timestamp: now.toISOString(),
    SignatureVersion: "1",
    Signature: "EXAMPLE",
    SigningCertUrl: "EXAMPLE",
    UnsubscribeUrl: `EXAMPLE/?Action=Unsubscribe&SubscriptionArn=${SubscriptionArn}`,
    MessageAttributes: Object.fromEntries(attributes) as object,
  };
}
