import { randomUUID } from "node:crypto";
import type {
  MessageAttributeValue,
  PublishBatchInput,
  PublishBatchRequestEntry,
  PublishInput,
} from "@aws-sdk/client-sns";
import { jsonRecord } from "../../json-record.ts";
import { matchesPattern } from "../../event-pattern.ts";
import type { DeadLetters, PushDelivery } from "../../push-delivery.ts";
import { sendToQueue } from "../../send-to-queue.ts";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { existingTopic, invalid, type SnsStore, type SubscriptionDocument } from "./sns-store.ts";

/** Amazon SNS quotas: a message with its attributes, in bytes. */
const maxBytes = 262_144;
/** Amazon SNS developer guide, sns-message-delivery-retries: attempts at endpoints that AWS manages, over 23 days. */
const retries = 100_014;
const maxAgeMs = 23 * 86_400_000;

type Message = Pick<
  PublishInput,
  | "Message"
  | "MessageAttributes"
  | "MessageDeduplicationId"
  | "MessageGroupId"
  | "MessageStructure"
  | "Subject"
>;

/** Takes messages, and sends them to the functions and queues that are subscribed. */
export function publishOperations(
  target: TargetContext,
  store: SnsStore,
  delivery: PushDelivery,
): Record<string, Operation> {
  const send = async (message: Message, topic: string, context: CallContext): Promise<string> => {
    const MessageId = randomUUID();
    const all = store.subscriptions
      .list(context.region)
      .filter((each) => each.TopicArn === topic)
      // Each kind of endpoint may have a text of its own.
      .map((to) => ({ to, own: { ...message, Message: messageFor(message, to.Protocol) } }))
      .filter(({ to, own }) => passes(to, own));
    await Promise.all(
      all.map(({ to, own }) => {
        const notification = notificationOf(own, to, { MessageId, now: target.clock.now() });
        return to.Protocol === "lambda"
          ? invoke(delivery, to, notification, context)
          : enqueue(target, to, { message: own, notification }, context);
      }),
    );
    return MessageId;
  };
  return {
    async Publish(input: PublishInput, context: CallContext) {
      const { TopicArn } = existingTopic(store, input.TopicArn ?? input.TargetArn, context);
      const refusal = messageProblem(input);
      if (refusal) throw refusal;
      return { MessageId: await send(input, TopicArn, context) };
    },

    async PublishBatch(input: PublishBatchInput, context: CallContext) {
      const { TopicArn } = existingTopic(store, input.TopicArn, context);
      const entries = input.PublishBatchRequestEntries ?? [];
      checkBatch(entries);
      const refusals = entries.map((entry) => ({ entry, refusal: messageProblem(entry) }));
      const Successful: { Id: string; MessageId: string }[] = [];
      for (const { entry, refusal } of refusals) {
        if (refusal) continue;
        // One after the other: who sends several expects them in their order.
        Successful.push({ Id: entry.Id ?? "", MessageId: await send(entry, TopicArn, context) });
      }
      const Failed = refusals.flatMap(({ entry: { Id }, refusal }) =>
        refusal
          ? [{ Id, Code: "InvalidParameter", Message: refusal.message, SenderFault: true }]
          : [],
      );
      return { Successful, Failed };
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
    deadLetters: deadLettersOf(to, JSON.stringify(Sns)),
  });
}

/** Amazon SNS developer guide, sns-configure-dead-letter-queue. */
function deadLettersOf(
  { attributes: { RedrivePolicy } }: SubscriptionDocument,
  body: string,
): DeadLetters | undefined {
  const queueArn = jsonRecord(RedrivePolicy ?? "")?.["deadLetterTargetArn"];
  if (typeof queueArn !== "string") return undefined;
  return { queueArn, body, attributes: deadLetterAttributes };
}

const deadLetterAttributes: DeadLetters["attributes"] = ({ code, message }) => ({
  ErrorCode: code,
  ErrorMessage: message,
});

/** A queue of this account; one that is not there gets nothing, and the log says so. */
async function enqueue(
  target: TargetContext,
  to: SubscriptionDocument,
  { message, notification }: { readonly message: Message; readonly notification: object },
  { region }: CallContext,
): Promise<void> {
  const raw = to.attributes["RawMessageDelivery"] === "true";
  const fifo = to.Endpoint.endsWith(".fifo") ? pickFifo(message) : {};
  const body = raw
    ? { MessageBody: message.Message, MessageAttributes: queueAttributes(message) }
    : { MessageBody: JSON.stringify(notification) };
  try {
    await sendToQueue(target, {
      queueArn: to.Endpoint,
      region,
      service: "sns",
      message: { ...body, ...fifo },
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    target.log(`The topic ${to.TopicArn} lost a message for ${to.Endpoint}: ${error.message}`);
  }
}

const pickFifo = ({ MessageGroupId, MessageDeduplicationId }: Message) => ({
  ...(MessageGroupId === undefined ? {} : { MessageGroupId }),
  ...(MessageDeduplicationId === undefined ? {} : { MessageDeduplicationId }),
});

/** With raw delivery a message's attributes are the queue's; SQS has no lists (sns-large-payload-raw-message-delivery). */
const queueAttributes = ({ MessageAttributes = {} }: Message) =>
  Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { DataType = "", ...value }]) => [
      name,
      { ...value, DataType: DataType === "String.Array" ? "String" : DataType },
    ]),
  );

function messageProblem(message: Message): ServiceError | undefined {
  const { Message = "", Subject, MessageStructure } = message;
  if (Message === "") return invalid("Empty message");
  if (Subject !== undefined && !/^[\x20-\x7e]{1,100}$/.test(Subject)) return invalid("Subject");
  if (sizeOf(message) > maxBytes) return invalid("Message too long");
  if (MessageStructure !== undefined && MessageStructure !== "json")
    return invalid("MessageStructure");
  if (MessageStructure === "json" && typeof jsonRecord(Message)?.["default"] !== "string")
    return invalid("Message Structure - No default entry in JSON message body");
  return undefined;
}

function sizeOf({ Message = "", MessageAttributes = {} }: Message): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = "", StringValue = "", BinaryValue }]) =>
      Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
  );
  return attributes.reduce((sum, size) => sum + size, Buffer.byteLength(Message));
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
  const texts = jsonRecord(Message);
  const text = texts?.[protocol] ?? texts?.["default"];
  return typeof text === "string" ? text : "";
}

/** Amazon SNS developer guide, sns-subscription-filter-policies. */
function passes({ attributes }: SubscriptionDocument, message: Message): boolean {
  const { FilterPolicy, FilterPolicyScope } = attributes;
  if (FilterPolicy === undefined) return true;
  const looked =
    FilterPolicyScope === "MessageBody"
      ? jsonRecord(message.Message ?? "")
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
