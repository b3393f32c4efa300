import { randomUUID } from "node:crypto";
import { jsonRecord } from "./json-record.ts";
import { sendToQueue, textAttributes } from "./send-to-queue.ts";
import type { CallContext, ServiceName, TargetContext } from "./service.ts";
import { ServiceError } from "./service-error.ts";

/** Between attempts: doubled each time, with this much at most. AWS says "exponential backoff" and no numbers. */
const firstBackoffMs = 1000;
const longestBackoffMs = 300_000;

/**
 * Refusals that no attempt changes. Sources do not try again where the function is gone, they have no permission or the
 * request is wrong (Amazon SNS developer guide, sns-dead-letter-queues; EventBridge user guide, eb-rule-dlq).
 */
const lasting: ReadonlySet<string> = new Set([
  "AccessDeniedException",
  "InvalidParameterValueException",
  "InvalidRequestContentException",
  "NotImplemented",
  "RequestTooLargeException",
  "ResourceNotFoundException",
]);
/** What waits for further attempts is in memory: so much at most, of each service that sends. */
const mostWaiting = 1000;
const mostWaitingBytes = 32 * 1024 * 1024;

/** An operation of a service; its input is the payload, a JSON object in the words of AWS's API. */
export interface PushedOperation {
  readonly service: ServiceName;
  readonly name: string;
}

/** Something that a source sends to a function, or asks of another service. */
export interface Push {
  /** What sends, for the target's log: `The schedule nightly`. */
  readonly from: string;
  /** `scheduler`, as in its service principal. */
  readonly service: string;
  readonly region: string;
  /** Where it goes. */
  readonly functionArn: string;
  /** What is called at `functionArn`, which then is none of a function. */
  readonly operation?: PushedOperation | undefined;
  readonly payload: (attempt: number) => string;
  /** Attempts after the first. */
  readonly retries: number;
  readonly maxAgeMs: number;
  /** Where it goes when it is lost. */
  readonly deadLetters?: DeadLetters | undefined;
}

export interface DeadLetters {
  readonly queueArn: string;
  readonly body: string;
  /** Attributes of the message, from the refusal and the number of attempts after the first. */
  readonly attributes: (refusal: ServiceError, retries: number) => Record<string, string>;
}

/**
 * Sources that push call functions asynchronously: once Lambda has taken the event, it is Lambda's, and survives a
 * restart. Where Lambda refuses it, it is tried again until it is too old or was tried often enough.
 */
export class PushDelivery {
  readonly #target: TargetContext;
  readonly #closing = new AbortController();
  readonly #work = new Set<Promise<void>>();
  #waitingBytes = 0;

  constructor(target: TargetContext) {
    this.#target = target;
  }

  /** Resolves after the first attempt; further ones go on beside. */
  async send(push: Push): Promise<void> {
    const until = this.#target.clock.now().getTime() + push.maxAgeMs;
    const refusal = this.#closing.signal.aborted ? stopping() : await this.#attempt(push, 1);
    if (!refusal) return;
    if (lasting.has(refusal.code) || this.#closing.signal.aborted)
      return this.#lost(push, refusal, 1);
    const bytes = Buffer.byteLength(push.payload(1));
    if (this.#work.size >= mostWaiting || this.#waitingBytes + bytes > mostWaitingBytes)
      return this.#lost(push, tooMany(refusal), 1);
    this.#waitingBytes += bytes;
    const running: Promise<void> = this.#again(push, until, refusal)
      .catch((error: unknown) => this.#target.log(`${push.from} failed: ${String(error)}`))
      .finally(() => {
        this.#waitingBytes -= bytes;
        this.#work.delete(running);
      });
    this.#work.add(running);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#work);
  }

  async #again(push: Push, until: number, first: ServiceError): Promise<void> {
    const { clock } = this.#target;
    let refusal: ServiceError | undefined = first;
    for (let attempt = 2; refusal; attempt += 1) {
      const pause = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (attempt - 2));
      const isLast = attempt > push.retries + 1 || clock.now().getTime() + pause > until;
      if (isLast || lasting.has(refusal.code)) return this.#lost(push, refusal, attempt - 1);
      await clock.sleep(pause, this.#closing.signal);
      if (this.#closing.signal.aborted) return this.#lost(push, refusal, attempt - 1);
      refusal = await this.#attempt(push, attempt);
    }
  }

  async #attempt(push: Push, attempt: number): Promise<ServiceError | undefined> {
    const { region, service } = push;
    const context: CallContext = {
      region,
      accountId: this.#target.accountId,
      requestId: randomUUID(),
      accessKeyId: `${service}.amazonaws.com`,
      signal: this.#closing.signal,
    };
    try {
      const { operation, input } = requestOf(push, attempt);
      await this.#target.call(operation.service, operation.name, input, context);
      return undefined;
    } catch (error) {
      if (error instanceof ServiceError) return error;
      throw error;
    }
  }

  /** While the target stops nothing more is sent, to dead-letter queues neither. */
  async #lost(push: Push, refusal: ServiceError, attempts: number): Promise<void> {
    const { from, functionArn, region, service, deadLetters } = push;
    const why = `${refusal.code}: ${refusal.message}`;
    if (!deadLetters || this.#closing.signal.aborted)
      return this.#target.log(`${from} lost an event for ${functionArn}: ${why}`);
    const { queueArn, body: MessageBody, attributes } = deadLetters;
    const MessageAttributes = textAttributes(attributes(refusal, attempts - 1));
    const message = { MessageBody, MessageAttributes };
    try {
      await sendToQueue(this.#target, { queueArn, region, service, message });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.#target.log(
        `${from} lost an event for ${functionArn}: ${why}; and ${queueArn} did not take it: ${error.message}`,
      );
    }
  }
}

const invoke: PushedOperation = { service: "lambda", name: "Invoke" };

function requestOf(push: Push, attempt: number): { operation: PushedOperation; input: object } {
  const payload = push.payload(attempt);
  if (push.operation) return { operation: push.operation, input: parsedInput(payload) };
  const Payload = Buffer.from(payload);
  const input = { FunctionName: push.functionArn, InvocationType: "Event", Payload };
  return { operation: invoke, input };
}

function parsedInput(text: string): object {
  const input = jsonRecord(text);
  if (input) return input;
  throw new ServiceError("InvalidRequestContentException", "The input is no JSON object.");
}

const stopping = () => new ServiceError("ServiceException", "The local target is being stopped");

const tooMany = ({ code, message }: ServiceError) =>
  new ServiceError(code, `${message} (too many wait for another attempt)`);
