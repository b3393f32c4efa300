import { isRecord } from "../../is-record.ts";
import type { LogRecord } from "./log-record.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Lambda's own records: `{"time":…,"type":"platform.report","record":{…}}`. */
export function isPlatformRecord(record: Fields): boolean {
  return typeof record["type"] === "string" && isRecord(record["record"]);
}

/** Lambda developer guide, telemetry-schema-reference: how a platform event says that something went wrong. */
export function failedStatus(status: unknown): boolean {
  return status === "error" || status === "timeout" || status === "failure";
}

export function readPlatformRecord(record: Fields): LogRecord {
  const detail = isRecord(record["record"]) ? record["record"] : {};
  const kind = String(record["type"]).replace(/^platform\./, "");
  const isFailed = failedStatus(detail["status"]);
  return {
    level: isFailed ? "ERROR" : "INFO",
    requestId: typeof detail["requestId"] === "string" ? detail["requestId"] : "",
    message: [kind, ...facts(kind, detail)].join("  "),
    fields: [],
    stack: [],
    isPlatform: true,
    isError: false,
    ...(kind === "report" ? { end: isFailed ? "failure" : "success" } : {}),
  };
}

function facts(kind: string, detail: Fields): string[] {
  const metrics = isRecord(detail["metrics"]) ? detail["metrics"] : {};
  const { durationMs } = metrics;
  return [
    detail["status"],
    detail["errorType"],
    typeof durationMs === "number" ? `${durationMs} ms` : undefined,
    kind === "initStart" ? detail["runtimeVersion"] : undefined,
    detail["reason"],
    typeof detail["droppedRecords"] === "number" ? `${detail["droppedRecords"]} lines` : undefined,
  ].filter((fact) => typeof fact === "string");
}
