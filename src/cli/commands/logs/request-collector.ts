import type { TimelineEvent } from "../../../aws/ports.ts";
import type { LogRecord } from "../../output/log-record.ts";

/** A line with what it says. */
export interface ReadLine {
  readonly event: TimelineEvent;
  readonly record: LogRecord;
}

export interface CollectorOptions {
  /** Only requests that failed or timed out, and no lines that belong to none. */
  readonly failedOnly: boolean;
  /** Lines that are held at most, about 1 kB each. */
  readonly limit?: number;
}

interface OpenRequest {
  readonly id: string;
  readonly lines: ReadLine[];
  /** The runtime said that the handler failed. */
  hasError: boolean;
  end?: { readonly result: "success" | "failure"; readonly time: number; readonly seenAt: number };
}

/** Lines of other streams that came together with the end of a request may still belong to it. */
const settleMs = 500;
/** And so long, by this machine's clock, where nothing else comes. */
const idleMs = 1500;
/** No request takes longer: asynchronous ones 90 minutes (AWS What's New, 2026-09, "aws-lambda-90-minute-function"). */
const longestMs = 91 * 60_000;
const usualLimit = 50_000;

/** Holds the lines of requests until these end, so that a request's lines stand together. */
export class RequestCollector {
  readonly #options: CollectorOptions;
  /** In the order of their first lines. */
  readonly #open = new Map<string, OpenRequest>();
  #held = 0;
  #latest = 0;
  #letGo = 0;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** Lines that nobody will see, because too many were held at once. */
  get letGo(): number {
    return this.#letGo;
  }

  /** Takes a line. Resulting groups of lines can be shown now, each of one request or of none. */
  add(line: ReadLine, now: number): ReadLine[][] {
    this.#latest = Math.max(this.#latest, line.event.time);
    const id = line.record.requestId;
    if (id === "") return this.#options.failedOnly ? [] : [[line]];
    this.#hold(id, line, now);
    return this.#held > (this.#options.limit ?? usualLimit) ? this.#giveUpFirst() : [];
  }

  /** Requests that have ended long enough ago, or will not end any more. */
  ended(now: number): ReadLine[][] {
    const done = [...this.#open.values()].filter(
      ({ end, lines }) =>
        (end !== undefined &&
          (this.#latest >= end.time + settleMs || now - end.seenAt >= idleMs)) ||
        this.#latest - (lines[0]?.event.time ?? 0) > longestMs,
    );
    return done.flatMap((request) => this.#close(request));
  }

  /** What is left when there is nothing more to read. */
  rest(): ReadLine[][] {
    return [...this.#open.values()].flatMap((request) => this.#close(request));
  }

  #hold(id: string, line: ReadLine, now: number): void {
    let request = this.#open.get(id);
    if (request === undefined) {
      request = { id, lines: [], hasError: false };
      this.#open.set(id, request);
    }
    request.lines.push(line);
    this.#held += 1;
    const { record, event } = line;
    if (record.isError) request.hasError = true;
    if (record.end !== undefined)
      request.end = { result: record.end, time: event.time, seenAt: now };
  }

  #close(request: OpenRequest): ReadLine[][] {
    this.#open.delete(request.id);
    this.#held -= request.lines.length;
    const failed = request.end === undefined ? request.hasError : request.end.result === "failure";
    return !this.#options.failedOnly || failed ? [request.lines] : [];
  }

  /** The request that has been open the longest; what comes of it later stands by itself. */
  #giveUpFirst(): ReadLine[][] {
    for (const request of this.#open.values()) {
      const shown = this.#close(request);
      if (shown.length === 0 && request.end === undefined) this.#letGo += request.lines.length;
      return shown;
    }
    return [];
  }
}
