import { randomUUID } from "node:crypto";
import type {
  LiveTailSessionLogEvent,
  StartLiveTailRequest,
  StartLiveTailResponseStream,
} from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext, Operation, TargetContext } from "../../service.ts";
import { parseFilterPattern } from "./filter-pattern.ts";
import type { NewLogEvent } from "./log-event-store.ts";
import { groupArn, groupKey, type LogGroups } from "./log-groups.ts";
import { invalidParameter } from "./logs-errors.ts";

/** Source of limits: CloudWatch Logs API reference, StartLiveTail. */
const maxUpdateEvents = 500;
const updateEveryMs = 1000;
const maxGroups = 10;
const sessionMs = 3 * 3_600_000;

type Listener = (stream: string, events: readonly NewLogEvent[], ingested: number) => void;

/** Hands what PutLogEvents accepts to those who watch. */
export class LiveTail {
  readonly #listeners = new Map<string, Set<Listener>>();

  publish(group: string, stream: string, events: readonly NewLogEvent[], ingested: number): void {
    for (const listener of this.#listeners.get(group) ?? []) listener(stream, events, ingested);
  }

  watch(group: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(group) ?? new Set();
    this.#listeners.set(group, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(group);
    };
  }
}

export function liveTailOperations(
  target: TargetContext,
  groups: LogGroups,
  tail: LiveTail,
): Record<string, Operation> {
  return {
    async StartLiveTail(input: StartLiveTailRequest, context: CallContext) {
      const identifiers = input.logGroupIdentifiers ?? [];
      if (identifiers.length === 0 || identifiers.length > maxGroups) {
        throw invalidParameter(`Live tail takes between 1 and ${maxGroups} log group identifiers.`);
      }
      if (identifiers.some((identifier) => !identifier.startsWith("arn:"))) {
        throw invalidParameter("logGroupIdentifiers must be ARNs of log groups.");
      }
      const names = identifiers.map((identifier) => groups.find(context, identifier).name);
      const session = new LiveTailSession(target, input);
      const stops = names.map((name) =>
        tail.watch(groupKey(context, name), (...arrived) =>
          session.add(groupArn(context, name), ...arrived),
        ),
      );
      return { responseStream: session.run(context.signal, () => stops.forEach((stop) => stop())) };
    },
  };
}

/** Collects matching events and sends them once a second, or at once when they come after a quiet time. */
class LiveTailSession {
  readonly #target: TargetContext;
  readonly #input: StartLiveTailRequest;
  readonly #wanted: (stream: string, message: string) => boolean;
  #waiting: LiveTailSessionLogEvent[] = [];
  #sampled = false;
  #wake: () => void = () => {};

  constructor(target: TargetContext, input: StartLiveTailRequest) {
    this.#target = target;
    this.#input = input;
    const matches = parseFilterPattern(input.logEventFilterPattern);
    const { logStreamNames: names, logStreamNamePrefixes: prefixes } = input;
    this.#wanted = (stream, message) =>
      (names?.includes(stream) ?? true) &&
      (prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true) &&
      matches(message);
  }

  add(arn: string, stream: string, events: readonly NewLogEvent[], ingestionTime: number): void {
    for (const { timestamp, message } of events) {
      if (!this.#wanted(stream, message)) continue;
      if (this.#waiting.length >= maxUpdateEvents) this.#sampled = true;
      else
        this.#waiting.push({
          logGroupIdentifier: arn,
          logStreamName: stream,
          timestamp,
          message,
          ingestionTime,
        });
    }
    if (this.#waiting.length > 0) this.#wake();
  }

  async *run(signal: AbortSignal, stop: () => void): AsyncGenerator<StartLiveTailResponseStream> {
    const { clock } = this.#target;
    const ends = clock.now().getTime() + sessionMs;
    try {
      yield this.#start();
      while (!signal.aborted && clock.now().getTime() < ends) {
        // One update after the other
        await this.#pause(signal);
        if (!signal.aborted) yield this.#update();
      }
    } finally {
      stop();
    }
  }

  #start(): StartLiveTailResponseStream {
    const { logGroupIdentifiers, logStreamNames, logStreamNamePrefixes, logEventFilterPattern } =
      this.#input;
    return {
      sessionStart: {
        requestId: randomUUID(),
        sessionId: randomUUID(),
        logGroupIdentifiers,
        logStreamNames,
        logStreamNamePrefixes,
        logEventFilterPattern,
      },
    };
  }

  #update(): StartLiveTailResponseStream {
    const update = { sessionMetadata: { sampled: this.#sampled }, sessionResults: this.#waiting };
    this.#waiting = [];
    this.#sampled = false;
    return { sessionUpdate: update };
  }

  /** Until something waits, at most a second; an update without events shows that the session lives. */
  async #pause(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length > 0) return;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await this.#target.clock.sleep(updateEveryMs, AbortSignal.any([signal, woken.signal]));
    this.#wake = () => {};
  }
}
