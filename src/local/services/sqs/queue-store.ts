import type { CallContext, TargetContext } from "../../service.ts";
import type { Collection } from "../../state.ts";
import type { Counts } from "./queue-attributes.ts";
import { attributeMs, type MessageDocument, type QueueDocument } from "./queue.ts";
import { queueDoesNotExist } from "./sqs-errors.ts";

type Place = Pick<CallContext, "region">;

/**
 * Queues and their messages. Messages are kept one document each; which belong to a queue, in their order, is known in
 * memory.
 */
export class QueueStore {
  readonly queues: Collection<QueueDocument>;
  readonly #messages: Collection<MessageDocument>;
  readonly #byQueue = new Map<string, Map<number, MessageDocument>>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #target: TargetContext;

  constructor(target: TargetContext) {
    this.#target = target;
    this.queues = target.state.collection("sqs.queues");
    this.#messages = target.state.collection("sqs.messages");
    const kept = this.#messages
      .entries()
      .toSorted((one, other) => one.document.sequence - other.document.sequence);
    for (const { region, document } of kept)
      this.#of({ region }, document.queue).set(document.sequence, document);
  }

  queue(name: string, { region }: Place): QueueDocument {
    const queue = this.queues.get(region, name);
    if (!queue) throw queueDoesNotExist();
    return queue;
  }

  put(queue: QueueDocument, { region }: Place): void {
    this.queues.put(region, queue.name, queue);
  }

  /** In their order, without those that are older than the queue keeps them. */
  messages(queue: QueueDocument, place: Place): MessageDocument[] {
    const oldest = this.now() - attributeMs(queue, "MessageRetentionPeriod");
    const kept: MessageDocument[] = [];
    for (const message of this.#of(place, queue.name).values()) {
      if (message.sentAt > oldest) kept.push(message);
      else this.remove(message, place);
    }
    return kept;
  }

  message(queue: string, sequence: number, place: Place): MessageDocument | undefined {
    return this.#of(place, queue).get(sequence);
  }

  putMessage(message: MessageDocument, place: Place): void {
    this.#messages.put(place.region, idOf(message), message);
    this.#of(place, message.queue).set(message.sequence, message);
    this.#wake(place, message.queue);
  }

  remove(message: MessageDocument, place: Place): void {
    this.#messages.delete(place.region, idOf(message));
    this.#of(place, message.queue).delete(message.sequence);
    // The next of its group may be received now.
    this.#wake(place, message.queue);
  }

  purge(name: string, place: Place): void {
    for (const message of this.#of(place, name).values()) this.remove(message, place);
  }

  drop(name: string, place: Place): void {
    this.purge(name, place);
    this.queues.delete(place.region, name);
    this.#wake(place, name);
  }

  counts(queue: QueueDocument, place: Place): Counts {
    const now = this.now();
    const all = this.messages(queue, place);
    const hidden = all.filter(({ visibleAt }) => visibleAt > now);
    const inFlight = hidden.filter(({ receives }) => receives > 0).length;
    return {
      visible: all.length - hidden.length,
      delayed: hidden.length - inFlight,
      inFlight,
    };
  }

  now(): number {
    return this.#target.clock.now().getTime();
  }

  transaction<T>(work: () => T): T {
    return this.#target.state.transaction(work);
  }

  /** Waits until something changes in the queue, at most so long. */
  async change(name: string, milliseconds: number, context: CallContext): Promise<void> {
    const ended = new AbortController();
    const wake = () => ended.abort();
    const key = keyOf(context, name);
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting.add(wake));
    context.signal.addEventListener("abort", wake, { once: true });
    try {
      await this.#target.clock.sleep(milliseconds, ended.signal);
    } finally {
      context.signal.removeEventListener("abort", wake);
      waiting.delete(wake);
    }
  }

  #wake(place: Place, name: string): void {
    for (const wake of this.#waiting.get(keyOf(place, name)) ?? []) wake();
  }

  #of(place: Place, name: string): Map<number, MessageDocument> {
    const key = keyOf(place, name);
    const known = this.#byQueue.get(key);
    if (known) return known;
    const made = new Map<number, MessageDocument>();
    this.#byQueue.set(key, made);
    return made;
  }
}

const keyOf = ({ region }: Place, name: string) => `${region}/${name}`;
const idOf = ({ queue, sequence }: MessageDocument) => `${queue}/${sequence}`;
