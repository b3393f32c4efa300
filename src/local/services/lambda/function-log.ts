import type { LogSink } from "../../runtime/environment-log.ts";
import type { TargetContext } from "../../service.ts";
import { ServiceError } from "../../service-error.ts";
import { ownCall } from "./lambda-context.ts";

interface Line {
  readonly timestamp: number;
  readonly message: string;
}

/** Lines wait this long for company. */
const flushAfterMs = 50;
/** PutLogEvents: 10,000 events, and 1,048,576 bytes of UTF-8 with 26 for each event (CloudWatch Logs API reference). */
const maxBatchEvents = 5000;
const maxBatchBytes = 1_000_000;
const eventOverhead = 26;
/** A longer message goes on in the next event. */
const maxMessageBytes = maxBatchBytes - eventOverhead;
/** More than this waiting means that the writer is far faster than the store: the rest is dropped, and said so. */
const maxWaiting = 200_000;

/** Writes one log stream, in batches; makes group and stream when they are missing. */
export class LogStreamWriter implements LogSink {
  readonly #target: TargetContext;
  readonly #region: string;
  readonly #group: string;
  readonly #stream: string;
  #waiting: Line[] = [];
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #closing = false;

  constructor(target: TargetContext, place: { region: string; group: string; stream: string }) {
    this.#target = target;
    this.#region = place.region;
    this.#group = place.group;
    this.#stream = place.stream;
  }

  append(message: string): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#dropped += 1;
      return;
    }
    this.#existed ??= this.#isThere();
    const timestamp = Date.now();
    for (const part of partsOf(message)) this.#waiting.push({ timestamp, message: part });
    if (this.#writing || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, flushAfterMs);
    this.#timer.unref();
  }

  /** Writes what waits; one write at a time. Log trouble is told in the target's log: it never fails a request. */
  async flush(): Promise<void> {
    this.#writing ??= this.#writeAll()
      .catch((error: unknown) =>
        this.#target.log(`Log events for ${this.#group} were lost: ${String(error)}`),
      )
      .finally(() => {
        this.#writing = undefined;
      });
    await this.#writing;
    if (this.#waiting.length > 0) await this.flush();
  }

  /** Writes what is left, but does not bring back a log group that was deleted meanwhile. */
  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.flush();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (this.#dropped > 0) {
        this.#waiting.push({ timestamp: Date.now(), message: droppedRecord(this.#dropped) });
        this.#dropped = 0;
      }
      const batch = this.#takeBatch();
      await this.#put(batch);
    }
  }

  #takeBatch(): Line[] {
    let bytes = 0;
    let count = 0;
    for (const line of this.#waiting) {
      bytes += Buffer.byteLength(line.message) + eventOverhead;
      if (count > 0 && (bytes > maxBatchBytes || count >= maxBatchEvents)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #put(logEvents: readonly Line[]): Promise<void> {
    try {
      await this.#call("PutLogEvents", { logStreamName: this.#stream, logEvents });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== "ResourceNotFoundException")
        throw error;
      if (this.#closing && (await this.#wasThere())) return this.#putIfThere(logEvents);
      await this.#create();
      await this.#call("PutLogEvents", { logStreamName: this.#stream, logEvents });
    }
  }

  #created = false;
  #existed: Promise<boolean> | undefined;

  async #create(): Promise<void> {
    await this.#callUnlessThere("CreateLogGroup", {});
    await this.#callUnlessThere("CreateLogStream", { logStreamName: this.#stream });
    this.#created = true;
  }

  /** Whether the group was there since this writer began: where it is not any more, somebody deleted it. */
  async #wasThere(): Promise<boolean> {
    return this.#created || (await this.#existed) === true;
  }

  async #isThere(): Promise<boolean> {
    try {
      await this.#call("ListTagsLogGroup", {});
      return true;
    } catch {
      return false;
    }
  }

  /** The first lines of a short life, into a stream that is yet to be made. */
  async #putIfThere(logEvents: readonly Line[]): Promise<void> {
    try {
      await this.#callUnlessThere("CreateLogStream", { logStreamName: this.#stream });
      await this.#call("PutLogEvents", { logStreamName: this.#stream, logEvents });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== "ResourceNotFoundException")
        throw error;
    }
  }

  async #callUnlessThere(operation: string, input: object): Promise<void> {
    try {
      await this.#call(operation, input);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== "ResourceAlreadyExistsException")
        throw error;
    }
  }

  #call(operation: string, input: object): Promise<object> {
    return this.#target.call(
      "logs",
      operation,
      { logGroupName: this.#group, ...input },
      ownCall(this.#target, this.#region),
    );
  }
}

function partsOf(message: string): string[] {
  // No UTF-16 unit takes more than three bytes: most lines need no counting.
  if (message.length * 3 <= maxMessageBytes) return [message];
  const bytes = Buffer.from(message);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + maxMessageBytes, bytes.length);
    // A character is not cut: its further bytes are 10xxxxxx.
    while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    parts.push(bytes.toString("utf8", start, end));
    start = end;
  }
  return parts;
}

function droppedRecord(count: number): string {
  return JSON.stringify({
    time: new Date().toISOString(),
    type: "platform.logsDropped",
    record: {
      reason: "Lines were written faster than they could be stored",
      droppedRecords: count,
    },
  });
}
