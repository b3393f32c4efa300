import type { CallContext } from "../../service.ts";

/** A queue as it is kept. */
export interface QueueDocument {
  readonly name: string;
  /** Those that can be set, as SQS gives them: text. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Number of the last message. */
  readonly sent: number;
  /** FIFO: deduplication ids of the last five minutes. */
  readonly recent: readonly Deduplication[];
}

export interface Deduplication {
  readonly id: string;
  readonly at: number;
  readonly messageId: string;
  readonly sequence: number;
}

export interface AttributeValue {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** Base64. */
  readonly binary?: string | undefined;
}

/** A message as it is kept. It is in flight while it is hidden and was received. */
export interface MessageDocument {
  readonly queue: string;
  /** Its place in the queue. */
  readonly sequence: number;
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  readonly traceHeader?: string | undefined;
  readonly senderId: string;
  readonly sentAt: number;
  /** Hidden until then. */
  readonly visibleAt: number;
  readonly receives: number;
  readonly firstReceivedAt?: number | undefined;
  /** The last handle that was given out. */
  readonly receipt?: string | undefined;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** ARN of the queue that it was moved from. */
  readonly deadLetterSource?: string | undefined;
}

export const isFifo = ({ name }: Pick<QueueDocument, "name">) => name.endsWith(".fifo");

export const queueArn = (name: string, { region, accountId }: CallContext) =>
  `arn:aws:sqs:${region}:${accountId}:${name}`;

/** Seconds, from an attribute that always has a value. */
export const attributeMs = ({ attributes }: QueueDocument, name: string) =>
  Number(attributes[name] ?? 0) * 1000;

export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export function redriveOf({ attributes }: QueueDocument): Redrive | undefined {
  const text = attributes["RedrivePolicy"];
  if (text === undefined) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(text) as Record<string, unknown>;
  return {
    deadLetterTargetArn: String(deadLetterTargetArn),
    maxReceiveCount: Number(maxReceiveCount),
  };
}

/** A FIFO queue's number of a message: 20 digits (Amazon SQS developer guide, FIFO message identifiers). */
export const sequenceNumber = (sequence: number) =>
  String(18_850_000_000_000_000_000n + BigInt(sequence) * 256n);
