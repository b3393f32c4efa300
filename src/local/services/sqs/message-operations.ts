import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchRequestEntry,
  ChangeMessageVisibilityRequest,
  DeleteMessageBatchRequest,
  DeleteMessageRequest,
  Message,
  ReceiveMessageRequest,
  SendMessageBatchRequest,
  SendMessageRequest,
} from "@aws-sdk/client-sqs";
import type { CallContext, Operation } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { batch } from "./batch.ts";
import { askedAttributes, attributesMd5, givenAttributes, md5 } from "./message-attributes.ts";
import { find } from "./queue-operations.ts";
import type { QueueStore } from "./queue-store.ts";
import {
  attributeMs,
  isFifo,
  type MessageDocument,
  type QueueDocument,
  sequenceNumber,
} from "./queue.ts";
import { messageOf, receive, type ReceiveWish } from "./receive.ts";
import { send } from "./send.ts";
import { invalidParameter } from "./sqs-errors.ts";

export function messageOperations(store: QueueStore): Record<string, Operation> {
  return {
    async SendMessage(input: SendMessageRequest, context: CallContext) {
      return send(store, find(store, input, context).name, input, context);
    },

    async SendMessageBatch(input: SendMessageBatchRequest, context: CallContext) {
      const { name } = find(store, input, context);
      return batch(input.Entries, (entry) => send(store, name, entry, context));
    },

    async ReceiveMessage(input: ReceiveMessageRequest, context: CallContext) {
      const queue = find(store, input, context);
      const taken = await receive(store, queue.name, wish(queue, input), context);
      return {
        Messages: taken.length === 0 ? undefined : taken.map((each) => shown(queue, each, input)),
      };
    },

    ...receivedOperations(store),
  };
}

/** Of messages that were received, by their handles. */
function receivedOperations(store: QueueStore): Record<string, Operation> {
  const remove = (queue: QueueDocument, handle: string | undefined, context: CallContext) => {
    const message = messageOf(store, queue, handle, context);
    if (message) store.remove(message, context);
    return {};
  };
  const hide = (queue: QueueDocument, input: Hiding, context: CallContext) => {
    const seconds = range("VisibilityTimeout", input.VisibilityTimeout ?? 0, 0, 43_200);
    const message = messageOf(store, queue, input.ReceiptHandle, context);
    const now = store.now();
    if (!message || message.visibleAt <= now) throw notInFlight();
    store.putMessage({ ...message, visibleAt: now + seconds * 1000 }, context);
    return {};
  };
  return {
    async DeleteMessage(input: DeleteMessageRequest, context: CallContext) {
      return remove(find(store, input, context), input.ReceiptHandle, context);
    },

    async DeleteMessageBatch(input: DeleteMessageBatchRequest, context: CallContext) {
      const queue = find(store, input, context);
      return batch(input.Entries, ({ ReceiptHandle }) => remove(queue, ReceiptHandle, context));
    },

    async ChangeMessageVisibility(input: ChangeMessageVisibilityRequest, context: CallContext) {
      return hide(find(store, input, context), input, context);
    },

    async ChangeMessageVisibilityBatch(
      input: ChangeMessageVisibilityBatchRequest,
      context: CallContext,
    ) {
      const queue = find(store, input, context);
      return batch(input.Entries, (entry) => hide(queue, entry, context));
    },
  };
}

type Hiding = Pick<ChangeMessageVisibilityBatchRequestEntry, "ReceiptHandle" | "VisibilityTimeout">;

function wish(queue: QueueDocument, input: ReceiveMessageRequest): ReceiveWish {
  const { MaxNumberOfMessages = 1, WaitTimeSeconds, VisibilityTimeout } = input;
  return {
    most: range("MaxNumberOfMessages", MaxNumberOfMessages, 1, 10),
    waitMs:
      WaitTimeSeconds === undefined
        ? attributeMs(queue, "ReceiveMessageWaitTimeSeconds")
        : range("WaitTimeSeconds", WaitTimeSeconds, 0, 20) * 1000,
    visibilityMs:
      VisibilityTimeout === undefined
        ? undefined
        : range("VisibilityTimeout", VisibilityTimeout, 0, 43_200) * 1000,
  };
}

function shown(
  queue: QueueDocument,
  message: MessageDocument,
  { AttributeNames = [], MessageSystemAttributeNames = [], ...input }: ReceiveMessageRequest,
): Message {
  const asked = new Set<string>([...AttributeNames, ...MessageSystemAttributeNames]);
  const system = Object.entries(systemAttributes(queue, message)).filter(
    ([name, value]) => value !== undefined && (asked.has("All") || asked.has(name)),
  );
  const own = askedAttributes(message.attributes, input.MessageAttributeNames ?? []);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    Attributes: system.length === 0 ? undefined : Object.fromEntries(system),
    MessageAttributes: Object.keys(own).length === 0 ? undefined : givenAttributes(own),
    MD5OfMessageAttributes: attributesMd5(own),
  };
}

function systemAttributes(queue: QueueDocument, message: MessageDocument) {
  return {
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sentAt),
    SequenceNumber: isFifo(queue) ? sequenceNumber(message.sequence) : undefined,
    MessageDeduplicationId: message.deduplicationId,
    MessageGroupId: message.groupId,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSource,
  };
}

function range(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be >= ${min} and <= ${max}, if provided.`,
  );
}

const notInFlight = () =>
  new ServiceError(
    "MessageNotInflight",
    "The message referred to is not in flight, so its visibility timeout cannot be changed.",
  );
