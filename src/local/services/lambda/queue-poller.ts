import type { Message } from "@aws-sdk/client-sqs";
import { randomUUID } from "node:crypto";
import type { InvocationResult } from "../../runtime/invocation.ts";
import { ServiceError } from "../../service-error.ts";
import { runFunction } from "./function-run.ts";
import type { Routes } from "./invoke-route.ts";
import type { LambdaContext } from "./lambda-context.ts";
import { ownCall } from "./lambda-context.ts";
import { maxSyncPayload } from "./limits.ts";
import { queueUrl } from "./mapped-queue.ts";
import type { MappingDocument } from "./mapping-document.ts";
import { failedItems, passes, queueRecord } from "./queue-records.ts";

/** Batches at once with which Lambda begins (Lambda developer guide, services-sqs-scaling); here it stays at that. */
const usualConcurrency = 5;
/** Longest that SQS lets a receiver wait. */
const longestWaitSeconds = 20;
/** Before it is tried again to receive, or to call a function that has no room. */
const firstPauseMs = 1000;
const longestPauseMs = 30_000;

interface Place {
  readonly region: string;
  readonly uuid: string;
  readonly arn: string;
}

interface Item {
  readonly message: Message;
  readonly record: object;
}

/** Receives the messages of one queue in batches, and calls the function with them, as Lambda's pollers do. */
export class QueuePoller {
  readonly #lambda: LambdaContext;
  readonly #routes: Routes;
  readonly #place: Place;
  readonly #running = new Set<Promise<void>>();

  constructor(lambda: LambdaContext, routes: Routes, place: Place) {
    this.#lambda = lambda;
    this.#routes = routes;
    this.#place = place;
  }

  /** Until it is told to stop, and what it had begun has ended. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const mapping = this.#mapping();
      if (!mapping) break;
      try {
        await this.#next(mapping, signal);
        failures = 0;
      } catch (error) {
        this.#lambda.target.log(`Polling ${this.#place.arn} failed: ${String(error)}`);
        await this.#pause(failures, signal);
        failures += 1;
      }
    }
    await Promise.all(this.#running);
  }

  async #next(mapping: MappingDocument, signal: AbortSignal): Promise<void> {
    const most = mapping.settings.ScalingConfig?.MaximumConcurrency ?? usualConcurrency;
    if (this.#running.size >= most) await Promise.race(this.#running);
    const messages = await this.#gather(mapping, signal);
    if (messages.length === 0) return;
    const work = this.#handle(mapping, messages, signal)
      .catch((error: unknown) =>
        this.#lambda.target.log(`A batch of ${this.#place.arn} failed: ${String(error)}`),
      )
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  /** A batch: as many as it may have, or what has come when its window ends. */
  async #gather({ settings }: MappingDocument, signal: AbortSignal): Promise<Message[]> {
    const { BatchSize, MaximumBatchingWindowInSeconds: window = 0 } = settings;
    const batch = await this.#receive(BatchSize, longestWaitSeconds, signal);
    const end = this.#now() + window * 1000;
    while (batch.length > 0 && batch.length < BatchSize && this.#now() < end && !signal.aborted) {
      const left = Math.ceil((end - this.#now()) / 1000);
      // One after the other: each takes what the ones before left.
      const more = await this.#receive(
        BatchSize - batch.length,
        Math.min(left, longestWaitSeconds),
        signal,
      );
      batch.push(...more);
    }
    return batch;
  }

  async #receive(most: number, WaitTimeSeconds: number, signal: AbortSignal): Promise<Message[]> {
    const { Messages = [] } = await this.#sqs<{ Messages?: Message[] }>(
      "ReceiveMessage",
      {
        MaxNumberOfMessages: Math.min(10, most),
        WaitTimeSeconds,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      },
      signal,
    );
    return Messages;
  }

  /** What filters leave out is deleted; the rest is given to the function, in as many pieces as its payload needs. */
  async #handle(
    mapping: MappingDocument,
    messages: readonly Message[],
    signal: AbortSignal,
  ): Promise<void> {
    const { arn, region } = this.#place;
    const items = messages.map((message) => ({
      message,
      record: queueRecord(message, arn, region),
    }));
    const wanted = items.filter(({ record }) => passes(record, mapping.settings));
    await this.#remove(items.filter((item) => !wanted.includes(item)));
    for (const part of parts(wanted)) {
      // In their order
      await this.#deliver(mapping, part, signal);
    }
  }

  async #deliver(
    mapping: MappingDocument,
    items: readonly Item[],
    signal: AbortSignal,
  ): Promise<void> {
    const result = await this.#invoke(mapping, items, signal);
    // They come back when they are visible again.
    if (!result || result.errorType !== undefined) return;
    const reports = mapping.settings.FunctionResponseTypes?.includes("ReportBatchItemFailures");
    const ids = new Set(items.map(({ message }) => message.MessageId ?? ""));
    const failed = reports ? failedItems(result.payload, ids) : new Set<string>();
    if (failed === "all") return;
    await this.#remove(items.filter(({ message }) => !failed.has(message.MessageId ?? "")));
  }

  /** undefined: the function could not be called while the messages were hidden. */
  async #invoke(
    { functionName, qualifier }: MappingDocument,
    items: readonly Item[],
    signal: AbortSignal,
  ): Promise<InvocationResult | undefined> {
    const payload = Buffer.from(JSON.stringify({ Records: items.map(({ record }) => record) }));
    const end = this.#now() + (await this.#hiddenMs());
    for (let refusals = 0; this.#now() < end; refusals += 1) {
      const call = { ...ownCall(this.#lambda.target, this.#place.region), requestId: randomUUID() };
      try {
        const route = this.#routes.find({ FunctionName: functionName, Qualifier: qualifier }, call);
        const { requestId } = call;
        const invocation = {
          requestId,
          payload,
          functionArn: route.arn,
          timeoutMs: route.timeoutMs,
        };
        return await runFunction(route, { ...invocation, clientContext: undefined });
      } catch (error) {
        if (!(error instanceof ServiceError) || signal.aborted) throw error;
        await this.#pause(refusals, signal);
      }
    }
    return undefined;
  }

  async #hiddenMs(): Promise<number> {
    const { Attributes } = await this.#sqs<{ Attributes?: Record<string, string> }>(
      "GetQueueAttributes",
      { AttributeNames: ["VisibilityTimeout"] },
    );
    return Number(Attributes?.["VisibilityTimeout"] ?? 0) * 1000;
  }

  async #remove(items: readonly Item[]): Promise<void> {
    for (let start = 0; start < items.length; start += 10) {
      const Entries = items.slice(start, start + 10).map(({ message }, index) => ({
        Id: String(index),
        ReceiptHandle: message.ReceiptHandle,
      }));
      // Ten at a time is what SQS takes.
      await this.#sqs("DeleteMessageBatch", { Entries });
    }
  }

  #sqs<Output extends object>(
    operation: string,
    input: object,
    signal?: AbortSignal,
  ): Promise<Output> {
    const { target } = this.#lambda;
    const call = ownCall(target, this.#place.region);
    const QueueUrl = queueUrl(this.#place.arn);
    return target.call(
      "sqs",
      operation,
      { QueueUrl, ...input },
      signal ? { ...call, signal } : call,
    );
  }

  #mapping(): MappingDocument | undefined {
    const document = this.#lambda.store.mappings.get(this.#place.region, this.#place.uuid);
    return document?.state === "Enabled" ? document : undefined;
  }

  #pause(times: number, signal: AbortSignal): Promise<void> {
    const wait = Math.min(longestPauseMs, firstPauseMs * 2 ** times);
    return this.#lambda.target.clock.sleep(wait, signal);
  }

  #now(): number {
    return this.#lambda.target.clock.now().getTime();
  }
}

/** An event has at most 6 MB (Lambda developer guide, invocation-eventsourcemapping). */
function parts(items: readonly Item[]): Item[][] {
  const found: Item[][] = [];
  let size = Infinity;
  for (const item of items) {
    const own = Buffer.byteLength(JSON.stringify(item.record)) + 1;
    if (size + own > maxSyncPayload - 20) {
      found.push([]);
      size = 0;
    }
    found.at(-1)?.push(item);
    size += own;
  }
  return found;
}
