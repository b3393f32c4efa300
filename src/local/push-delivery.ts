import { randomUUID } from "node:crypto";
import type { CallContext, TargetContext } from "./service.ts";
import { ServiceError } from "./service-error.ts";

/** Between attempts: doubled each time, with this much at most. AWS says "exponential backoff" and no numbers. */
const firstBackoffMs = 1000;
const longestBackoffMs = 300_000;

/** Something that a source sends to a function. */
export interface Push {
  /** What sends, for the target's log: `The schedule nightly`. */
  readonly from: string;
  /** `scheduler`, as in its service principal. */
  readonly service: string;
  readonly region: string;
  readonly functionArn: string;
  readonly payload: (attempt: number) => string;
  /** Attempts after the first. */
  readonly retries: number;
  readonly maxAgeMs: number;
}

/**
 * Sources that push call functions asynchronously: once Lambda has taken the event, it is Lambda's, and survives a
 * restart. Where Lambda refuses it, it is tried again until it is too old or was tried often enough.
 */
export class PushDelivery {
  readonly #target: TargetContext;
  readonly #closing = new AbortController();
  readonly #work = new Set<Promise<void>>();

  constructor(target: TargetContext) {
    this.#target = target;
  }

  /** Resolves after the first attempt; further ones go on beside. */
  async send(push: Push): Promise<void> {
    const until = this.#target.clock.now().getTime() + push.maxAgeMs;
    const refusal = await this.#attempt(push, 1);
    if (!refusal) return;
    const running: Promise<void> = this.#again(push, until, refusal)
      .catch((error: unknown) => this.#target.log(`${push.from} failed: ${String(error)}`))
      .finally(() => this.#work.delete(running));
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
      if (isLast || this.#closing.signal.aborted) return this.#lost(push, refusal);
      await clock.sleep(pause, this.#closing.signal);
      refusal = await this.#attempt(push, attempt);
    }
  }

  async #attempt(push: Push, attempt: number): Promise<ServiceError | undefined> {
    const { functionArn: FunctionName, region, service } = push;
    const context: CallContext = {
      region,
      accountId: this.#target.accountId,
      requestId: randomUUID(),
      accessKeyId: `${service}.amazonaws.com`,
      signal: this.#closing.signal,
    };
    const Payload = Buffer.from(push.payload(attempt));
    const input = { FunctionName, InvocationType: "Event", Payload };
    try {
      await this.#target.call("lambda", "Invoke", input, context);
      return undefined;
    } catch (error) {
      if (error instanceof ServiceError) return error;
      throw error;
    }
  }

  #lost({ from, functionArn }: Push, { code, message }: ServiceError): void {
    this.#target.log(`${from} lost an event for ${functionArn}: ${code}: ${message}`);
  }
}
