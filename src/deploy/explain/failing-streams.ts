import type { LogEvent } from "../../aws/ports.ts";
import { isRecord } from "../../is-record.ts";

/**
 * The part of a log that tells of a start that failed, in the order in which it is to be looked at: environments whose
 * init failed, then such as began in this time, then all. Each environment has a log stream of its own. What names a
 * request is left out everywhere: the version before goes on answering, and its errors are no cause.
 */
export function startsFirst(events: readonly LogEvent[]): readonly (readonly LogEvent[])[] {
  const failing = new Set<string>();
  const fresh = new Set<string>();
  const others: LogEvent[] = [];
  for (const event of events) {
    const record = recordIn(event.message);
    if (record?.["type"] === "platform.initStart") fresh.add(event.logStream);
    if (isFailedInit(record)) failing.add(event.logStream);
    if (!namesRequest(event.message, record)) others.push(event);
  }
  return [
    others.filter(({ logStream }) => failing.has(logStream)),
    others.filter(({ logStream }) => fresh.has(logStream)),
    others,
  ];
}

/** Lambda developer guide, telemetry-schema-reference, platform.initReport. */
function isFailedInit(record: Readonly<Record<string, unknown>> | undefined): boolean {
  if (record?.["type"] !== "platform.initReport" || !isRecord(record["record"])) return false;
  return record["record"]["status"] !== "success";
}

/**
 * Fields of the managed runtimes' JSON logs and of the platform's records; in text, a column of its own. While it starts,
 * a runtime writes another word there, or nothing.
 */
function namesRequest(
  message: string,
  record: Readonly<Record<string, unknown>> | undefined,
): boolean {
  if (record === undefined) return /\bRequestId: [0-9a-f-]{36}|\t[0-9a-f-]{36}\t/.test(message);
  const ofPlatform = isRecord(record["record"]) ? record["record"]["requestId"] : undefined;
  return [record["requestId"], record["AWSRequestId"], ofPlatform].some(
    (id) => typeof id === "string" && /^[0-9a-f-]{36}$/i.test(id),
  );
}

export function recordIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
