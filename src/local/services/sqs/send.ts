import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import { createHash, randomUUID } from "node:crypto";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { attributesMd5, attributesSize, keptAttributes, md5 } from "./message-attributes.ts";
import type { QueueStore } from "./queue-store.ts";
import {
  attributeMs,
  isFifo,
  type AttributeValue,
  type QueueDocument,
  sequenceNumber,
} from "./queue.ts";
import { invalidParameter, missingParameter } from "./sqs-errors.ts";

export interface Sendable {
  readonly MessageBody?: string | undefined;
  readonly DelaySeconds?: number | undefined;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
  readonly MessageSystemAttributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
  readonly MessageDeduplicationId?: string | undefined;
  readonly MessageGroupId?: string | undefined;
}

/** Amazon SQS developer guide, exactly-once processing: the same id again within five minutes is no new message. */
const deduplicationMs = 300_000;

/** Puts one message into a queue, and answers what SendMessage does. */
export function send(store: QueueStore, name: string, input: Sendable, context: CallContext) {
  const queue = store.queue(name, context);
  const attributes = keptAttributes(input.MessageAttributes);
  const body = checkedBody(queue, input.MessageBody, attributes);
  const { groupId, deduplicationId } = fifoPart(queue, input, body);
  const now = store.now();
  const recent = queue.recent.filter(({ at }) => at > now - deduplicationMs);
  const scope = queue.attributes["DeduplicationScope"] === "messageGroup" ? `${groupId}/` : "";
  const id = deduplicationId === undefined ? undefined : scope + deduplicationId;
  const same = id === undefined ? undefined : recent.find((each) => each.id === id);
  const sequence = same?.sequence ?? queue.sent + 1;
  const messageId = same?.messageId ?? randomUUID();
  if (!same) {
    store.transaction(() => {
      const added = id === undefined ? [] : [{ id, at: now, messageId, sequence }];
      store.put({ ...queue, sent: sequence, recent: [...recent, ...added] }, context);
      store.putMessage(
        {
          queue: name,
          sequence,
          messageId,
          body,
          attributes,
          traceHeader: input.MessageSystemAttributes?.["AWSTraceHeader"]?.StringValue,
          senderId: context.accessKeyId,
          sentAt: now,
          visibleAt: now + delayMs(queue, input.DelaySeconds),
          receives: 0,
          groupId,
          deduplicationId,
        },
        context,
      );
    });
  }
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(body),
    MD5OfMessageAttributes: attributesMd5(attributes),
    MD5OfMessageSystemAttributes: attributesMd5(keptAttributes(input.MessageSystemAttributes)),
    SequenceNumber: isFifo(queue) ? sequenceNumber(sequence) : undefined,
  };
}

/** Of Unicode, SQS takes what XML 1.0 does (Amazon SQS API, SendMessage). */
const allowed = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

function checkedBody(
  queue: QueueDocument,
  body: string | undefined,
  attributes: Readonly<Record<string, AttributeValue>>,
): string {
  if (body === undefined || body === "") throw missingParameter("MessageBody");
  if (!allowed.test(body))
    throw new ServiceError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  const most = Number(queue.attributes["MaximumMessageSize"]);
  if (Buffer.byteLength(body) + attributesSize(attributes) > most)
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  return body;
}

function fifoPart(queue: QueueDocument, input: Sendable, body: string) {
  const { MessageGroupId: groupId, MessageDeduplicationId: given } = input;
  if (!isFifo(queue)) {
    if (given === undefined) return { groupId, deduplicationId: undefined };
    throw invalidParameter(
      `Value ${given} for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.`,
    );
  }
  if (groupId === undefined) throw missingParameter("MessageGroupId");
  if (input.DelaySeconds !== undefined && input.DelaySeconds > 0)
    throw invalidParameter(
      `Value ${input.DelaySeconds} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  const byContent = queue.attributes["ContentBasedDeduplication"] === "true";
  if (given === undefined && !byContent)
    throw invalidParameter(
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  const content = () => createHash("sha256").update(body).digest("hex");
  return { groupId, deduplicationId: given ?? content() };
}

function delayMs(queue: QueueDocument, seconds: number | undefined): number {
  if (seconds === undefined) return attributeMs(queue, "DelaySeconds");
  if (seconds >= 0 && seconds <= 900) return seconds * 1000;
  throw invalidParameter(
    `Value ${seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
  );
}
