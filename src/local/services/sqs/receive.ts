import { randomUUID } from "node:crypto";
import type { CallContext } from "../../service.ts";
import type { QueueStore } from "./queue-store.ts";
import {
  attributeMs,
  isFifo,
  type MessageDocument,
  queueArn,
  type QueueDocument,
  redriveOf,
} from "./queue.ts";
import { invalidReceipt } from "./sqs-errors.ts";

export interface ReceiveWish {
  readonly most: number;
  readonly waitMs: number;
  readonly visibilityMs: number | undefined;
}

/** Takes messages that are visible, and hides them; waits for the first one as long as is wished. */
export async function receive(
  store: QueueStore,
  name: string,
  { most, waitMs, visibilityMs }: ReceiveWish,
  context: CallContext,
): Promise<MessageDocument[]> {
  const deadline = store.now() + waitMs;
  for (;;) {
    // Nobody is there any more to whom a message could be given.
    if (context.signal.aborted) return [];
    const queue = store.queue(name, context);
    const hideMs = visibilityMs ?? attributeMs(queue, "VisibilityTimeout");
    const { taken, nextAt } = store.transaction(() => take(store, queue, most, hideMs, context));
    const now = store.now();
    if (taken.length > 0 || deadline <= now) return taken;
    // It is looked again after each wait.
    await store.change(name, Math.min(deadline, nextAt) - now, context);
  }
}

interface Taken {
  readonly taken: MessageDocument[];
  /** When the first of the messages that are hidden is visible again, as far as the queue was walked. */
  readonly nextAt: number;
}

function take(
  store: QueueStore,
  queue: QueueDocument,
  most: number,
  hideMs: number,
  context: CallContext,
): Taken {
  const now = store.now();
  const messages = store.messages(queue, context);
  const busy = busyGroups(queue, messages, now);
  const taken: MessageDocument[] = [];
  let nextAt = Infinity;
  for (const message of messages) {
    if (taken.length >= most) break;
    if (message.visibleAt > now) nextAt = Math.min(nextAt, message.visibleAt);
    if (message.visibleAt > now || busy.has(message.groupId ?? "")) continue;
    if (moveToDeadLetters(store, queue, message, context)) continue;
    const received = {
      ...message,
      receives: message.receives + 1,
      firstReceivedAt: message.firstReceivedAt ?? now,
      visibleAt: now + hideMs,
      receipt: newReceipt(message, context),
    };
    store.putMessage(received, context);
    taken.push(received);
  }
  return { taken, nextAt };
}

/** While messages of a group are in flight, no others of it are given out (developer guide, FIFO delivery logic). */
function busyGroups(
  queue: QueueDocument,
  messages: readonly MessageDocument[],
  now: number,
): ReadonlySet<string> {
  if (!isFifo(queue)) return new Set();
  const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
  return new Set(hidden.map(({ groupId }) => groupId ?? ""));
}

/** A message that was received as often as the redrive policy allows goes to the dead-letter queue instead. */
function moveToDeadLetters(
  store: QueueStore,
  queue: QueueDocument,
  message: MessageDocument,
  context: CallContext,
): boolean {
  const redrive = redriveOf(queue);
  if (!redrive || message.receives < redrive.maxReceiveCount) return false;
  const name = redrive.deadLetterTargetArn.slice(redrive.deadLetterTargetArn.lastIndexOf(":") + 1);
  const target = store.queues.get(context.region, name);
  // As on AWS, a message stays where its dead-letter queue is gone.
  if (!target) return false;
  const sequence = target.sent + 1;
  store.put({ ...target, sent: sequence }, context);
  store.remove(message, context);
  store.putMessage(
    {
      ...message,
      queue: name,
      sequence,
      visibleAt: store.now(),
      receipt: undefined,
      deadLetterSource: queueArn(queue.name, context),
    },
    context,
  );
  return true;
}

/** Names the message and, by chance, this one time that it was received. */
const newReceipt = ({ queue, sequence }: MessageDocument, { region }: CallContext) =>
  Buffer.from(JSON.stringify([region, queue, sequence, randomUUID()])).toString("base64");

/** The message that a handle is the newest one of; undefined for what is gone, or was received again since. */
export function messageOf(
  store: QueueStore,
  queue: QueueDocument,
  handle: string | undefined,
  context: CallContext,
): MessageDocument | undefined {
  const [, name, sequence] = parts(handle ?? "");
  if (name !== queue.name) throw invalidReceipt(handle ?? "");
  const message = store.message(queue.name, Number(sequence), context);
  return message?.receipt === handle ? message : undefined;
}

function parts(handle: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(handle, "base64").toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
