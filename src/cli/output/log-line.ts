import { isRecord } from "../../is-record.ts";
import type { LogEvent } from "../../aws/ports.ts";

/**
 * A log event for people: `12:31:07.123 INFO  3f2a91c4  message`. Lines that are not Lambda's JSON stay as they are.
 * The request's first characters tell interleaved requests apart.
 */
export function logLine(event: LogEvent): string {
  const text = event.message.trimEnd();
  const record = asRecord(text);
  const time = event.time.toISOString().slice(11, 23);
  if (!record) return `${time} ${text}`;
  if (typeof record["type"] === "string") return `${time} ${platformLine(record)}`;
  const level = typeof record["level"] === "string" ? record["level"] : "";
  const request = requestOf(record);
  return `${time} ${level.padEnd(5)} ${request.padEnd(8)}  ${messageOf(record)}`;
}

function platformLine(record: Readonly<Record<string, unknown>>): string {
  const detail = isRecord(record["record"]) ? record["record"] : {};
  const kind = String(record["type"]).replace(/^platform\./, "");
  const metrics = isRecord(detail["metrics"]) ? detail["metrics"] : {};
  const facts = [
    typeof detail["status"] === "string" ? detail["status"] : undefined,
    typeof metrics["durationMs"] === "number" ? `${metrics["durationMs"]} ms` : undefined,
  ].filter((fact) => fact !== undefined);
  return `${kind.padEnd(5)} ${requestOf(detail).padEnd(8)}  ${facts.join(", ")}`.trimEnd();
}

function requestOf(record: Readonly<Record<string, unknown>>): string {
  const id = record["requestId"];
  return typeof id === "string" ? id.slice(0, 8) : "";
}

/** The message, and what else the line carries that a reader needs: an error with its stack, further fields. */
function messageOf(record: Readonly<Record<string, unknown>>): string {
  const { message, errorType, errorMessage, stackTrace, timestamp, level, requestId, ...rest } =
    record;
  void [timestamp, level, requestId];
  const said =
    typeof message === "string" ? message : message === undefined ? "" : JSON.stringify(message);
  const error = [errorType, errorMessage].filter((part) => typeof part === "string").join(": ");
  const stack = Array.isArray(stackTrace)
    ? stackTrace.map((line) => `\n    ${String(line).trim()}`).join("")
    : "";
  const others = Object.keys(rest).length === 0 ? "" : JSON.stringify(rest);
  return [said, error, others].filter((part) => part !== "").join("  ") + stack;
}

function asRecord(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    // A line of the function's own that only begins like JSON.
    return undefined;
  }
}
