import type { InvocationResult } from "../../runtime/invocation.ts";
import type { CallContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import type { Collection } from "../../state.ts";
import type { Condition } from "./event-destination.ts";
import { EventDestination } from "./event-destination.ts";
import type { EventDocument, NewEvent } from "./event-document.ts";
import { latestPublished } from "./documents.ts";
import { eventSettings } from "./event-settings.ts";
import { findVersion } from "./function-lookup.ts";
import { runFunction } from "./function-run.ts";
import type { Route, Routes } from "./invoke-route.ts";
import type { LambdaContext } from "./lambda-context.ts";
import { ownCall } from "./lambda-context.ts";

/** After an error of the function: one minute, then two (Lambda developer guide, invocation-async-error-handling). */
const retryDelaysMs = [60_000, 120_000] as const;
/** After a throttle or an error of the service: from 1 s, doubled up to 5 min, until the event is too old (there). */
const firstBackoffMs = 1000;
const longestBackoffMs = 300_000;

/** Asynchronous invokes: kept before they are acknowledged, run at least once, tried again as AWS does. */
export class EventQueue {
  readonly #lambda: LambdaContext;
  readonly #routes: Routes;
  readonly #closing: AbortSignal;
  /** Not among the collections of the store: routes stay known while events come and go. */
  readonly #events: Collection<EventDocument>;
  readonly #destination: EventDestination;
  readonly #work = new Set<Promise<void>>();

  constructor(lambda: LambdaContext, routes: Routes, closing: AbortSignal) {
    this.#lambda = lambda;
    this.#routes = routes;
    this.#closing = closing;
    this.#events = lambda.target.state.collection("lambda.event-invokes");
    this.#destination = new EventDestination(lambda.target, (event) => this.accept(event));
  }

  /** Takes an event; what this has returned from survives a restart. */
  accept(event: NewEvent): void {
    const { region, functionName, qualifier, requestId, payload, clientContext } = event;
    const acceptedAt = this.#now();
    this.#put(region, {
      functionName,
      ...(qualifier === undefined ? {} : { qualifier }),
      requestId,
      payload: Buffer.from(payload).toString("base64"),
      ...(clientContext === undefined ? {} : { clientContext }),
      acceptedAt,
      dueAt: acceptedAt,
      failures: 0,
      refusals: 0,
    });
    this.#start(region, requestId);
  }

  /** After a restart: goes on with what was acknowledged. */
  resume(): void {
    for (const { region, id } of this.#events.entries()) this.#start(region, id);
  }

  /** Once nothing runs any more; what is not done is taken up at the next start. */
  async close(): Promise<void> {
    await Promise.all(this.#work);
  }

  #start(region: string, id: string): void {
    const { log } = this.#lambda.target;
    const work = this.#run(region, id)
      .catch((error: unknown) =>
        log(`The asynchronous invoke ${id} waits for the next start: ${String(error)}`),
      )
      .finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  async #run(region: string, id: string): Promise<void> {
    for (;;) {
      const event = this.#events.get(region, id);
      if (!event) return;
      await this.#until(region, event);
      if (this.#closing.aborted) return;
      const expired = this.#now() >= this.#expiry(region, event);
      const ended = expired
        ? await this.#end(region, event, "EventAgeExceeded")
        : await this.#attempt(region, event);
      if (ended || this.#closing.aborted) return;
    }
  }

  /** Waits until an event is due, or too old. */
  async #until(region: string, event: EventDocument): Promise<void> {
    const wait = Math.min(event.dueAt, this.#expiry(region, event)) - this.#now();
    if (wait > 0) await this.#lambda.target.clock.sleep(wait, this.#closing);
  }

  /** Whether the event is done. */
  async #attempt(region: string, event: EventDocument): Promise<boolean> {
    const call = { ...ownCall(this.#lambda.target, region), requestId: event.requestId };
    let route: Route;
    let result: InvocationResult;
    try {
      route = this.#route(event, call);
      result = await runFunction(route, {
        requestId: event.requestId,
        payload: Buffer.from(event.payload, "base64"),
        functionArn: route.arn,
        timeoutMs: route.timeoutMs,
        clientContext: event.clientContext,
      });
    } catch (error) {
      return this.#refused(region, event, error);
    }
    if (result.errorType === undefined)
      return this.#end(region, event, "Success", { route, result });
    // Its environment may have been ended with the target, and not by the function: it runs again.
    if (this.#closing.aborted) return false;
    return this.#failed(region, event, { route, result });
  }

  #route({ functionName, qualifier }: EventDocument, call: CallContext): Route {
    return this.#routes.find({ FunctionName: functionName, Qualifier: qualifier }, call);
  }

  /** Deleted functions lose their events; everything else may pass. */
  async #refused(region: string, event: EventDocument, error: unknown): Promise<boolean> {
    if (this.#closing.aborted) return false;
    if (error instanceof ServiceError && error.code === "ResourceNotFoundException")
      return this.#events.delete(region, event.requestId);
    const backoff = Math.min(longestBackoffMs, firstBackoffMs * 2 ** event.refusals);
    this.#put(region, {
      ...event,
      refusals: event.refusals + 1,
      dueAt: this.#now() + backoff,
    });
    return false;
  }

  async #failed(
    region: string,
    event: EventDocument,
    last: { readonly route: Route; readonly result: InvocationResult },
  ): Promise<boolean> {
    const { retries } = this.#settings(region, event);
    const failed = { ...event, failures: event.failures + 1 };
    const delay = retryDelaysMs[event.failures];
    if (event.failures >= retries || delay === undefined)
      return this.#end(region, failed, "RetriesExhausted", last);
    this.#put(region, { ...failed, dueAt: this.#now() + delay });
    return false;
  }

  /** Tells the destination, if there is one, and forgets the event. */
  async #end(
    region: string,
    event: EventDocument,
    condition: Condition,
    last?: { readonly route: Route; readonly result: InvocationResult },
  ): Promise<true> {
    const { destinations } = this.#settings(region, event);
    const { OnSuccess, OnFailure } = destinations;
    const arn = (condition === "Success" ? OnSuccess : OnFailure)?.Destination;
    const ended = { region, event, condition, last };
    if (arn) await this.#destination.tell(arn, ended);
    const grave = condition === "Success" ? undefined : this.#deadLetters(region, event);
    if (grave) await this.#destination.bury(grave, ended);
    this.#events.delete(region, event.requestId);
    return true;
  }

  #deadLetters(region: string, { functionName, qualifier }: EventDocument): string | undefined {
    const call = ownCall(this.#lambda.target, region);
    const version = findVersion(this.#lambda, functionName, qualifier ?? latestPublished, call);
    return version?.configuration.DeadLetterConfig?.TargetArn;
  }

  #put(region: string, event: EventDocument): void {
    this.#events.put(region, event.requestId, event);
  }

  #settings(region: string, { functionName, qualifier }: EventDocument) {
    return eventSettings(this.#lambda.store, region, functionName, qualifier);
  }

  #expiry(region: string, event: EventDocument): number {
    return event.acceptedAt + this.#settings(region, event).maxAgeMs;
  }

  #now(): number {
    return this.#lambda.target.clock.now().getTime();
  }
}
